"""« Aujourd’hui », « ce week-end »…: the days that words mean, on the calendar of each event's own place."""

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from events.querysets import open_between
from semaine.dates import local_days

TODAY, TOMORROW, WEEKEND, WEEK = "aujourdhui", "demain", "week-end", "cette-semaine"
CHOICES = [
    (TODAY, "Aujourd’hui"),
    (TOMORROW, "Demain"),
    (WEEKEND, "Ce week-end"),
    (WEEK, "Cette semaine"),
]


def days(preset: str, today: date) -> tuple[date, date]:
    """Return the first and last day that a preset means on `today`: the days to come of a week under way."""
    sunday = today + timedelta(days=6 - today.weekday())
    if preset == TODAY:
        return today, today
    if preset == TOMORROW:
        return today + timedelta(days=1), today + timedelta(days=1)
    if preset == WEEKEND:
        return max(today, sunday - timedelta(days=1)), sunday
    return today, sunday


def condition(preset: str, at: datetime, since: datetime | None = None) -> Q:
    """Return the condition that an event is open on these days, as its own time zone counts them at `at`.

    `since`: a slot that is over at this moment does not count.
    """
    return reduce(
        or_,
        (
            Q(timezone__in=zones) & open_between(*days(preset, today), since)
            for today, zones in local_days(at).items()
        ),
    )
