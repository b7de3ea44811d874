"""The cells that say when, to slots: pairs of moments, in the local time of the place."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from events.imports.cells import PARTS, Wrong
from events.imports.limits import MOST_SLOTS
from events.models.slot import LONGEST
from semaine.dates import day_words, local
from semaine.forms import DayField, HourField

DAY_WANTED = "une date comme 18/11/2026"
HOUR_WANTED = "une heure comme 14:30"
SLOT_WANTED = "des créneaux comme « 18/11/2026 9:00-12:00 ; 19/11/2026 14:00-17:00 »"
SLOT = re.compile(r"(\S+)\s+(\S.*?)\s*(?:-|–|—|à)\s*(\S.*)")
MIDNIGHT = time(0, 0)

_day, _hour = DayField(), HourField()
Slot = tuple[datetime, datetime]


class WrittenSlot(NamedTuple):
    """A slot as it is written, in the time of a place that is not known yet."""

    day: date
    start: time
    end: time

    def moments(self, zone: str) -> Slot:
        there = ZoneInfo(zone)
        last_day = self.day + timedelta(days=self.end == MIDNIGHT)
        starts_at = datetime.combine(self.day, self.start, there)
        return starts_at.astimezone(UTC), datetime.combine(last_day, self.end, there).astimezone(UTC)


class Interval(NamedTuple):
    """A slot that says its distance from UTC: « 2026-11-18T09:00+01:00/2026-11-18T12:00+01:00 »."""

    starts_at: datetime
    ends_at: datetime

    def moments(self, zone: str) -> Slot:
        return self.starts_at.astimezone(UTC), self.ends_at.astimezone(UTC)


def day(cell: str, _=None) -> date:
    try:
        return _day.clean(cell.split(" 00:00")[0])
    except ValidationError:
        raise Wrong(DAY_WANTED) from None


def hour(cell: str, _=None) -> time:
    try:
        return _hour.clean(cell)
    except ValidationError:
        raise Wrong(HOUR_WANTED) from None


def others(cell: str, _=None) -> list[WrittenSlot | Interval]:
    parts = [part.strip() for part in PARTS.split(cell) if part.strip()]
    if len(parts) > MOST_SLOTS:
        raise Wrong(f"{MOST_SLOTS} créneaux au plus", f"{len(parts)} créneaux")
    return [_interval(part) if "/" in part and "T" in part else _written(part) for part in parts]


def _written(part: str) -> WrittenSlot:
    found = SLOT.fullmatch(part)
    if not found:
        raise Wrong(SLOT_WANTED, part)
    try:
        return WrittenSlot(day(found[1]), hour(found[2]), hour(found[3]))
    except Wrong as wrong:
        raise Wrong(wrong.wanted, part) from None


def _interval(part: str) -> Interval:
    try:
        starts_at, ends_at = (datetime.fromisoformat(each) for each in part.split("/"))
        # In UTC at once: at the edge of the calendar it overflows.
        interval = Interval(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Wrong(SLOT_WANTED, part) from None
    if starts_at.tzinfo is None or ends_at.tzinfo is None or not 1900 < starts_at.year < 2200:
        raise Wrong(SLOT_WANTED, part)
    return interval


def placed(written: list[WrittenSlot | Interval], zone: str) -> list[Slot]:
    """Return the slots, sorted, as moments of a place's time; raise Wrong where they do not hold together."""
    for each in written:
        if isinstance(each, WrittenSlot) and each.end != MIDNIGHT and each.end <= each.start:
            raise Wrong("une fin après le début, le même jour", f"{each.start:%H:%M}-{each.end:%H:%M}")
    taken = sorted(dict.fromkeys(each.moments(zone) for each in written))
    for starts_at, ends_at in taken:
        if not starts_at < ends_at <= starts_at + LONGEST:
            raise Wrong("24 heures au plus, la fin après le début", _words(starts_at, ends_at, zone))
    for (_, ends_at), (starts_at, until) in pairwise(taken):
        if starts_at < ends_at:
            raise Wrong("des créneaux qui ne se chevauchent pas", _words(starts_at, until, zone))
    return taken


def _words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    starts, ends = local(starts_at, zone), local(ends_at, zone)
    return f"{day_words(starts.date(), year=True)} {starts:%H:%M}-{ends:%H:%M}"
