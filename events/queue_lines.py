"""A line of the referent's queue in words: what tells which file to open first."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from events.deadlines import Due, due
from events.enums import AttendanceMode, Rule, Status
from events.models import Event
from events.queue import AMENDED_LABEL, CHANGED_LABEL
from semaine.dates import last_local_day, period_words, today
from semaine.text import NBSP, count, join_words

# The columns that a line is made of, but the name of the commune.
SHOWN = (
    "title", "organizer_name", "department_id", "format_code", "first_day", "last_ends_at", "timezone", "status",
    "changed_since_label", "due_on", "points_to_check",
)  # fmt: skip


class Line(NamedTuple):
    event: Event
    key: str
    url: str
    where: str
    when: str
    format: str
    points: str
    state: str
    due: Due | None


def lines(events, formats: dict[str, str], at: datetime, *, view: str = "") -> list[Line]:
    """Return the lines of events read with `with_proposals()` and their commune. No query.

    `view` is the query string of the list.
    """
    # Finding an address takes longer than all else in a line: it is found once.
    before, after = examination(0, "").rsplit("0", 1)
    query = f"?{view}" if view else ""
    return [
        Line(
            event,
            str(event.pk),
            f"{before}{event.pk}{after}{query}",
            where(event),
            when(event, at),
            formats.get(event.format_code, event.format_code) or "Sans nature",
            points(event),
            state(event),
            due(event, at),
        )
        for event in events
    ]


def examination(key: int, view: str) -> str:
    """Return the address of a file, opened from a view of the queue."""
    address = reverse("admin:events_event_examine", args=[key])
    return f"{address}?{view}" if view else address


def where(event: Event) -> str:
    """Return « Belfort (90) », « En ligne », « En ligne (90) » where an office of the département examines it."""
    name = event.commune.name if event.commune else AttendanceMode.ONLINE.label
    return f"{name} ({event.department_id})" if event.department_id else name


def when(event: Event, at: datetime) -> str:
    """Return « le 20 novembre », « du 17 au 23 novembre », with the year where it is another one."""
    if event.first_day is None:
        return "Sans date"
    last = last_local_day(event.last_ends_at, event.timezone)
    return period_words(event.first_day, last, year=last.year != today(at).year)


def points(event: Event) -> str:
    """Return what a human is to look into, beside the purpose: « 1 point à vérifier : territoire »."""
    found = event.points_to_check
    if not found:
        return "Rien à signaler"
    names = join_words(Rule(code).label.lower() for code in found)
    return f"{count(len(found), 'point')} à vérifier{NBSP}: {names}"


def state(event: Event) -> str:
    """Return where the event stands, as a referent reads it. It is read with `with_proposals()`."""
    if event.is_amended:
        return AMENDED_LABEL
    return CHANGED_LABEL if event.is_changed_unseen else Status(event.status).referent_label
