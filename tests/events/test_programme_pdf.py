"""The programme to print, read back by other libraries than the one that makes it."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pypdfium2
import pytest
import time_machine
import zxingcpp

from events import workflow
from events.exports import programme_pdf
from tests import factories
from tests.events.test_kit_files import HOSTILE, letters

pytestmark = pytest.mark.django_db

AT = datetime(2025, 11, 18, 8, tzinfo=UTC)
ONLINE = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "commune_code": None}
HERE = "/territoires/r27/d90.pdf"


@pytest.fixture(autouse=True)
def _tuesday(db):
    factories.edition()
    with time_machine.travel(AT, tick=False):
        yield


def read(client, address: str) -> pypdf.PdfReader:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(BytesIO(response.content))


def text_of(reader) -> str:
    return letters("".join(page.extract_text() for page in reader.pages))


def codes_in(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    pictures = [page.render(scale=3).to_pil() for page in document]
    document.close()
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def titles_in(outline) -> list:
    return [titles_in(each) if isinstance(each, list) else each.title for each in outline]


def some_days() -> None:
    factories.labelled(title="Forum de Lille", commune_code="59350", slots=[factories.slot("2025-11-20")])
    factories.labelled(title="Visite de Belfort", slots=[factories.slot("2025-11-20")])
    factories.labelled(title="Visite de jeudi", slots=[factories.slot("2025-11-19")])
    factories.labelled(title="Webinaire", **ONLINE, slots=[factories.slot("2025-11-20")])
    factories.labelled(title="Déjà finie", slots=[factories.slot("2025-11-17")])
    factories.submitted(title="Pas encore")


def test_pdf_is_tagged_french_and_has_bookmarks_by_day_and_commune(client):
    some_days()
    reader = read(client, "/programme.pdf")
    root = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("fr-FR", True, True)
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", root["/Metadata"].get_data().decode()) == ["1"]
    assert titles_in(reader.outline) == [
        "Programme",
        "Mercredi 19 novembre 2025",
        ["Belfort (Territoire de Belfort)", ["Visite de jeudi"]],
        "Jeudi 20 novembre 2025",
        [
            "Belfort (Territoire de Belfort)",
            ["Visite de Belfort"],
            "Lille (Nord)",
            ["Forum de Lille"],
            "En ligne",
            ["Webinaire"],
        ],
    ]
    assert reader.metadata.title == "Programme 2025, Toute la France – Semaine de l’industrie"
    assert f"Page1sur{len(reader.pages)}" in text_of(reader)


def test_pdf_shows_what_the_page_shows_for_the_same_filters(client):
    some_days()
    for query in (
        "",
        "?passes=oui",
        "?departement=90",
        "?mode=en-ligne",
        "?q=visite&passes=oui",
        "?public=etudiants",
    ):
        shown = {card.title for card in client.get(f"/programme/{query}").context["results"].cards}
        text = text_of(read(client, f"/programme.pdf{query}"))
        titles = [
            "Forum de Lille",
            "Visite de Belfort",
            "Visite de jeudi",
            "Webinaire",
            "Déjà finie",
            "Pas encore",
        ]
        assert {title for title in titles if letters(title) in text} == shown


def test_codes_lead_to_the_pages_of_the_events(client):
    some_days()
    response = client.get(HERE)
    paths = ["visite-de-jeudi", "visite-de-belfort"]
    assert codes_in(response.content) == [f"http://testserver/evenements/2025/{path}/" for path in paths]


def test_pdf_of_a_territory_has_its_figures_and_tells_of_what_is_online(client):
    some_days()
    text = text_of(read(client, HERE))
    assert letters("Territoire de Belfort (90) 2 événements 2 organisateurs 1 commune") in text
    assert (
        letters("Et 1 événement en ligne, ouvert partout : http://testserver/programme/?mode=en-ligne")
        in text
    )
    assert "Lille" not in text
    assert text_of(read(client, "/territoires/r27.pdf")).count("Visite") == 2


def test_cancelled_event_says_so(client):
    event = factories.labelled()
    workflow.cancel(event, by=event.created_by, at=AT, comment="Panne.")
    assert "Annulé" in text_of(read(client, HERE))


def test_collectivite_that_is_not_drawn_has_its_programme_too(client):
    factories.labelled(commune_code="98718", title="Atelier des îles")
    for address in ("/territoires/outre-mer/d987.pdf", "/territoires/outre-mer.pdf"):
        assert "Atelierdesîles" in text_of(read(client, address))


def test_territory_at_another_address_leads_to_its_own(client):
    factories.department()
    assert client.get("/territoires/r32/d90.pdf").url == HERE
    statuses = [
        client.get(f"/territoires/{path}.pdf").status_code for path in ("nulle-part", "r27/nulle-part")
    ]
    assert statuses == [404, 404]


def test_nothing_to_print_is_said(client):
    factories.department()
    assert letters("Aucun événement n’est au programme ici.") in text_of(read(client, HERE))


WRONG = {
    "du=hier": "Du : « hier » n’est pas une date : écrivez-la comme 2025-11-20.",
    "public=martiens": "Public : « martiens » n’est pas dans la liste. Choisissez-y une valeur.",
}


@pytest.mark.parametrize("query", WRONG)
def test_wrong_value_is_said_in_french_and_nothing_is_printed(client, query):
    response = client.get(f"/programme.pdf?{query}")
    errors = client.get(f"/programme/?{query}").context["errors"]
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().split("\n") == errors


def test_too_many_events_are_to_be_narrowed(client, monkeypatch):
    some_days()
    monkeypatch.setattr(programme_pdf, "MOST", 1)
    response = client.get("/programme.pdf?region=27")
    page = response.content.decode()
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Ce programme est trop long à imprimer" in page
    assert 'href="/programme/?region=27"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_is_that_of_no_row(client, django_assert_num_queries, rows):
    for number in range(rows):
        factories.labelled(commune_code=("90010", "59350", "97411")[number])
    with django_assert_num_queries(12):
        assert client.get("/programme.pdf").status_code == 200


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_any_title_comes_out_as_text(client, title):
    title = title[:140].strip()
    factories.labelled(title=title)
    reader = read(client, HERE)
    assert letters(title) in text_of(reader)


def test_pdf_is_made_again_once_something_changes(client):
    event = factories.labelled(title="Visite du matin")
    first = client.get(HERE)
    assert client.get(HERE).content == first.content
    workflow.withdraw(event, by=factories.national(), at=AT, comment="Erreur.")
    assert "Visitedumatin" not in text_of(read(client, HERE))


def test_contacts_are_in_no_programme(client):
    private = {"contact_name": "Nadia Discrète", "contact_email": "discrete@example.org"}
    factories.labelled(**private, contact_phone="03 84 11 22 33")
    text = text_of(read(client, HERE))
    assert [word for word in ("Nadia", "discrete@", "038411") if word in text] == []
