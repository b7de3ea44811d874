"""Readers of our exports that share nothing with what writes them: each gives the events as plain dictionaries.

All give `uid`, `url`, `title`, `timings` (pairs of moments), and what else their format tells.
"""

import csv
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree

from openpyxl import load_workbook

from events.exports.columns import COLUMNS

ATOM = "{http://www.w3.org/2005/Atom}"
NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r])")
TRUTHS = {"true": True, "false": False}


def from_json(content: bytes) -> list[dict]:
    return [_event(told) for told in json.loads(content)["events"]]


def from_geojson(content: bytes) -> list[dict]:
    found = []
    for feature in json.loads(content)["features"]:
        geometry = feature["geometry"] or {"coordinates": [None, None]}
        longitude, latitude = geometry["coordinates"]
        found.append(_event(feature["properties"] | {"latitude": latitude, "longitude": longitude}))
    return found


def from_csv(content: bytes, delimiter: str = ",") -> list[dict]:
    rows = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    return [_event(typed(row)) for row in rows]


def from_xlsx(content: bytes) -> list[dict]:
    sheet = load_workbook(BytesIO(content), read_only=True).active
    _, *rows = sheet.iter_rows(values_only=True)
    names = [column.name for column in COLUMNS]
    return [
        _event(typed({name: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                      for name, value in zip(names, row, strict=True)}))
        for row in rows
    ]  # fmt: skip


def typed(row: dict[str, str]) -> dict:
    """Return the values of a row by what the schema says of its columns."""
    kinds = {column.name: column.kind for column in COLUMNS}
    return {name: _typed(kinds[name], text) for name, text in row.items()}


def _typed(kind: str, text: str):
    if text == "":
        return None
    readers = {
        "integer": int,
        "number": float,
        "boolean": TRUTHS.get,
        "array": json.loads,
        "codes": lambda value: value.split(","),
    }
    return readers.get(kind, lambda value: NEUTRALISED.sub("", value, count=1))(text)


def _event(told: dict) -> dict:
    timings = [
        tuple(datetime.fromisoformat(each[end]) for end in ("begin", "end")) for each in told["timings"] or []
    ]
    return told | {"url": told["canonicalurl"], "title": told["title_fr"], "timings": timings}


def from_atom(content: bytes) -> list[dict]:
    found = []
    for entry in ElementTree.fromstring(content).iter(f"{ATOM}entry"):
        [link] = entry.findall(f"{ATOM}link")
        found.append(
            {
                "uid": entry.findtext(f"{ATOM}id").removeprefix("urn:uuid:"),
                "url": link.get("href"),
                "title": entry.findtext(f"{ATOM}title"),
                "summary": entry.findtext(f"{ATOM}summary"),
                "updated": datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
            }
        )
    return found


# A calendar, read by hand: RFC 5545, 3.1 to 3.3.


def content_lines(content: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Return (name, parameters, value) for each line, unfolded."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line or not line] == []
    # A fold may part the bytes of a letter: they are joined before they are read.
    unfolded = b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")
    return [_content_line(line) for line in unfolded]


def _content_line(line: str) -> tuple[str, dict[str, str], str]:
    head = re.match(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):', line)
    parameters = dict(each.split("=", 1) for each in head[2].split(";") if each)
    value = line[head.end() :]
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", value)
    return head[1], {name: text.strip('"') for name, text in parameters.items()}, value


def components(content: bytes) -> dict:
    """Return the calendar as a tree: {"lines": {name: [(parameters, value)]}, "VEVENT": […], "VTIMEZONE": […]}."""
    stack, whole = [], {"lines": {}}
    here = whole
    for name, parameters, value in content_lines(content):
        if name == "BEGIN":
            child = {"lines": {}}
            here.setdefault(value, []).append(child)
            stack.append((value, here))
            here = child
        elif name == "END":
            opened, here = stack.pop()
            assert opened == value
        else:
            here["lines"].setdefault(name, []).append((parameters, value))
    assert stack == []
    [calendar] = whole["VCALENDAR"]
    return calendar


def text(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def only(component: dict, name: str) -> str:
    [(_, value)] = component["lines"][name]
    return value


def moment(component: dict, name: str, zones: dict[str, dict]) -> datetime:
    """Return the moment of a property by the calendar's own VTIMEZONE, never by what this machine knows."""
    [(parameters, value)] = component["lines"][name]
    there = datetime.fromisoformat(value)
    return (there - _offset(zones[parameters["TZID"]], there)).replace(tzinfo=UTC)


def _offset(zone: dict, there: datetime) -> timedelta:
    """Return the offset of the last observance that began, counted in the time before it."""
    observances = [*zone.get("STANDARD", []), *zone.get("DAYLIGHT", [])]
    begun = [
        (datetime.fromisoformat(only(each, "DTSTART")), only(each, "TZOFFSETTO")) for each in observances
    ]
    _, offset = max(each for each in begun if each[0] <= there)
    sign = -1 if offset[0] == "-" else 1
    return sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))


def from_ics(content: bytes) -> list[dict]:
    """Return the events in the order of their first slot in the file."""
    calendar = components(content)
    zones = {only(each, "TZID"): each for each in calendar.get("VTIMEZONE", [])}
    found = {}
    for entry in calendar.get("VEVENT", []):
        url = only(entry, "URL")
        event = {
            "uid": only(entry, "UID")[:36],
            "url": url,
            "title": text(only(entry, "SUMMARY")),
            "status": only(entry, "STATUS"),
            "location": text(only(entry, "LOCATION")),
            "timings": [],
        }
        times = moment(entry, "DTSTART", zones), moment(entry, "DTEND", zones)
        found.setdefault(url, event)["timings"].append(times)
    return list(found.values())


READERS: dict[str, Callable[[bytes], list[dict]]] = {
    "json": from_json,
    "geojson": from_geojson,
    "csv": from_csv,
    "xlsx": from_xlsx,
    "atom": from_atom,
    "ics": from_ics,
}
