"""An event's contents in memory and on disk: what its writers share."""

from collections.abc import Sequence
from datetime import datetime

from events.models import Event, TimeSlot
from events.places import settle
from events.transitions import WorkflowError
from semaine.dates import last_local_day, local, longest_run

Slots = Sequence[tuple[datetime, datetime]]

LASTING_DAYS = 3
MOST_SLOTS = 800


def slots_of(event: Event) -> list[tuple[datetime, datetime]]:
    """Return the (start, end) pairs of an event's slots. One query, none where `slots` were prefetched."""
    return [(slot.starts_at, slot.ends_at) for slot in event.slots.all()]


def fill(event: Event, values: dict) -> None:
    """Set values in memory, and what follows from the place."""
    for name, value in values.items():
        setattr(event, name, value)
    settle(event)


def write_slots(event: Event, slots: Slots) -> None:
    """Replace the event's slots; what follows from them is set on the event, which is not saved."""
    check_number(slots)
    rows = slot_rows(event, sorted(slots))
    event.slots.all().delete()
    TimeSlot.objects.bulk_create(rows)


def check_number(slots: Slots) -> None:
    if len(slots) > MOST_SLOTS:
        raise WorkflowError(
            f"Un événement compte {MOST_SLOTS} créneaux au plus, et il en aurait {len(slots)}."
        )


def slot_rows(event: Event, slots: Slots) -> list[TimeSlot]:
    """Return the event's slots, not saved, and write on it what follows from them: first, last, lasting."""
    rows = [
        TimeSlot(
            event=event,
            starts_at=starts_at,
            ends_at=ends_at,
            first_day=local(starts_at, event.timezone).date(),
            last_day=last_local_day(ends_at, event.timezone),
        )
        for starts_at, ends_at in slots
    ]
    event.first_day = min((row.first_day for row in rows), default=None)
    event.first_starts_at = min((row.starts_at for row in rows), default=None)
    event.first_ends_at = min((row.ends_at for row in rows), default=None)
    event.last_ends_at = max((row.ends_at for row in rows), default=None)
    days = [day for row in rows for day in (row.first_day, row.last_day)]
    event.is_lasting = longest_run(days) > LASTING_DAYS
    return rows
