"""The label window as a calendar: which days count, and which the event has chosen."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from semaine.dates import MONTHS, WEEKDAYS, LabelWindow, day_words

LONGEST = 100  # days: an exhibition of a year is not drawn beyond


class Day(NamedTuple):
    number: int
    label: str
    is_open: bool
    is_chosen: bool


class Month(NamedTuple):
    """« novembre 2025 », and its weeks from Monday to Sunday; None for the days of its neighbours."""

    label: str
    weeks: list[list[Day | None]]


class Window(NamedTuple):
    """`outside`: the chosen days that do not count, in words."""

    words: str
    months: list[Month]
    weekdays: tuple[str, ...]
    outside: list[str]


def window(label_window: LabelWindow, chosen: Iterable[date]) -> Window:
    """Return the months of the label window with the days chosen; months without an open day are not drawn."""
    chosen = set(chosen)
    first, last = label_window.first, min(label_window.last, label_window.first + timedelta(days=LONGEST))
    months = sorted({(day.year, day.month) for day in _days(first, last)})
    outside = sorted(day for day in chosen if not label_window.first <= day <= label_window.last)
    drawn = [
        Month(f"{MONTHS[month - 1]} {year}", _weeks(year, month, label_window, chosen))
        for year, month in months
    ]
    return Window(f"{label_window}", drawn, WEEKDAYS, [day_words(day, year=True) for day in outside])


def _days(first: date, last: date):
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


def _weeks(year: int, month: int, label_window: LabelWindow, chosen: set[date]) -> list[list[Day | None]]:
    def cell(day: date) -> Day | None:
        if day.month != month:
            return None
        is_open = label_window.first <= day <= label_window.last
        return Day(day.day, day_words(day), is_open, day in chosen)

    return [[cell(day) for day in week] for week in calendar.Calendar().monthdatescalendar(year, month)]
