"""An event as OpenAgenda (v2) tells it, and beside its fields those that the Semaine adds.

One table: each field is made of a card by a function, and has its JSON Schema, which the documentation shows.
"""

import zlib
from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from events.cards import Card, slot_words
from events.enums import Accessibility, AccessMode, AttendanceMode, Audience, RegistrationKind, TermKind
from events.imports.openagenda import MODES
from events.models import Term, TimeSlot
from semaine.dates import local, period_words

# Codes of OpenAgenda.
PUBLISHED = 2
SCHEDULED, FULL, CANCELLED = 1, 5, 6
KINDS = {RegistrationKind.LINK: "link", RegistrationKind.EMAIL: "email", RegistrationKind.PHONE: "phone"}
CODE_OF = {mode: code for code, mode in MODES.items()}
TYPES = {".webp": "image/webp"}


class Labels(NamedTuple):
    """The names of the terms by code, those that are chosen no more included. One query."""

    formats: dict[str, str]
    sectors: dict[str, str]
    topics: dict[str, str]

    @classmethod
    def read(cls) -> "Labels":
        terms = Term.objects.by_kind()
        kinds = (TermKind.FORMAT, TermKind.SECTOR, TermKind.TOPIC)
        return cls(*({each.code: each.label for each in terms[kind]} for kind in kinds))


def french(words: str) -> dict:
    return {"fr": words} if words else {}


def option(code: str, label: str) -> dict | None:
    return {"value": code, "label": {"fr": label}} if code else None


def options(codes, labels) -> list[dict]:
    return [option(code, labels.get(code, code)) for code in codes]


def absolute(address: str) -> str:
    return settings.SITE_URL + address


def timing(slot: TimeSlot | None, zone: str) -> dict | None:
    if slot is None:
        return None
    starts, ends = (local(each, zone).isoformat() for each in (slot.starts_at, slot.ends_at))
    return {"begin": starts, "end": ends}


def coming(card: Card) -> TimeSlot | None:
    return next((slot for slot in card.slots if slot.ends_at > card.at), None)


def date_range(card: Card) -> str:
    if not card.slots:
        return ""
    first, last = card.slots[0], card.slots[-1]
    if first is last:
        words = slot_words(first, card.event.timezone, card.at)
    else:
        words = period_words(first.first_day, last.last_day)
    return words[0].upper() + words[1:]


def conditions(card: Card) -> str:
    if not card.event.is_free:
        return ""
    access = AccessMode(card.event.access_mode or AccessMode.OPEN)
    return "Gratuit" if access == AccessMode.OPEN else f"Gratuit, {access.label[0].lower()}{access.label[1:]}"


def keywords(card: Card, labels: Labels) -> dict:
    event = card.event
    words = [labels.sectors.get(each, each) for each in event.sector_codes]
    words += [labels.topics.get(each, each) for each in event.topic_codes]
    return {"fr": words} if words else {}


def image(card: Card) -> dict | None:
    event = card.event
    if not event.image:
        return None
    base, _, name = absolute(event.image.url).rpartition("/")
    size = {"width": event.image_width, "height": event.image_height}
    full = {"filename": name, "size": size, "type": "full"}
    return {"filename": name, "size": size, "variants": [full], "base": urljoin(f"{base}/", "")}


def registration(card: Card) -> list[dict]:
    found, kind = card.registration, card.event.registration_kind
    return [{"type": KINDS[kind], "value": found.value}] if found and found.value and kind in KINDS else []


def how_to_register(card: Card) -> dict | None:
    kind = card.event.registration_kind if card.registration else ""
    return option(kind, RegistrationKind(kind).label) if kind else None


def status(card: Card) -> int:
    if card.is_cancelled:
        return CANCELLED
    return FULL if card.is_full else SCHEDULED


def location(card: Card) -> dict | None:
    event = card.event
    if event.commune is None:
        return None
    commune, department = event.commune, event.commune.department
    region = department.region.name if department.region else None
    name, city = event.venue or commune.name, f"{event.postal_code} {commune.name}".strip()
    return {
        # The same place has the same number.
        "uid": zlib.crc32(f"{commune.pk}|{event.venue}|{event.address}".encode()),
        "name": name,
        "address": ", ".join(filter(None, [event.address, city])),
        "city": commune.name,
        "postalCode": event.postal_code,
        "insee": commune.pk,
        "department": department.name,
        "region": region,
        "adminLevel1": region,
        "adminLevel2": department.name,
        "adminLevel3": None,
        "adminLevel4": commune.name,
        "adminLevel5": None,
        "district": None,
        "countryCode": "FR",
        "latitude": event.latitude,
        "longitude": event.longitude,
        "precision": event.precision or None,
        "timezone": event.timezone,
        "extIds": None,
    }


def agenda(card: Card) -> dict:
    edition = card.event.edition
    return {
        "uid": edition.year,
        "title": f"Semaine de l’industrie {edition.year}",
        "slug": f"semaine-industrie-{edition.year}",
        "description": "Visites d’usines, rencontres, ateliers et job datings gratuits, partout en France.",
        "url": absolute(reverse("edition", args=[edition.year])),
        "image": None,
        "official": True,
    }


def organizer(card: Card) -> dict:
    organization = card.event.organization
    return {
        "uid": organization.pk,
        "slug": organization.slug,
        "name": card.organizer_name,
        "url": absolute(card.organizer_url),
    }


def accessibility(card: Card) -> dict:
    return {code: code in card.event.accessibility_codes for code in Accessibility.values}


def audiences(card: Card) -> list[dict]:
    return options(card.event.audience_codes, dict(Audience.choices))


def access(card: Card) -> dict | None:
    code = card.event.access_mode
    return option(code, AccessMode(code).label) if code else None


def mode(card: Card) -> int:
    return CODE_OF[AttendanceMode(card.event.attendance_mode)]
