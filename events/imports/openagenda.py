"""The JSON export of OpenAgenda (v2), as a table with our columns: one row per event.

Source: https://developers.openagenda.com. Texts are {language: text}, French first.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from events.enums import Accessibility, AttendanceMode, Precision
from events.imports.columns import BY_KEY
from events.imports.limits import Refused
from semaine.text import sort_key

# Brackets and commas of five thousand events with all that OpenAgenda tells of them.
MOST_MARKS = 1_500_000
# A true export has six levels; what is deeper would exhaust whoever walks through it.
MOST_LEVELS = 30
UNREADABLE = "Ce fichier JSON est abîmé : téléchargez de nouveau l’export de votre agenda OpenAgenda."
TOO_DEEP = "Ce fichier JSON s’emboîte sans fin : téléchargez de nouveau l’export de votre agenda OpenAgenda."
NO_EVENTS = "Ce fichier JSON n’est pas un export d’OpenAgenda : il n’a pas de liste « events »."
MODES = {1: AttendanceMode.ONSITE, 2: AttendanceMode.ONLINE, 3: AttendanceMode.MIXED}
FREE_WORDS, PAID_WORDS = ("gratuit", "entree libre"), ("€", "payant", "euro", "tarif")

KEYS = (
    "external_id", "title", "summary", "description", "other_slots", "attendance_mode", "venue", "address",
    "postal_code", "city", "typed_department", "typed_region", "latitude", "longitude", "online_url",
    "format_code", "sector_codes", "topic_codes", "audience_codes", "is_free", "access_mode", "reserved_to",
    "registration", "capacity", "age_min", "age_max", "accessibility_codes", "contact_name", "contact_email",
    "contact_phone",
)  # fmt: skip


def events(content: bytes) -> list[dict]:
    """Return the events of an export: `{"events": [...]}`, or the list alone."""
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > MOST_MARKS:
        raise Refused("Ce fichier JSON est trop gros une fois ouvert : partagez-le en plusieurs exports.")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    # ValueError: no UTF-8, no JSON, or a number of thousands of digits.
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None
    listed = found.get("events") if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refused(NO_EVENTS)
    if _is_deep(listed, MOST_LEVELS):
        raise Refused(TOO_DEEP)
    return listed


def _is_deep(value, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_is_deep(each, levels - 1) for each in inner)


def rows(content: bytes) -> Iterator[list[str]]:
    """Return the header, then one row per event."""
    yield [BY_KEY[key].name for key in KEYS]
    for event in events(content):
        cells = cells_of(event)
        yield [cells.get(key, "") for key in KEYS]


def cells_of(event: dict) -> dict[str, str]:
    """Return what an event of OpenAgenda says, as the cells of our columns by key.

    OpenAgenda has no field of ours for audiences, sectors or access: they are read where an agenda has added
    fields of these names (`publics`, `filieres`…) that hold words.
    """
    place = _dict(event.get("location"))
    age = _dict(event.get("age"))
    conditions = _french(event.get("conditions"))
    cells = {
        "external_id": _text(event.get("uid")),
        "title": _french(event.get("title")),
        "summary": _french(event.get("description")),
        "description": _french(event.get("longDescription")),
        "other_slots": _slots(event),
        "attendance_mode": _mode(event.get("attendanceMode")),
        "online_url": _text(event.get("onlineAccessLink")),
        "is_free": _said(event.get("gratuit")) or _free(conditions),
        "registration": _registration(event.get("registration")) or _words(event.get("inscription")),
        "age_min": _text(age.get("min")),
        "age_max": _text(age.get("max")),
        "accessibility_codes": _accessibility(event.get("accessibility")),
    }
    return cells | _place(place) | _added(event)


def _mode(value) -> str:
    return MODES.get(value, AttendanceMode.ONSITE).label if isinstance(value, int) else ""


def _place(place: dict) -> dict[str, str]:
    postal_code, city = (_text(place.get(name)) for name in ("postalCode", "city"))
    city = _text(place.get("adminLevel4")) or city
    name, address = _text(place.get("name")), _text(place.get("address"))
    # The point of a commune's centre says nothing of the event.
    point = {} if place.get("precision") == Precision.COMMUNE else place
    return {
        "venue": "" if name == city else name,
        # An agenda repeats the commune in the address.
        "address": address.removesuffix(f"{postal_code} {city}").rstrip(", "),
        "postal_code": postal_code,
        "city": city,
        "typed_department": _text(place.get("adminLevel2") or place.get("department")),
        "typed_region": _text(place.get("adminLevel1") or place.get("region")),
        "latitude": _text(point.get("latitude")),
        "longitude": _text(point.get("longitude")),
    }


# What agendas call the fields they add, by our key.
ADDED = {
    "audience_codes": ("publics", "public", "public-cible", "publics-cibles"),
    "sector_codes": ("filieres", "filiere", "secteurs"),
    "topic_codes": ("themes", "thematiques"),
    "format_code": ("type-devenement", "nature", "type"),
    "access_mode": ("acces", "mode-acces"),
    "reserved_to": ("reserve-a",),
    "capacity": ("nombre-de-places", "capacite"),
    "contact_name": ("contact-nom", "nom-contact"),
    "contact_email": ("contact-email", "email-contact", "courriel"),
    "contact_phone": ("contact-telephone", "telephone-contact"),
    # A file of an agenda has none of these, and what was written of them here stays.
    "expected_participants": ("participants-attendus",),
    "more_info_url": ("page-a-consulter",),
    "partners": ("partenaires",),
    "public_contact": ("contact-public",),
}


def _added(event: dict) -> dict[str, str]:
    found = {}
    for key, names in ADDED.items():
        say = _text if key == "capacity" else _words
        values = [say(event[name]) for name in names if event.get(name) not in (None, "", [])]
        found[key] = values[0] if values else ""
    return found


def _words(value) -> str:
    """A text, an option with its label, or a list of them; a bare number is the code of an option, and no word."""
    if isinstance(value, list):
        return " ; ".join(filter(None, map(_words, value[:50])))
    if isinstance(value, dict):
        return _french(value.get("label", value))
    return value if isinstance(value, str) else ""


def _dict(value) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _french(value) -> str:
    if isinstance(value, dict):
        value = value.get("fr") or next((each for each in value.values() if each), "")
    return _text(value)


def _slots(event: dict) -> str:
    timings = event.get("timings")
    zone = _zone(event)
    found = []
    for timing in timings if isinstance(timings, list) else []:
        begin, end = (_text(_dict(timing).get(name)) for name in ("begin", "end"))
        found.append(f"{_there(begin, zone)}/{_there(end, zone)}")
    return " ; ".join(found)


def _zone(event: dict) -> ZoneInfo | None:
    try:
        return ZoneInfo(_text(event.get("timezone")))
    except (KeyError, ValueError, OSError):
        return None


def _there(moment: str, zone: ZoneInfo | None) -> str:
    """The moment as a clock on the wall shows it there; what cannot be read stays as it is, to be told."""
    try:
        at = datetime.fromisoformat(moment)
        at = at.astimezone(zone) if zone and at.tzinfo else at
    except (ValueError, OverflowError):
        return moment
    return at.isoformat(timespec="minutes")


def _said(value) -> str:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else ""


def _free(conditions: str) -> str:
    key = sort_key(conditions)
    if any(word in conditions.lower() or word in key for word in PAID_WORDS):
        return "" if any(word in key for word in FREE_WORDS) else "non"
    return "oui" if any(word in key for word in FREE_WORDS) else ""


def _registration(value) -> str:
    entries = value if isinstance(value, list) else []
    found = [_text(_dict(each).get("value")) or _text(each) for each in entries]
    return next(filter(None, found), "")


def _accessibility(value) -> str:
    codes = [code for code, given in _dict(value).items() if given is True and code in Accessibility.values]
    return " ; ".join(Accessibility(code).label for code in codes)
