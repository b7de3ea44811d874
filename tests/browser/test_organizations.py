"""Organizations in a real browser: filled in from the register, joined; by keyboard and without scripts."""

import pytest
from playwright.sync_api import expect

from organizers.enums import MembershipRole
from organizers.models import Organization
from tests import factories
from tests.browser.test_keyboard import press_until, tab_to
from tests.organizers.company_register import FORGE, company, company_register, establishment

pytestmark = pytest.mark.browser

DETAILS = "/espace/organisation-nouvelle/fiche/"
FOUND = "Fiche remplie d’après le registre des entreprises. Corrigez ce qui est faux."
SCIERIE = "73282932000074"


@pytest.fixture
def register(settings):
    with company_register() as running:
        settings.COMPANY_REGISTER_URL = running.url
        running.companies[SCIERIE] = company(
            establishment(SCIERIE, libelle_voie="DU BOIS", numero_voie="3", indice_repetition=None),
            nom_raison_sociale="SCIERIE DURAND",
        )
        yield running


def test_siret_fills_the_form_in_place_and_leaves_what_was_typed(season, open_page, register):
    factories.commune()
    page = open_page(factories.user())
    page.goto(DETAILS)
    name, street = page.get_by_label("Nom de l’organisation"), page.get_by_label("Numéro et rue du siège")
    page.get_by_label("Site internet").fill("https://example.org")
    page.get_by_label("SIRET").fill(FORGE)
    page.get_by_label("SIRET").press("Tab")
    expect(page.get_by_role("status")).to_have_text(FOUND)
    expect(name).to_have_value("FONDERIE DU LION")
    expect(page.get_by_label("Type")).to_have_value("entreprise")
    expect(page.get_by_label("Commune du siège")).to_have_value("Belfort")
    expect(page.get_by_label("Site internet")).to_have_value("https://example.org")
    # Another number: what the register wrote is replaced, what was corrected by hand stays.
    name.fill("Scierie Durand et fils")
    page.get_by_label("SIRET").fill(SCIERIE)
    page.get_by_label("SIRET").press("Tab")
    expect(street).to_have_value("3 RUE DU BOIS")
    expect(name).to_have_value("Scierie Durand et fils")
    page.get_by_role("button", name="Créer l’organisation").click()
    expect(page.get_by_role("status")).to_contain_text("« Scierie Durand et fils » est créée.")
    assert Organization.objects.get().address == "3 RUE DU BOIS"


def test_form_filled_by_the_server_is_filled_again_for_another_siret(season, open_page, register):
    page = open_page(factories.user())
    page.goto(f"{DETAILS}?siret={FORGE}")
    expect(page.get_by_role("status")).to_have_text(FOUND)
    page.get_by_label("SIRET").fill(SCIERIE)
    page.get_by_label("SIRET").press("Tab")
    expect(page.get_by_label("Nom de l’organisation")).to_have_value("SCIERIE DURAND")


def test_register_that_fails_is_said_and_nothing_is_lost(season, open_page, register):
    register.answer = lambda request: request.say(b"", status=500)
    page = open_page(factories.user())
    page.goto(DETAILS)
    page.get_by_label("Nom de l’organisation").fill("Fonderie Martin")
    page.get_by_label("SIRET").fill(FORGE)
    page.get_by_label("SIRET").press("Tab")
    expect(page.get_by_role("status")).to_have_text(
        "Le registre des entreprises ne répond pas. Remplissez la fiche à la main."
    )
    expect(page.get_by_label("Nom de l’organisation")).to_have_value("Fonderie Martin")


def test_organization_is_created_in_two_steps_without_scripts(season, open_page, register):
    factories.commune()
    known = factories.organization(factories.user(), name="Fonderie du Lyon", slug="lyon")
    page = open_page(factories.user(), java_script_enabled=False)
    page.goto("/espace/organisation/")
    page.get_by_role("main").get_by_role("link", name="Ajouter une organisation").click()
    page.get_by_label("SIRET").fill("552 081 317 66522")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("status")).to_have_text(FOUND)
    expect(page.get_by_label("Commune du siège")).to_have_value("Belfort")
    page.get_by_role("button", name="Créer l’organisation").click()
    expect(page.get_by_role("heading", name="Elle existe peut-être déjà")).to_be_visible()
    expect(page.get_by_role("link", name="Rejoindre « Fonderie du Lyon »")).to_have_attribute(
        "href", f"/espace/organisation/{known.slug}/rejoindre/"
    )
    page.get_by_role("button", name="Créer quand même l’organisation").click()
    expect(page.get_by_role("status")).to_contain_text("« FONDERIE DU LION » est créée.")


def test_person_asks_and_is_let_in_by_keyboard(season, open_page):
    owner, camille = factories.user(), factories.user()
    home = factories.organization(owner, name="Fonderie Martin", slug="martin")
    page = open_page(camille)
    page.goto("/espace/organisation/martin/rejoindre/")
    press_until(page, "message")
    page.keyboard.type("Service formation")
    press_until(page, "Envoyer la demande")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Votre demande est envoyée")

    page = open_page(owner)
    page.goto("/espace/organisation/")
    press_until(page, "Fonderie Martin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fonderie Martin")
    tab_to(page, page.get_by_role("link", name=f"Répondre à {camille}"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Service formation")).to_be_visible()
    press_until(page, "Accepter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Votre réponse est envoyée")
    assert home.memberships.get(user=camille).role == MembershipRole.EDITOR
