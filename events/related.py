"""What to look at next: events to come near an event, then events like it."""

from datetime import datetime

from events.models import Event
from events.querysets import EventQuerySet

AT_MOST = 4


def related(event: Event, at: datetime) -> list[int]:
    """Return up to four other events that are still to come, by key: of the département, then of the filières.

    Two queries at most, whatever the number of rows.
    """
    coming = Event.objects.taking_place().upcoming(at).exclude(pk=event.pk)
    near = _first(coming.held_in(event.department), at, AT_MOST) if event.commune_id else []
    missing = AT_MOST - len(near)
    alike = coming.exclude(pk__in=near).filter(sector_codes__overlap=event.sector_codes)
    return near + (_first(alike, at, missing) if missing else [])


def _first(events: EventQuerySet, at: datetime, number: int) -> list[int]:
    return list(events.in_order(at).values_list("pk", flat=True)[:number])
