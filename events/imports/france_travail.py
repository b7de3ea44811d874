"""The events of France Travail (`{totalElements, content: [...]}`), as the cells of our columns.

Source: the service « Mes événements France Travail » of francetravail.io, version 1. Its lists of natures and publics
are not published: words that we do not know stay as they are, for the check to say so.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from events.enums import AccessMode, AttendanceMode, Audience
from events.imports.html import as_markdown, first_words
from events.imports.openagenda import as_text
from semaine.text import sort_key

KEYS = (
    "external_id", "title", "summary", "description", "format_code", "day", "start", "end", "other_slots",
    "attendance_mode", "postal_code", "city", "commune_code", "latitude", "longitude", "audience_codes", "is_free",
    "access_mode", "registration", "capacity", "partners", "more_info_url", "contact_email",
)  # fmt: skip
ONLINE_WORDS, ONSITE_WORDS = ("distance", "ligne", "visio", "distanciel"), ("physique", "presentiel", "place")
# A word of theirs, without accents, and what it means here.
FORMATS = {
    "job dating": "job-dating", "recrutement": "job-dating", "porte": "portes-ouvertes", "forum": "forum",
    "salon": "salon", "atelier": "atelier", "conference": "conference", "webinaire": "webinaire",
    "visite": "visite",
}  # fmt: skip
AUDIENCES = {
    "demandeur": Audience.JOB_SEEKERS, "recherche d emploi": Audience.JOB_SEEKERS, "etudiant": Audience.STUDENTS,
    "jeune": Audience.YOUTH, "apprenti": Audience.YOUTH, "alternan": Audience.YOUTH, "scolaire": Audience.PUPILS,
    "collegien": Audience.PUPILS, "lyceen": Audience.PUPILS, "tout": Audience.EVERYONE,
    "grand public": Audience.EVERYONE,
}  # fmt: skip


def keys_of(_: list[dict]) -> tuple[str, ...]:
    return KEYS


def cells_of(event: dict) -> dict[str, str]:
    """Return what an event of France Travail says, as the cells of our columns by key.

    It has no summary: the first sentences of its description stand for it. Its events are free of charge, as all that
    France Travail offers to who looks for work (code du travail, L. 5321-3); one registers on their own page.
    """
    description = as_markdown(as_text(event.get("description")))
    course = as_markdown(as_text(event.get("deroulement")))
    page = as_text(event.get("urlDetailEvenement"))
    return {
        "external_id": as_text(event.get("id")),
        "title": as_text(event.get("titre")),
        "summary": first_words(description, 200),
        "description": "\n\n".join(filter(None, [description, course and f"**Déroulement**\n\n{course}"])),
        "format_code": _meant(_words(event.get("type"))[:1], FORMATS),
        "attendance_mode": _mode(_words(event.get("modalites"))),
        "postal_code": as_text(event.get("codePostal")),
        "city": as_text(event.get("ville")),
        "commune_code": as_text(event.get("codeInsee")),
        "latitude": as_text(event.get("latitude")),
        "longitude": as_text(event.get("longitude")),
        "audience_codes": _meant(_words(event.get("publics")), AUDIENCES),
        "is_free": "oui",
        "access_mode": str(AccessMode.REGISTRATION) if page else "",
        "registration": page,
        "more_info_url": page,
        "capacity": _places(event),
        "partners": _partners(event),
        "contact_email": as_text(event.get("contact-email")),
    } | _slot(event)


def _words(value) -> list[str]:
    """A word, a code with its label, or a list of them."""
    if isinstance(value, list):
        return [word for each in value[:50] for word in _words(each)[:1]]
    if isinstance(value, dict):
        value = value.get("libelle") or value.get("label") or value.get("code")
    # What parts the values of a cell is no part of one.
    word = re.sub("[;|\n]", " ", as_text(value)).strip()
    return [word] if word else []


def _meant(words: list[str], known: dict[str, str]) -> str:
    found = [next((code for part, code in known.items() if part in sort_key(word)), word) for word in words]
    return " ; ".join(dict.fromkeys(map(str, found)))


def _mode(words: list[str]) -> str:
    keys = [sort_key(word.replace("_", " ")) for word in words]
    online, onsite = (
        any(part in key for key in keys for part in parts) for parts in (ONLINE_WORDS, ONSITE_WORDS)
    )
    if online and onsite:
        return str(AttendanceMode.MIXED)
    if online or onsite:
        return str(AttendanceMode.ONLINE if online else AttendanceMode.ONSITE)
    return " ; ".join(words)


def _places(event: dict) -> str:
    """The seats on the spot and at a distance together."""
    names = ("nombrePlaceTotalPresentiel", "nombrePlaceTotalDistance")
    given = [as_text(event.get(name)) for name in names]
    wrong = [each for each in given if each and not re.fullmatch("[0-9]{1,7}", each)]
    total = 0 if wrong else sum(int(each or 0) for each in given)
    return wrong[0] if wrong else str(total or "")


def _partners(event: dict) -> str:
    names = [as_text(event.get(name)) for name in ("libelleOrganisateurPrincipal", "libelleEtablissement")]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _slot(event: dict) -> dict[str, str]:
    """The one slot: as moments where its zone is told, else as it is written, in the time of the commune."""
    day = as_text(event.get("dateEvenement"))[:10]
    start, end = (_hour(as_text(event.get(name))) for name in ("heureDebut", "heureFin"))
    written = {"day": day, "start": start, "end": end}
    try:
        zone = ZoneInfo(as_text(event.get("timezone")))
        moments = [datetime.fromisoformat(f"{day}T{each}").replace(tzinfo=zone) for each in (start, end)]
    except (KeyError, ValueError, OSError):
        return written
    return {"other_slots": "/".join(each.isoformat(timespec="minutes") for each in moments)}


def _hour(value: str) -> str:
    found = re.match(r"([0-9]{1,2})\s*[:hH]\s*([0-9]{2})", value)
    return f"{found[1]:0>2}:{found[2]}" if found else value
