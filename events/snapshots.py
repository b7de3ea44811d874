"""What a referent had before their eyes: kept with their decision, and sent along with the page that they read.

It holds what the public would see, and neither the contact nor how to register, which may be a person's own.
"""

import copy
from datetime import datetime

from django.core import signing

from events.amendments import POINT, Line, in_words, short, stored
from events.contents import Slots, fill, slots_of
from events.eligibility import LABEL_FACTS
from events.enums import Accessibility, TermKind
from events.models import Event, Term

DESCRIBED = (
    "description",
    "topic_codes",
    "more_info_url",
    "partners",
    "image",
    "image_alt",
    "capacity",
    "expected_participants",
    "age_min",
    "age_max",
    "accessibility_codes",
)
KEPT = (*(name for name in LABEL_FACTS if name != "slots"), *POINT, *DESCRIBED)
SALT = "examination"


def snapshot(event: Event) -> dict:
    """Return the event's contents as JSON can hold them."""
    slots = [[each.isoformat() for each in slot] for slot in slots_of(event)]
    return {name: _plain(event, name) for name in KEPT} | {"slots": slots}


def _plain(event: Event, name: str):
    return event.image.name if name == "image" else stored(event, name)


def changes(event: Event, before: dict, at: datetime) -> list[Line]:
    """Return what differs between a snapshot and the event as it is now, in words. Three queries, or none."""
    now = snapshot(event)
    if before == now:
        return []
    terms = Term.objects.labels(TermKind.FORMAT) | Term.objects.labels(TermKind.SECTOR)
    terms |= Term.objects.labels(TermKind.TOPIC)
    old = dict(_words(*_as_it_was(event, before), terms, at))
    new = dict(_words(copy.copy(event), slots_of(event), terms, at))
    return [short(Line(label, old[label], new[label])) for label in new if old[label] != new[label]]


def _as_it_was(event: Event, before: dict) -> tuple[Event, Slots]:
    values = dict(before)
    slots = [tuple(datetime.fromisoformat(each) for each in pair) for pair in values.pop("slots")]
    was = copy.copy(event)
    was.commune_id = values.pop("commune")
    fill(was, values)
    return was, slots


def _words(event: Event, slots: Slots, terms: dict, at: datetime):
    # Its contact and its ways to register are not kept: they are those of today.
    yield from in_words(event, slots, terms, at)
    yield "Description", [event.description]
    yield "Thèmes", sorted(terms.get(code, code) for code in event.topic_codes)
    yield "Page à consulter", [event.more_info_url]
    yield "Partenaires", [event.partners]
    yield "Image", [f"{event.image_alt} ({event.image.name[-12:]})" if event.image else ""]
    yield "Nombre de places", _number(event.capacity)
    yield "Participants attendus", _number(event.expected_participants)
    yield "Âge minimum", _number(event.age_min)
    yield "Âge maximum", _number(event.age_max)
    yield "Accessibilité", sorted(Accessibility(code).label for code in event.accessibility_codes)


def _number(value: int | None) -> list[str]:
    return [] if value is None else [f"{value}"]


def sealed(event: Event) -> str:
    """Return the snapshot as a page carries it, so that its reader is told what changed since."""
    return signing.dumps(snapshot(event), salt=SALT, compress=True)


def unsealed(text: str) -> dict | None:
    """Return the snapshot that a page carried; None when it is not one of ours."""
    try:
        return signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
