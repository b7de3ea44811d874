"""What an organizer proposes to change of a labelled event: the event as it would be, and the difference.

Nothing here writes, and nothing that the public sees reads from here.
"""

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from events.cards import Card, slot_words
from events.contents import Slots, fill, slot_rows, slots_of
from events.eligibility import LABEL_FACTS, PLACE_FACTS
from events.enums import AttendanceMode, PointSource, Precision, TermKind
from events.models import Amendment, Event, Term
from events.transitions import open_amendment
from semaine.text import count, join_words

# What goes with a proposal, for it means nothing without it; alone, it changes at once.
POINT = ("latitude", "longitude", "precision", "point_source", "geocoding_score")
REGISTRATION = ("registration_kind", "registration_value")
RIDERS = dict.fromkeys(PLACE_FACTS, POINT) | {"access_mode": REGISTRATION}

MOST_SLOTS = 10

# What changes at once, as the history names it.
REST = {
    "description": "description",
    "topic_codes": "thèmes",
    "image": "image",
    "image_width": "image",
    "image_height": "image",
    "image_alt": "description de l’image",
    "image_credit": "crédit de l’image",
    "more_info_url": "page à consulter",
    "partners": "partenaires",
    "registration_kind": "inscription",
    "registration_value": "inscription",
    "capacity": "nombre de places",
    "is_full": "complet ou non",
    "expected_participants": "participants attendus",
    "age_min": "âge",
    "age_max": "âge",
    "accessibility_codes": "accessibilité",
    "public_contact": "contact pour le public",
    "contact_name": "contact du référent",
    "contact_email": "contact du référent",
    "contact_phone": "contact du référent",
    "external_id": "identifiant dans le fichier",
} | dict.fromkeys(POINT, "point sur la carte")


class Line(NamedTuple):
    """One fact, side by side: what bears the label, and what it would be. Several words where it has several."""

    label: str
    before: list[str]
    after: list[str]


def as_proposed(event: Event, proposal: Amendment | None = None) -> tuple[Event, Slots]:
    """Return a copy of the event with its open proposal applied, in memory only, and the slots it would have.

    Without a proposal, the copy is the event as it stands. One query for the proposal unless it is given.
    """
    proposal = proposal or open_amendment(event)
    changes = dict(proposal.changes) if proposal else {}
    slots = _slots_from(changes.pop("slots")) if "slots" in changes else slots_of(event)
    wanted = copy.copy(event)
    if "commune" in changes:
        wanted.commune_id = changes.pop("commune")
    fill(wanted, changes)
    return wanted, slots


def differences(event: Event, wanted: Event, slots: Slots) -> dict:
    """Return what of the label's facts differs between an event and what it would be, as a proposal stores it."""
    facts = [name for name in LABEL_FACTS if name != "slots" and differ(event, wanted, name)]
    riders = {rider for fact in facts for rider in RIDERS.get(fact, ()) if differ(event, wanted, rider)}
    changes = {name: stored(wanted, name) for name in [*facts, *sorted(riders)]}
    if sorted(slots) != slots_of(event):
        changes["slots"] = [[each.isoformat() for each in slot] for slot in sorted(slots)]
    return changes


def differ(event: Event, wanted: Event, name: str) -> bool:
    before, after = stored(event, name), stored(wanted, name)
    # Boxes are ticked in no order.
    return sorted(before) != sorted(after) if isinstance(before, list) else before != after


def stored(event: Event, name: str):
    return event.commune_id if name == "commune" else getattr(event, name)


def _slots_from(pairs: list) -> list[tuple[datetime, datetime]]:
    return [tuple(datetime.fromisoformat(each) for each in pair) for pair in pairs]


def names_of(fields) -> str:
    """Return « description, image et âge »: what changed, each named once."""
    return join_words(dict.fromkeys(REST[name] for name in fields))


def diff(event: Event, proposal: Amendment) -> list[Line]:
    """Return what a proposal changes, in words, in the order of an event's page. A handful of queries."""
    wanted, slots = as_proposed(event, proposal)
    terms = _terms(proposal)
    before = dict(in_words(copy.copy(event), slots_of(event), terms, proposal.at))
    after = dict(in_words(wanted, slots, terms, proposal.at))
    lines = [Line(label, before[label], after[label]) for label in before]
    return [short(line) for line in lines if line.before != line.after]


def _terms(proposal: Amendment) -> dict[str, str]:
    """The terms' words by code, read only for a proposal that changes some."""
    if not {"format_code", "sector_codes"} & set(proposal.changes):
        return {}
    return Term.objects.labels(TermKind.FORMAT) | Term.objects.labels(TermKind.SECTOR)


def in_words(event: Event, slots: Slots, terms: dict, at: datetime) -> Iterator[tuple[str, list[str]]]:
    card = Card(event, at, {})
    rows = slot_rows(event, sorted(slots))
    yield "Titre", [event.title]
    yield "Résumé", [event.summary]
    yield "Nature", _named([event.format_code], terms)
    yield "Filières", _named(event.sector_codes, terms)
    yield "Publics", sorted(card.audience_labels)
    yield "Dates et heures", [slot_words(row, event.timezone, at) for row in rows]
    yield "Participation", [AttendanceMode(event.attendance_mode).label]
    yield "Lieu", [card.address_label]
    yield "Point sur la carte", [_point(event)]
    yield "Lien de connexion", [card.online_url]
    yield "Prix", [{True: "Gratuit", False: "Payant"}.get(event.is_free, "Sans réponse")]
    yield "Accès", [card.access_label]
    yield "Réservé à", [card.reserved_to]
    yield "Inscription", [" ".join(card.registration[:2])] if card.registration else []


def _named(codes: list[str], terms: dict) -> list[str]:
    return sorted(terms.get(code, code) for code in codes if code)


def _point(event: Event) -> str:
    if not event.precision:
        return ""
    by_hand = event.point_source == PointSource.HAND
    where = f" ({event.latitude:.4f}, {event.longitude:.4f})" if by_hand else ""
    return f"{PointSource.HAND.label if by_hand else Precision(event.precision).label}{where}".capitalize()


def short(line: Line) -> Line:
    """What a long list keeps is counted, for what it gains or loses to be seen."""
    before, after = ([each for each in words if each] for words in line[1:])
    if max(len(before), len(after)) <= MOST_SLOTS:
        return Line(line.label, before, after)
    kept = set(before) & set(after)
    same = [f"et {count(len(kept), 'créneau inchangé', 'créneaux inchangés')}"] if kept else []
    return Line(
        line.label, *([each for each in words if each not in kept] + same for words in (before, after))
    )
