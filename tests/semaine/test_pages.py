"""The pages that the law asks for: what the operator said, and plainly what is still to be said."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache

from semaine.views import MISSING
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = {
    "/accessibilite/": "Déclaration d’accessibilité",
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles et cookies",
    "/plan-du-site/": "Plan du site",
    "/labelliser/": "Comment obtenir le label",
}
LEGAL = ("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/")
OPERATOR = {
    "publisher": "Service des tests, 1 rue du Test, 75000 Paris",
    "contact": "contact@example.org",
    "director": "Camille Test",
    "host": "Hébergeur du Test",
    "privacy_contact": "dpo@example.org",
    "retention": "un an",
    "log_retention": "six mois",
    "accessibility_contact": "https://example.org/aide",
    "accessibility_date": "le 3 novembre 2026",
    "accessibility_scheme": "https://example.org/schema",
    "accessibility_plan": "https://example.org/plan",
}


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("path", PAGES)
def test_page_says_where_it_stands(client, path):
    page = client.get(path).content.decode()
    assert re.findall(r'<span aria-current="page">([^<]+)</span>', page) == [PAGES[path]]
    assert len(re.findall("<h1>", page)) == 1


def test_what_the_operator_has_not_said_is_said_to_be_missing(client):
    assert dict(django_settings.OPERATOR) == dict.fromkeys((*OPERATOR, "security_contact"), "")
    assert [words(client.get(path)).count(MISSING) for path in LEGAL] == [5, 4, 8]
    assert "doit compléter cette page avant toute mise en ligne" in words(client.get("/mentions-legales/"))


def test_what_the_operator_said_is_shown(client, settings):
    settings.OPERATOR = OPERATOR
    pages = [words(client.get(path)) for path in LEGAL]
    assert [page.count(MISSING) for page in pages] == [0, 0, 0]
    assert [name for name, value in OPERATOR.items() if not any(value in page for page in pages)] == []
    assert "doit compléter cette page" not in pages[1]
    assert 'href="mailto:dpo@example.org"' in client.get("/donnees-personnelles/").content.decode()


def test_every_word_of_the_operator_is_documented_and_passed_on():
    names = {f"OPERATOR_{name.upper()}" for name in django_settings.OPERATOR}
    for name, pattern in (
        (".env.example", r"^(OPERATOR_\w+)="),
        ("docker-compose.yml", r"^ +(OPERATOR_\w+):"),
    ):
        text = (django_settings.BASE_DIR / name).read_text()
        assert set(re.findall(pattern, text, re.MULTILINE)) == names


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("securite@example.org", "mailto:securite@example.org"),
        ("https://example.org/faille", "https://example.org/faille"),
    ],
)
def test_who_finds_a_fault_of_security_knows_whom_to_tell(client, settings, contact, told):
    settings.OPERATOR = OPERATOR | {"security_contact": contact}
    with time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False):
        answer = client.get("/.well-known/security.txt")
    assert (answer["Content-Type"], answer.content.decode()) == (
        "text/plain; charset=utf-8",
        (
            f"Contact: {told}\nExpires: 2027-05-02T00:00:00Z\nPreferred-Languages: fr, en\n"
            "Canonical: http://testserver/.well-known/security.txt\n"
        ),
    )


def test_without_a_contact_there_is_no_such_file(client):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_server_of_the_map_background_is_named(client, settings):
    assert "aucun autre site ne sait" in words(client.get("/donnees-personnelles/"))
    cache.clear()
    settings.TILE_HOST = "https://tuiles.example.org"
    page = words(client.get("/donnees-personnelles/"))
    assert ("tuiles.example.org" in page, "aucun autre site ne sait" in page) == (True, False)


def test_statement_says_what_the_law_asks(client):
    page = words(client.get("/accessibilite/"))
    for sentence in (
        "non conforme au référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.2",
        "Libre réponse 71120, 75342 Paris CEDEX 07",
        "Schéma pluriannuel",
        "Plan d’action de l’année",
        "carte interactive",
    ):
        assert sentence in page
    assert "Accessibilité : non conforme" in words(client.get("/"))


def test_site_map_leads_to_pages_that_answer(client):
    factories.edition()
    page = client.get("/plan-du-site/").content.decode()
    links = re.findall(r'href="(/[^"]*)"', page.partition("<h1>")[2].partition("</main>")[0])
    statuses = {link: client.get(link).status_code for link in links}
    # The organizers' space leads to the sign-in.
    assert statuses == dict.fromkeys(links, 200) | {"/espace/": 302}
    assert len(links) > 10


def test_page_that_leads_nowhere_offers_the_search(client):
    factories.edition()
    page = client.get("/nulle-part/")
    assert page.status_code == 404
    assert re.findall(r'<form[^>]* action="([^"]+)" role="search"', page.content.decode()) == ["/programme/"]


def test_privacy_page_tells_of_tokens_limits_and_reports(client):
    page = words(client.get("/donnees-personnelles/"))
    told = ("bilan d’un événement", "part de filles et de femmes", "un jeton, dont nous gardons une empreinte",
            "une minute au plus", "Les référents et le public ne voient que des sommes")  # fmt: skip
    assert [each for each in told if each not in page] == []
