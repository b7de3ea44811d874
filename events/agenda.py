"""When an event is open, as its page tells it: by day, what is to come first, in the time of its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from events.models import Event, TimeSlot
from semaine.dates import HOME_ZONE, MONTHS, WEEKDAYS, day_words, hour_words, local, zone_words
from semaine.text import count

SHOWN = 4  # days; a longer list is folded


def start_key(slot: TimeSlot) -> str:
    """Return « 20251120T080000Z »: the slot's start in UTC, by which an address and a calendar name it."""
    return f"{slot.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


class Time(NamedTuple):
    """One slot: « jeudi 20 novembre », « 9 h–11 h 30 », and what that is in Paris where it must be said."""

    slot: TimeSlot
    day: str
    hours: str
    paris: str

    @property
    def key(self) -> str:
        return start_key(self.slot)

    @property
    def label(self) -> str:
        return f"{self.day}, {self.hours}"


class Day(NamedTuple):
    label: str
    times: list[Time]


class Leaf(NamedTuple):
    """The next day as a leaf of a calendar shows it: « jeudi », « 20 », « novembre », « 9 h–11 h 30 »."""

    weekday: str
    number: str
    month: str
    hours: str


@dataclass(frozen=True)
class Agenda:
    """The times of an event, in order, as they stand at `at`."""

    event: Event
    slots: Sequence[TimeSlot]
    at: datetime

    @property
    def zone(self) -> str:
        return zone_words(self.event.timezone)

    @cached_property
    def coming(self) -> list[Time]:
        return [self._time(slot) for slot in self.slots if slot.ends_at > self.at]

    @cached_property
    def _over(self) -> list[Time]:
        return [self._time(slot) for slot in self.slots if slot.ends_at <= self.at]

    @cached_property
    def _days(self) -> list[Day]:
        return _by_day(self.coming or self._over)

    @property
    def days(self) -> list[Day]:
        """What a reader sees at once: the next days, or the first of an event that is over."""
        return self._days[: self._shown]

    @property
    def more(self) -> list[Day]:
        return self._days[self._shown :]

    @property
    def _shown(self) -> int:
        # One day alone is not worth a fold.
        return SHOWN if len(self._days) > SHOWN + 1 else SHOWN + 1

    @property
    def more_label(self) -> str:
        return f"Voir {count(len(self.more), 'autre jour', 'autres jours')}"

    @property
    def past(self) -> list[Day]:
        """The days gone by, where others are still to come."""
        return _by_day(self._over) if self.coming else []

    @property
    def leaf(self) -> Leaf | None:
        if not self._days:
            return None
        first = self._days[0].times[0]
        day = local(first.slot.starts_at, self.event.timezone).date()
        number = "1er" if day.day == 1 else str(day.day)
        return Leaf(WEEKDAYS[day.weekday()], number, MONTHS[day.month - 1], first.hours)

    def _time(self, slot: TimeSlot) -> Time:
        zone = self.event.timezone
        starts, ends = local(slot.starts_at, zone), local(slot.ends_at, zone)
        day = day_words(starts.date(), year=starts.year != local(self.at, zone).year)
        return Time(slot, day, _hours(starts, ends), self._paris(slot))

    def _paris(self, slot: TimeSlot) -> str:
        """Return « 6 h–8 h 30 », with its day if it is another; nothing for who must be there to attend."""
        there = local(slot.starts_at, self.event.timezone)
        starts, ends = local(slot.starts_at, HOME_ZONE), local(slot.ends_at, HOME_ZONE)
        if not self.event.mode.has_link or there.utcoffset() == starts.utcoffset():
            return ""
        day = "" if starts.date() == there.date() else f"{day_words(starts.date())}, "
        return day + _hours(starts, ends)


def _hours(starts: datetime, ends: datetime) -> str:
    if starts.date() == ends.date() or (ends.hour, ends.minute) == (0, 0):
        return f"{hour_words(starts)}–{hour_words(ends)}"
    return f"{hour_words(starts)} – {day_words(ends.date())}, {hour_words(ends)}"


def _by_day(times: Iterable[Time]) -> list[Day]:
    return [Day(label, list(each)) for label, each in groupby(times, key=lambda time: time.day)]
