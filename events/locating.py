"""The points of events that came without one: their addresses are looked up afterwards, a few at a time.

A file has thousands, and its import waits for nobody. What is found is the same address, so it is no change of the
contents: `version`, which a referent may be reading, stays. The date of change moves where the public sees the event,
for those who keep a copy of it.
"""

import time
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min, Q, Value
from django.db.models.functions import Concat

from events.enums import Source
from events.models import Event
from events.places import located, put_on_grid
from events.public_changes import tell
from events.querysets import EventQuerySet, is_seen
from semaine import geocoding
from semaine.models import Commune

BATCH = 50  # addresses
MOST_SECONDS = 5  # then the worker has other things to do

FOUND = ("latitude", "longitude", "tile_x", "tile_y", "precision", "point_source", "geocoding_score")


def to_locate(at: datetime) -> EventQuerySet:
    """Return what organizers wrote, not over, with a street but no point of its own: each with its `question`.

    Those of whose address the service was already asked are not among them.
    """
    question = Concat("address", Value(" "), "postal_code", Value(" "), "commune_id")
    told = Event.objects.exclude(source__in=(Source.PRESS, Source.EXAMPLE)).exclude(address="")
    told = told.filter(Q(last_ends_at=None) | Q(last_ends_at__gt=at), commune__isnull=False, point_source="")
    return told.annotate(question=question).exclude(address_asked=F("question"))


def locate_some(at: datetime) -> int:
    """Look up some of the addresses that wait, the oldest first; return how many events have a point now.

    It stops when the service fails: what was not asked waits for the next time. What the service does not know is
    not asked again.
    """
    placed, ends = 0, time.monotonic() + MOST_SECONDS
    for row in _waiting(at):
        if time.monotonic() > ends or not geocoding.answers():
            break
        found = located(row["address"], row["postal_code"], Commune.objects.get(pk=row["commune"]))
        if not found and not geocoding.answers():
            break
        same = to_locate(at).filter(question=row["question"]).order_by("pk")
        placed += sum(_place(pk, row["question"], found, at) for pk in same.values_list("pk", flat=True))
    return placed


def _waiting(at: datetime) -> list[dict]:
    """Return the first addresses that wait, each once for all the events that have it."""
    rows = to_locate(at).order_by().values("question", "address", "postal_code", "commune")
    return list(rows.annotate(first=Min("pk")).order_by("first")[:BATCH])


@transaction.atomic
def _place(pk: int, question: str, found: dict, at: datetime) -> bool:
    """Write what was found of an event's address, unless the event has changed in the meantime."""
    rows = to_locate(at).filter(pk=pk, question=question)
    event = rows.select_for_update(of=("self",)).first()
    if event is None:
        return False
    event.address_asked = question
    for name, value in found.items():
        setattr(event, name, value)
    put_on_grid(event)
    is_told = bool(found) and is_seen(event)
    event.updated_at = at if is_told else event.updated_at
    event.save(update_fields=["address_asked", "updated_at", *FOUND])
    if is_told:
        tell(event)
    return bool(found)
