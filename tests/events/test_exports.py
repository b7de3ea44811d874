"""The programme as files: what they hold, what reads them, who may, and what it costs."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from events import workflow
from events.enums import TermKind
from events.exports.columns import COLUMNS
from events.exports.extract import Extract
from events.filters import ProgrammeFilter
from events.models import Event, Term
from semaine.text import NBSP
from tests import factories
from tests.events.export_readers import ATOM, READERS, components, from_csv, only, text

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
        "Cache-Control": "public, max-age=0, must-revalidate, s-maxage=2",
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
    whole = client.get(address)
    with django_assert_num_queries(4):
        head = client.head(address)
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


@formats
def test_export_before_any_edition_is_not_found(client, extension):
    assert client.get(f"/programme.{extension}").status_code == 404


@formats
@pytest.mark.parametrize("rows", [1, 3])
def test_export_costs_the_same_queries(client, django_assert_num_queries, extension, rows):
    for number in range(rows):
        factories.labelled(title=f"Visite {number}")
    # Calendar and feed say when something last changed.
    with django_assert_num_queries(8 if extension in ("atom", "ics") else 7):
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


# What they tell.


def test_json_tells_every_column(client):
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite d’entreprise")
    event = factories.labelled(
        venue="Fonderie Martin", address="1 rue de l’Usine", capacity=0, topic_codes=[]
    )
    Event.objects.filter(pk=event.pk).update(precision="address")
    told = json.loads(client.get("/programme.json?q=fonderie&page=3").getvalue())
    [found] = told.pop("events")
    assert told == {
        "title": "Semaine de l’industrie 2025",
        "url": "http://testserver/programme/?q=fonderie",
        "schema": "http://testserver/api/v1/schema.json",
        "edition": 2025,
        "total": 1,
    }
    known = {name: value for name, value in found.items() if value is not None}
    assert list(found) == [column.name for column in COLUMNS]
    assert known == {
        "uid": str(event.uid),
        "canonicalurl": "http://testserver/evenements/2025/visite-de-la-fonderie/",
        "slug": "visite-de-la-fonderie",
        "edition": 2025,
        "label_number": event.label_number,
        "status": "programme",
        "is_example": False,
        "title_fr": "Visite de la fonderie",
        "description_fr": "Du modèle à la pièce finie : les métiers de la fonderie.",
        "longdescription_fr": "Un parcours d’une heure dans les ateliers.",
        "format": "visite",
        "format_label": "Visite d’entreprise",
        "sectors": ["mines-et-metallurgie"],
        "audiences": ["scolaires", "demandeurs-emploi"],
        "daterange_fr": f"jeudi 20 novembre 2025, 9{NBSP}h–11{NBSP}h{NBSP}30",
        "firstdate_begin": "2025-11-20T09:00:00+01:00",
        "firstdate_end": "2025-11-20T11:30:00+01:00",
        "lastdate_begin": "2025-11-20T09:00:00+01:00",
        "lastdate_end": "2025-11-20T11:30:00+01:00",
        "timings": [{"begin": "2025-11-20T09:00:00+01:00", "end": "2025-11-20T11:30:00+01:00"}],
        "timezone": "Europe/Paris",
        "mode": "sur-place",
        "location_name": "Fonderie Martin",
        "location_address": "1 rue de l’Usine",
        "location_postalcode": "90000",
        "location_city": "Belfort",
        "location_insee": "90010",
        "location_department": "Territoire de Belfort",
        "location_department_code": "90",
        "location_region": "Bourgogne-Franche-Comté",
        "location_region_code": "27",
        "latitude": 47.64,
        "longitude": 6.86,
        "precision": "address",
        "access": "libre",
        "capacity": 0,
        "organizer_name": event.organizer_name,
        "organizer_url": f"http://testserver{event.organization.get_absolute_url()}",
        "updatedat": "2025-10-01T08:00:00+00:00",
    }


FULL = [name for name in FORMATS if name not in ("atom", "ics", "geojson")]


def test_tables_tell_what_the_json_tells():
    slots = [
        factories.slot("2025-11-20", zone="Pacific/Marquesas"),
        factories.slot("2025-11-21", "22:00", "02:00"),
    ]
    factories.labelled(
        title="Aux Marquises", commune_code="98718", slots=slots, age_min=11, capacity=30, access_mode="inscription",
        registration_kind="telephone", registration_value="+689 40 00 00 00", accessibility_codes=["mi", "hi"],
    )  # fmt: skip
    online(title="En ligne", access_mode="reserve", reserved_to="Lycéens", partners="Onisep")
    told = events("json")
    assert len(told) == 2
    assert {extension: events(extension) for extension in FULL} == dict.fromkeys(FULL, told)
    without_text = [{name: each[name] for name in each if name != "longdescription_fr"} for each in told]
    assert events("geojson") == without_text


@pytest.mark.parametrize("extension", ["json", "csv", "ics"])
def test_slots_are_the_moments_that_were_typed(extension):
    slots = [
        factories.slot("2025-11-20", zone="Indian/Reunion"),
        factories.slot("2025-11-21", "22:00", "02:00"),
    ]
    event = factories.labelled(commune_code="97411", slots=slots)
    factories.labelled(title="Belfort")
    [found] = [each for each in events(extension) if each["uid"] == str(event.uid)]
    assert found["timings"] == slots


def test_geojson_gives_longitude_first_and_no_point_to_what_is_online(client):
    factories.labelled(commune_code="97411")
    online(title="En ligne")
    data = json.loads(client.get("/programme.geojson").getvalue())
    there, nowhere = sorted(data["features"], key=lambda each: each["geometry"] is None)
    assert (data["type"], sorted(data)) == ("FeatureCollection", ["features", "type"])
    assert sorted(there) == ["geometry", "id", "properties", "type"]
    assert there["geometry"] == {"type": "Point", "coordinates": [55.45, -20.88]}
    assert nowhere["geometry"] is None


def test_csv_is_as_asked(client):
    factories.labelled(title="À; B, C")
    plain, french = (
        client.get(f"/programme.csv{query}").getvalue() for query in ("", "?separateur=point-virgule&bom=oui")
    )
    assert plain.startswith(b"uid,canonicalurl,slug,")
    assert french.startswith(b"\xef\xbb\xbfuid;canonicalurl;slug;")
    assert from_csv(french, ";") == from_csv(plain) == events("json")


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


# Calendar and feed.


def test_calendar_is_one_to_subscribe_to(client):
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite d’entreprise")
    factories.labelled(commune_code="97411", public_contact="Accueil ; poste 12")
    event = online(title="En ligne")
    calendar = components(client.get("/programme.ics?passes=oui").getvalue())
    lines = {name: found for name, found in calendar["lines"].items() if name not in ("UID", "PRODID")}
    address = "http://testserver/programme.ics?passes=oui"
    assert lines == {
        "VERSION": [({}, "2.0")],
        "CALSCALE": [({}, "GREGORIAN")],
        "METHOD": [({}, "PUBLISH")],
        "NAME": [({}, "Semaine de l’industrie 2025")],
        "X-WR-CALNAME": [({}, "Semaine de l’industrie 2025")],
        "LAST-MODIFIED": [({}, "20251001T080000Z")],
        "URL": [({}, "http://testserver/programme/?passes=oui")],
        "SOURCE": [({"VALUE": "URI"}, address)],
        "REFRESH-INTERVAL": [({"VALUE": "DURATION"}, "PT6H")],
        "X-PUBLISHED-TTL": [({}, "PT6H")],
    }
    assert [only(each, "TZID") for each in calendar["VTIMEZONE"]] == ["Europe/Paris", "Indian/Reunion"]
    there, [remote] = (
        [each for each in calendar["VEVENT"] if ("GEO" in each["lines"]) is has] for has in (True, False)
    )
    assert remote["lines"]["CONFERENCE"] == [
        ({"VALUE": "URI", "FEATURE": "VIDEO"}, "https://example.org/salle")
    ]
    assert (only(remote, "CONTACT"), text(only(there[0], "CONTACT"))) == (
        event.organizer_name,
        "Accueil ; poste 12",
    )
    assert only(there[0], "GEO") == "-20.88;55.45"
    assert text(only(there[0], "CATEGORIES")) == "Visite d’entreprise"


def test_calendar_of_nothing_is_still_one(client):
    factories.edition()
    calendar = components(client.get("/programme.ics").getvalue())
    assert [only(each, "TZID") for each in calendar["VTIMEZONE"]] == ["Europe/Paris"]
    assert sorted(calendar) == ["VTIMEZONE", "lines"]


def test_calendar_identifies_each_slot_for_good():
    event = factories.labelled(slots=[factories.slot("2025-11-20"), factories.slot("2025-11-21")])

    def entries():
        content = Client().get("/programme.ics").getvalue()
        return [(only(each, "UID"), int(only(each, "SEQUENCE")), only(each, "STATUS"))
                for each in components(content)["VEVENT"]]  # fmt: skip

    first, second = entries()
    later = datetime(2025, 10, 3, 8, tzinfo=UTC)
    workflow.cancel(event, by=event.created_by, at=later, comment="Travaux.")
    cancelled = entries()
    assert [uid for uid, *_ in cancelled] == [first[0], second[0]]
    assert first[0] != second[0]
    assert [(sequence, status) for _, sequence, status in (first, *cancelled)] == [
        (0, "CONFIRMED"),
        (2 * 86_400, "CANCELLED"),
        (2 * 86_400, "CANCELLED"),
    ]


def test_feed_has_what_the_format_requires(client):
    event = factories.labelled()
    feed = ElementTree.fromstring(client.get("/programme.atom?q=fonderie").getvalue())
    again = ElementTree.fromstring(client.get("/programme.atom?q=fonderie&pirate=1").getvalue())
    other = ElementTree.fromstring(client.get("/programme.atom").getvalue())
    ids = [each.findtext(f"{ATOM}id") for each in (feed, again, other)]
    assert (ids[0] == ids[1], ids[0] == ids[2], ids[0][:9]) == (True, False, "urn:uuid:")
    assert feed.findtext(f"{ATOM}updated") == "2025-10-01T08:00:00+00:00"
    assert [(each.get("rel"), each.get("href")) for each in feed.findall(f"{ATOM}link")] == [
        ("self", "http://testserver/programme.atom?q=fonderie"),
        ("alternate", "http://testserver/programme/?q=fonderie"),
    ]
    [entry] = feed.findall(f"{ATOM}entry")
    assert [each.tag.removeprefix(ATOM) for each in entry] == [
        "id", "title", "updated", "published", "link", "author", *["category"] * 4, "summary",
    ]  # fmt: skip
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{event.uid}"


def test_feed_of_nothing_is_dated_from_the_edition(client):
    factories.edition()
    feed = ElementTree.fromstring(client.get("/programme.atom").getvalue())
    assert feed.findtext(f"{ATOM}updated") == "2025-09-17T00:00:00+00:00"


# The schema.


def test_schema_describes_the_columns_of_the_csv(client):
    factories.labelled()
    schema = client.get("/api/v1/schema.json").json()
    header = client.get("/programme.csv").getvalue().split(b"\r\n")[0].decode()
    assert ",".join(field["name"] for field in schema["fields"]) == header
    assert schema["primaryKey"] == ["uid"]
    kinds = {"string", "integer", "number", "boolean", "datetime", "array"}
    assert {field["type"] for field in schema["fields"]} == kinds
    assert [
        field["name"] for field in schema["fields"] if not field["title"] or not field["description"]
    ] == []
