"""The picture of the README: `README_PICTURE=site.png` writes site.png and site-programme.png."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from events.enums import AccessMode, Audience, RegistrationKind
from tests import factories

pytestmark = pytest.mark.browser

EVENTS = [
    {
        "organizer": "Fonderie Martin",
        "title": "Visite de la fonderie",
        "summary": "Du modèle à la pièce finie : voyez couler le métal.",
        "commune_code": "90010",
        "when": (1, 9, 11),
    },
    {
        "organizer": "Ateliers du Nord",
        "title": "Job dating de la mécanique",
        "summary": "Dix minutes pour rencontrer une entreprise qui recrute.",
        "format_code": "job-dating",
        "commune_code": "59350",
        "when": (1, 14, 17),
    },
    {
        "organizer": "Verrerie de l’Oise",
        "title": "Les verriers ouvrent leurs portes",
        "summary": "Souffler, couper, polir : quatre métiers à essayer.",
        "commune_code": "02738",
        "when": (2, 10, 12),
    },
    {
        "organizer": "Sucrerie du Nord-Est",
        "title": "De la canne au sucre",
        "summary": "La sucrerie en pleine campagne, de la balance au séchoir.",
        "commune_code": "97411",
        "when": (2, 6, 8),
    },
    {
        "organizer": "Chantier naval Caraïbe",
        "title": "Une coque, trois matériaux",
        "summary": "Bois, acier, composite : comparez et touchez.",
        "commune_code": "97101",
        "when": (3, 14, 16),
    },
    {
        "organizer": "Lycée des métiers",
        "title": "Essayez la soudure sans risque",
        "summary": "Un casque, une torche virtuelle, et votre premier cordon.",
        "commune_code": "93066",
        "when": (3, 13, 16),
    },
]


@pytest.fixture
def programme(season):
    common = {
        "audience_codes": [Audience.PUPILS, Audience.EVERYONE],
        "access_mode": AccessMode.REGISTRATION,
        "registration_kind": RegistrationKind.EMAIL,
        "registration_value": "accueil@example.org",
    }
    for event in EVENTS:
        values = common | event
        organizer = factories.user()
        factories.organization(organizer, name=values.pop("organizer"))
        season.labelled(organizer, slots=[season.slot(*values.pop("when"))], **values)


@pytest.mark.parametrize(("address", "suffix"), [("/", ""), ("/programme/", "-programme")])
def test_picture_of_the_readme_shows_its_cards(programme, open_page, address, suffix):
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    expect(page.locator("main .event-card")).to_have_count(len(EVENTS))
    page.evaluate("document.fonts.ready")
    if path := os.environ.get("README_PICTURE"):
        path = Path(path)
        page.screenshot(path=path.with_stem(f"{path.stem}{suffix}"))
