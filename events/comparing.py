"""Two files side by side, fact by fact, for a referent who asks whether they are one."""

from copy import copy
from datetime import datetime
from typing import NamedTuple

from events import merging
from events.amendments import in_words
from events.contents import slots_of
from events.enums import Status, TermKind, Transition
from events.models import Event, Term
from events.transitions import why_not


class Row(NamedTuple):
    label: str
    sides: list[list[str]]
    differs: bool


def context_of(pair: list[Event], *, by, at: datetime) -> dict:
    """Return what the page of the comparison shows: the facts of both, and why one may not be kept."""
    terms = Term.objects.labels(TermKind.FORMAT) | Term.objects.labels(TermKind.SECTOR)
    words = [_words(event, terms, at) for event in pair]
    rows = [[side[label] for side in words] for label in words[0]]
    first, second = pair
    return {
        "rows": [
            Row(label, sides, sides[0] != sides[1]) for label, sides in zip(words[0], rows, strict=True)
        ],
        "sides": [_side(first, second, by, at), _side(second, first, by, at)],
    }


def _words(event: Event, terms: dict, at: datetime) -> dict[str, list[str]]:
    facts = {
        "Statut": [Status(event.status).referent_label],
        "Organisateur": [event.organizer_name],
        "Numéro de label": [event.label_number or ""],
    }
    facts |= dict(in_words(copy(event), slots_of(event), terms, at))
    facts |= {"Description": [event.description]}
    return {label: [each for each in words if each] for label, words in facts.items()}


def _side(kept: Event, other: Event, by, at: datetime) -> dict:
    """Return an event with the reason why it may not be kept and the other merged into it."""
    reason = why_not(other, Transition.MERGE, by=by, at=at) or merging.why_not_keep(kept, other, by=by)
    return {"event": kept, "why_not": reason}
