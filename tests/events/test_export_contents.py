"""What the files of the programme tell of its events, format by format."""

import csv
import json
import re
from datetime import UTC, datetime
from io import StringIO
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from events import workflow
from events.enums import TermKind
from events.exports.columns import COLUMNS
from events.models import Event, Term
from semaine.text import NBSP
from tests import factories
from tests.events.export_readers import ATOM, READERS, components, from_csv, only, text

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def events(extension: str, query: str = "") -> list[dict]:
    return READERS[extension](Client().get(f"/programme.{extension}?{query}").getvalue())


def online(**fields):
    return factories.labelled(
        commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/salle", **fields
    )


# The facts.


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


FULL = [name for name in sorted(READERS) if name not in ("atom", "ics", "geojson")]


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


CHECKS = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "datetime": datetime.fromisoformat,
    "array": json.loads,
}


def test_csv_is_valid_by_its_schema(client):
    """Each cell against what the schema says of its column, by the words of Table Schema."""
    factories.labelled(age_min=11, capacity=30, topic_codes=["mixite"], accessibility_codes=["mi", "hi"])
    factories.labelled(
        access_mode="inscription", registration_kind="lien", registration_value="https://a.fr/"
    )
    online()
    fields = client.get("/api/v1/schema.json").json()["fields"]
    rows = list(csv.DictReader(StringIO(client.get("/programme.csv").getvalue().decode(), newline="")))
    faults = []
    for field in fields:
        limits = field.get("constraints", {})
        column = [row[field["name"]] for row in rows]
        filled = [cell for cell in column if cell]
        faults += [field["name"]] * (limits.get("required", False) and len(filled) < len(rows))
        faults += [field["name"]] * (limits.get("unique", False) and len({*filled}) < len(filled))
        faults += [cell for cell in filled if cell not in limits.get("enum", filled)]
        faults += [cell for cell in filled if not re.fullmatch(limits.get("pattern", "(?s).*"), cell)]
        assert [None for cell in filled if CHECKS[field["type"]](cell) is None] == []
    assert (faults, len(rows)) == ([], 3)
