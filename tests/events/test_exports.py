"""The programme as files: what they hold, what reads them, who may, and what it costs."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from events import workflow
from events.exports import xlsx
from events.exports.extract import Extract
from events.filters import ProgrammeFilter
from events.models import Event
from tests import factories
from tests.events.export_readers import READERS

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
FORMATS = sorted(READERS)
TYPES = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "atom": "application/atom+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
formats = pytest.mark.parametrize("extension", FORMATS)
SENTENCE = "Département : « ZZ » n’est pas dans la liste. Choisissez-y une valeur."


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def events(extension: str, query: str = "") -> list[dict]:
    return READERS[extension](Client().get(f"/programme.{extension}?{query}").getvalue())


def titles(extension: str, query: str = "") -> list[str]:
    return [event["title"] for event in events(extension, query)]


def online(**fields):
    return factories.labelled(
        commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/salle", **fields
    )


# The answer.


@formats
def test_export_is_for_every_site_and_kept_by_nobody(client, extension):
    factories.labelled()
    response = client.get(f"/programme.{extension}")
    assert response.streaming
    headers = {name: response.headers.get(name) for name in ("Content-Type", "Cache-Control", "Vary")}
    assert headers == {
        "Content-Type": TYPES[extension],
        "Cache-Control": "public, max-age=0, must-revalidate, s-maxage=1",
        "Vary": None,
    }
    assert (response.headers["Access-Control-Allow-Origin"], dict(response.cookies)) == ("*", {})
    attached = {"json": None, "atom": None}.get(
        extension, f'attachment; filename="programme-2025.{extension}"'
    )
    assert response.headers.get("Content-Disposition") == attached


@formats
def test_export_that_did_not_change_is_not_sent_again(client, django_assert_num_queries, extension):
    event = factories.labelled()
    address = f"/programme.{extension}"
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    with django_assert_num_queries(1):
        answer = client.get(address, headers=known)
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(f"{address}?pirate=1", headers=known).status_code == 304
    assert client.get(f"{address}?q=visite", headers=known).status_code == 200
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert client.get(address, headers=known).status_code == 200


@formats
def test_head_answers_as_get_without_reading_the_events(client, django_assert_num_queries, extension):
    factories.labelled()
    address = f"/programme.{extension}"
    asked = {"X-Request-ID": "c0ffee00-1111-2222"}
    whole = client.get(address, headers=asked)
    with django_assert_num_queries(3):
        head = client.head(address, headers=asked)
    assert (head.status_code, head.getvalue(), head.headers) == (200, b"", whole.headers)
    assert whole.getvalue() == client.get(address).getvalue()


@formats
def test_export_is_only_read(client, extension):
    response = client.post(f"/programme.{extension}")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("extension", ["json", "geojson"])
def test_wrong_filter_is_said_by_field(client, extension):
    factories.labelled()
    response = client.get(f"/programme.{extension}?departement=ZZ&du=demain&pirate=1")
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (400, "*")
    errors = response.json()["errors"]
    assert (sorted(errors), errors["departement"]) == (["departement", "du"], [SENTENCE])


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ics", "atom"])
def test_wrong_filter_is_said_in_french(client, extension):
    factories.labelled()
    response = client.get(f"/programme.{extension}?departement=ZZ")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode() == f"{SENTENCE}\n"


def test_csv_refuses_what_it_does_not_know(client):
    factories.labelled()
    response = client.get("/programme.csv?separateur=tab&bom=non&departement=ZZ")
    assert (response.status_code, response.content.decode().splitlines()) == (
        400,
        [
            SENTENCE,
            "Séparateur : « tab » n’est pas dans la liste. Choisissez-y une valeur.",
            "Marque d’ordre des octets (bom) : « non » n’est pas dans la liste. Choisissez-y une valeur.",
        ],
    )


@formats
def test_export_before_any_edition_is_not_found(client, extension):
    assert client.get(f"/programme.{extension}").status_code == 404


@formats
@pytest.mark.parametrize("rows", [1, 3])
def test_export_costs_the_same_queries(client, django_assert_num_queries, extension, rows):
    for number in range(rows):
        factories.labelled(title=f"Visite {number}")
    # Calendar and feed say when something last changed.
    with django_assert_num_queries(9 if extension in ("atom", "ics") else 8):
        content = client.get(f"/programme.{extension}").getvalue()
    assert len(READERS[extension](content)) == rows


@formats
def test_export_of_several_batches_holds_each_event_once(monkeypatch, extension):
    monkeypatch.setattr("events.exports.extract.BATCH", 2)
    for number in range(5):
        factories.labelled(title=f"Visite {number}")
    assert titles(extension) == [f"Visite {number}" for number in range(5)]


def test_event_that_leaves_the_programme_meanwhile_is_left_out(monkeypatch):
    monkeypatch.setattr("events.exports.extract.BATCH", 1)
    first, second = (factories.labelled(title=each) for each in ("Visite A", "Visite B"))
    filterset = ProgrammeFilter(QueryDict(), Event.objects.public(), edition=factories.edition(), at=NOW)
    cards = Extract(filterset, "/programme.json").cards()
    assert next(cards).event == first
    workflow.withdraw(second, by=factories.national(), at=NOW, comment="Payant.")
    assert list(cards) == []


# Which events.


@formats
def test_export_shows_what_is_over_on_demand_as_the_page_does(extension):
    factories.labelled(title="Première", slots=[factories.slot("2025-11-03")])
    factories.labelled(title="Seconde", slots=[factories.slot("2025-11-20")])
    with time_machine.travel(datetime(2025, 11, 10, tzinfo=UTC), tick=False):
        assert titles(extension) == ["Seconde"]
        assert sorted(titles(extension, "passes=oui")) == ["Première", "Seconde"]
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        assert titles(extension) == ["Première", "Seconde"]


@formats
def test_private_contacts_are_in_no_export(client, extension):
    private = {"contact_name": "Nadia Discrète", "contact_email": "discrete@example.org"}
    factories.labelled(**private, contact_phone="03 84 11 22 33", public_contact="Accueil")
    told = str(events(extension)) + client.get(f"/programme.{extension}").getvalue().decode(errors="replace")
    assert [word for word in ("Nadia", "discrete@", "03 84 11") if word in told] == []


@formats
def test_typed_place_leads_to_the_address_of_its_code(client, extension):
    factories.labelled()
    response = client.get(f"/programme.{extension}?ou=Belfort&rayon=50")
    assert (response.status_code, response.url) == (302, f"/programme.{extension}?rayon=50&pres=90010")


# How often.

FILES = (*(f"/programme.{each}" for each in FORMATS), "/programme.pdf", "/territoires/r27/d90.pdf")


@pytest.mark.parametrize("address", FILES)
def test_one_address_asks_for_so_many_files_in_a_minute(client, settings, address):
    settings.FILES_PER_MINUTE = 1
    factories.labelled()
    assert client.get(address).status_code == 200
    held_up = client.get(address)
    assert (held_up.status_code, held_up.content.decode(), held_up["Retry-After"], held_up["Cache-Control"]) == (
        429, "Trop de fichiers demandés depuis votre adresse : attendez une minute, puis recommencez.\n",
        "60", "no-store",
    )  # fmt: skip
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/programme/").status_code == 200


# A workbook is sent while it is written.


def test_workbook_leaves_before_the_events_are_read(django_assert_num_queries):
    event = factories.labelled(title="_x0041_ & <b>")
    Event.objects.filter(pk=event.pk).update(description="x" * 40_000)
    filterset = ProgrammeFilter(QueryDict(), Event.objects.public(), edition=factories.edition(), at=NOW)
    book = xlsx.pieces(Extract(filterset, "/programme.xlsx"))
    with django_assert_num_queries(0):
        first = next(book)
    assert first.startswith(b"PK\x03\x04")
    archive = ZipFile(BytesIO(first + b"".join(book)))
    assert archive.testzip() is None
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x0041_ &amp; &lt;b&gt;<" in sheet
    cells = {
        cell.coordinate: cell.value for [*row] in load_workbook(archive.fp).active["A2:BZ2"] for cell in row
    }
    assert [len(value) for value in cells.values() if str(value).startswith("xxx")] == [32_767]
