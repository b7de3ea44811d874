"""Whatever an organizer writes comes out of every export whole, and as text only."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from events.exports import csv as csv_export
from events.exports.timezones import timezone_text
from events.models import Event
from semaine.dates import ZONE_NAMES
from semaine.text import without_controls
from tests import factories
from tests.events.export_readers import READERS, components, moment, only, text

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
FORMULAS = ('=HYPERLINK("https://example.org/";"Lire")', "+33 1 23 45 67 89", "-2+3", "@SUM(A1:A9)", "\t=1+1")
HOSTILE = (
    *FORMULAS,
    'virgule, point-virgule; "guillemets" et \\ barre',
    "deux\nlignes",
    "\u202egnirts\u202c \u200fde droite à gauche\u200e",
    "🏭 👩🏽‍🏭 é e\u0301 \u2028 \ufeff fin",
    "]]></title><script>alert(1)</script> &amp; & < >",
    "BEGIN:VEVENT\nEND:VCALENDAR",
    "é" * 140,
    "null",
    "0012",
)  # fmt: skip
formats = pytest.mark.parametrize("extension", sorted(READERS))


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def exported(extension: str) -> bytes:
    return Client().get(f"/programme.{extension}").getvalue()


@formats
def test_titles_come_out_whole(extension):
    for title in HOSTILE:
        Event.objects.filter(pk=factories.labelled().pk).update(title=title)
    assert sorted(each["title"] for each in READERS[extension](exported(extension))) == sorted(HOSTILE)


@formats
def test_control_characters_are_dropped_and_lines_kept(extension):
    event = factories.labelled()
    Event.objects.filter(pk=event.pk).update(title="un\x01\x0b\x1f\x7f\x85\r\ndeux\rtrois\ufffe")
    [found] = READERS[extension](exported(extension))
    assert found["title"] == "un\ndeux\ntrois"


@pytest.mark.parametrize("extension", ["json", "csv", "xlsx"])
def test_ten_thousand_characters_come_out_whole(extension):
    long = "Atelier « fonte, moulage »\n=1+1;\t" * 303
    Event.objects.filter(pk=factories.labelled().pk).update(description=long[:10_000])
    [found] = READERS[extension](exported(extension))
    assert found["longdescription_fr"] == long[:10_000]


def test_no_cell_is_a_formula():
    for title in FORMULAS:
        event = factories.labelled(commune_code="97411")
        Event.objects.filter(pk=event.pk).update(title=title, public_contact=title, venue=title)
    [head, *rows] = csv.reader(StringIO(exported("csv").decode(), newline=""))
    numbers = {head.index(name) for name in ("latitude", "longitude")}
    cells = [cell for row in rows for place, cell in enumerate(row) if place not in numbers]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    sheet = load_workbook(BytesIO(exported("xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {
        "s", "n", "b",
    }  # fmt: skip
    assert len(rows) == len(FORMULAS)


@settings(
    max_examples=200, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(words=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_one_cell_and_one_line(words):
    kept = without_controls(words)
    told = StringIO()
    csv.writer(told).writerow([csv_export.cell(kept), "fin"])
    [[cell, end]] = csv.reader(StringIO(told.getvalue(), newline=""))
    assert (cell.removeprefix("'"), end) == (kept.removeprefix("'"), "fin")
    assert json.loads(json.dumps(kept, ensure_ascii=False).encode()) == kept


def test_calendar_lines_are_folded_between_letters():
    Event.objects.filter(pk=factories.labelled().pk).update(title="🏭é" * 70, summary="é" * 200)
    [entry] = components(exported("ics"))["VEVENT"]
    assert text(only(entry, "SUMMARY")) == "🏭é" * 70


@pytest.mark.parametrize("zone", sorted({"Europe/Paris", *ZONE_NAMES}))
def test_zones_of_the_calendar_tell_the_time_there(zone):
    """In the morning of each day of two years, as this machine knows it: also after the clocks of Paris change."""
    opening = b"BEGIN:VCALENDAR\r\n" + timezone_text(zone, 2026, 2027) + b"END:VCALENDAR\r\n"
    zones = {zone: components(opening)["VTIMEZONE"][0]}
    for day in range(730):
        known = datetime(2026, 1, 1, 4, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
        line = ({"TZID": zone}, f"{known:%Y%m%dT%H%M%S}")
        assert moment({"lines": {"DTSTART": [line]}}, "DTSTART", zones) == known
