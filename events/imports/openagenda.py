"""The JSON export of OpenAgenda (v2), as a table with our columns: one row per event.

Source: https://developers.openagenda.com. Texts are {language: text}, French first.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from events.enums import Accessibility, AttendanceMode, Precision
from semaine.text import sort_key

MODES = {1: AttendanceMode.ONSITE, 2: AttendanceMode.ONLINE, 3: AttendanceMode.MIXED}
FREE_WORDS, PAID_WORDS = ("gratuit", "entree libre"), ("€", "payant", "euro", "tarif")

KEYS = (
    "external_id", "title", "summary", "description", "other_slots", "attendance_mode", "venue", "address",
    "postal_code", "city", "commune_code", "typed_department", "typed_region", "latitude", "longitude", "online_url",
    "format_code", "sector_codes", "topic_codes", "audience_codes", "is_free", "access_mode", "reserved_to",
    "registration", "capacity", "age_min", "age_max", "accessibility_codes", "contact_name", "contact_email",
    "contact_phone",
)  # fmt: skip


def cells_of(event: dict) -> dict[str, str]:
    """Return what an event of OpenAgenda says, as the cells of our columns by key.

    OpenAgenda has no field of ours for audiences, sectors or access: they are read where an agenda has added
    fields of these names (`publics`, `filieres`…) that hold words.
    """
    place = _dict(event.get("location"))
    age = _dict(event.get("age"))
    conditions = _french(event.get("conditions"))
    cells = {
        "external_id": as_text(event.get("uid")),
        "title": _french(event.get("title")),
        "summary": _french(event.get("description")),
        "description": _french(event.get("longDescription")),
        "other_slots": _slots(event),
        "attendance_mode": _mode(event.get("attendanceMode")),
        "online_url": as_text(event.get("onlineAccessLink")),
        "is_free": _said(event.get("gratuit")) or _free(conditions),
        "registration": _registration(event.get("registration")) or _words(event.get("inscription")),
        "age_min": as_text(age.get("min")),
        "age_max": as_text(age.get("max")),
        "accessibility_codes": _accessibility(event.get("accessibility")),
    }
    return cells | _place(place) | _added(event)


def _mode(value) -> str:
    return MODES.get(value, AttendanceMode.ONSITE).label if isinstance(value, int) else ""


def _place(place: dict) -> dict[str, str]:
    postal_code, city = (as_text(place.get(name)) for name in ("postalCode", "city"))
    city = as_text(place.get("adminLevel4")) or city
    name, address = as_text(place.get("name")), as_text(place.get("address"))
    # The point of a commune's centre says nothing of the event.
    point = {} if place.get("precision") == Precision.COMMUNE else place
    return {
        "venue": "" if name == city else name,
        # An agenda repeats the commune in the address.
        "address": address.removesuffix(f"{postal_code} {city}").rstrip(", "),
        "postal_code": postal_code,
        "city": city,
        "commune_code": as_text(place.get("insee")),
        "typed_department": as_text(place.get("adminLevel2") or place.get("department")),
        "typed_region": as_text(place.get("adminLevel1") or place.get("region")),
        "latitude": as_text(point.get("latitude")),
        "longitude": as_text(point.get("longitude")),
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
    "expected_participants": ("participants-attendus",),
    "more_info_url": ("page-a-consulter",),
    "partners": ("partenaires",),
    "public_contact": ("contact-public",),
}


# Most agendas have none of these, and what was written of them here then stays.
OPTIONAL = ("expected_participants", "more_info_url", "partners", "public_contact")


def keys_of(events: list[dict]) -> tuple[str, ...]:
    """Return the keys of the columns that these events have."""
    said = [key for key in OPTIONAL if any(event.get(name) for event in events for name in ADDED[key])]
    return (*KEYS, *said)


def _added(event: dict) -> dict[str, str]:
    found = {}
    for key, names in ADDED.items():
        say = as_text if key in ("capacity", "expected_participants") else _words
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


def as_text(value) -> str:
    """Return a text or a number as people write it: 0.00005, never 5e-05; nothing for anything else."""
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _french(value) -> str:
    if isinstance(value, dict):
        value = value.get("fr") or next((each for each in value.values() if each), "")
    return as_text(value)


def _slots(event: dict) -> str:
    timings = event.get("timings")
    zone = _zone(event)
    found = []
    for timing in timings if isinstance(timings, list) else []:
        begin, end = (as_text(_dict(timing).get(name)) for name in ("begin", "end"))
        found.append(f"{_there(begin, zone)}/{_there(end, zone)}")
    return " ; ".join(found)


def _zone(event: dict) -> ZoneInfo | None:
    try:
        return ZoneInfo(as_text(event.get("timezone")))
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
    found = [as_text(_dict(each).get("value")) or as_text(each) for each in entries]
    return next(filter(None, found), "")


def _accessibility(value) -> str:
    codes = [code for code, given in _dict(value).items() if given is True and code in Accessibility.values]
    return " ; ".join(Accessibility(code).label for code in codes)
