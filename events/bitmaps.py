"""Sets of events as numbers with one bit per event, for each choice of each facet, and for each slot of time."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, reduce
from heapq import merge
from itertools import compress, count, islice
from operator import or_

from semaine.geometry import around, distance_km

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# What makes true and false of the digits of a number.
TRUTHS = bytes.maketrans(b"01", b"\x00\x01")


@dataclass(frozen=True)
class Slots:
    """Slots of the same days: in the same order their ends and starts, in microseconds, and their events' places."""

    first: date
    last: date
    ends: array
    starts: array
    places: array
    bits: int

    @cached_property
    def soonest(self) -> int:
        return min(self.ends)

    @cached_property
    def latest(self) -> int:
        return max(self.ends)

    def left(self, moment: int, size: int) -> int:
        """The events whose slot is not over at a moment, among so many events."""
        if moment < self.soonest:
            return self.bits
        left = (place for place, end in zip(self.places, self.ends, strict=True) if end > moment)
        return 0 if moment >= self.latest else bits_at(left, size)

    def after(self, size: int) -> "Slots":
        """The same, their events coming after so many others."""
        places = array("l", (place + size for place in self.places))
        return replace(self, places=places, bits=self.bits << size)


@dataclass(frozen=True)
class Bits:
    """The n-th bit stands for the event of the n-th latest end. `codes`: by facet, then by code; None for no code.

    `keys`: the events' primary keys; `organizations`: theirs; `latitudes`, `longitudes`: in degrees, NaN without a
    point. `days`: by their first day, the slots in the order of a list of that day.
    Events that have changed since come after all others, in an order of their own: `gone` marks where they were.
    """

    ends: tuple[array, ...]  # turned around, so that they grow
    keys: array
    codes: dict[str, dict[str | None, int]]
    slots: list[Slots]
    days: dict[date, tuple[Slots, ...]]
    organizations: array
    latitudes: array
    longitudes: array
    gone: int = 0

    @cached_property
    def place_of(self) -> dict[int, int]:
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def all(self) -> int:
        return (1 << len(self.keys)) - 1 & ~self.gone

    def upcoming(self, at: datetime) -> int:
        """The events with a slot that is not over at `at`."""
        found = before = 0
        for ends in self.ends:
            found |= (1 << bisect_left(ends, -_moment(at))) - 1 << before
            before += len(ends)
        return found & self.all

    def some(self, facet: str, codes: Iterable[str]) -> int:
        """The events with one of these codes."""
        return reduce(or_, (self.codes[facet].get(code, 0) for code in codes), 0)

    def of(self, keys: Iterable[int]) -> int:
        """The events of these primary keys."""
        places = (self.place_of[key] for key in keys if key in self.place_of)
        return bits_at(places, len(self.keys)) & self.all

    def numbers(self, facet: str, events: int) -> dict[str | None, int]:
        """How many of these events have each code of a facet, those that none has left out."""
        numbers = {code: (events & those).bit_count() for code, those in self.codes[facet].items()}
        return {code: number for code, number in numbers.items() if number}

    def among(self, column: array, events: int) -> Iterator:
        """The values that these events have in a column."""
        return compress(column, _truths(events))

    def near(self, latitude: float, longitude: float, km: float) -> int:
        """What `search.within` finds: the events whose point is at most `km` away from one in degrees."""
        tall, wide = around(latitude, km)
        # Cheap to compare with, and drops nearly everything before the trigonometry.
        south, north = latitude - tall, latitude + tall
        belt = [place for place, there in enumerate(self.latitudes) if south <= there <= north]
        points = ((place, self.latitudes[place], self.longitudes[place]) for place in belt)
        # Across the 180th meridian two points are nearer than their longitudes.
        beside = (each for each in points if not wide < abs(each[2] - longitude) < 360 - wide)
        here = (place for place, *point in beside if distance_km(latitude, longitude, *point) <= km)
        return bits_at(here, len(self.keys)) & self.all

    def open_between(self, first: date | None, last: date | None, since: datetime | None = None) -> int:
        """What `querysets.open_between` finds."""
        found = 0
        for slots in self.slots:
            if (first is None or slots.last >= first) and (last is None or slots.first <= last):
                found |= slots.bits if since is None else self._left(slots, since)
        return found

    def _from_slot_on(self, day: date, since: datetime | None) -> int:
        """The events with a slot that begins on this day, not over at `since`."""
        moment = _moment(since) if since else 0
        return reduce(or_, (slots.left(moment, len(self.keys)) for slots in self.days[day]))

    def _in_order(self, day: date, events: int, since: datetime | None) -> Iterator[int]:
        """These events, each with such a slot on this day, in the order of a list of the day."""
        moment, told = _moment(since) if since else 0, set()
        wanted = f"{events:b}"[::-1].ljust(len(self.keys), "0")
        for place, end in self._by_start(self.days[day]):
            if end > moment and wanted[place] == "1" and place not in told:
                told.add(place)
                yield place

    def _by_start(self, parts: tuple[Slots, ...]) -> Iterator[tuple[int, int]]:
        """The places and ends of slots, each part of which is in the order of a list of the day."""
        rows = [zip(slots.places, slots.ends, slots.starts, strict=True) for slots in parts]
        if len(rows) == 1:
            return ((place, end) for place, end, _ in rows[0])
        lasting = self.codes["lasting"].get("true", 0)
        ordered = merge(*rows, key=lambda row: (lasting >> row[0] & 1, row[2], self.keys[row[0]]))
        return ((place, end) for place, end, _ in ordered)

    def by_date(self, events: int, since: datetime | None, start: int, stop: int) -> list[int]:
        """Return the keys of these events from one place to another of `EventQuerySet.in_order`."""
        return [self.keys[place] for place in islice(self._by_date(events, since, start), stop - start)]

    def _by_date(self, left: int, since: datetime | None, start: int) -> Iterator[int]:
        """Day by day, those whose next slot is then; last, those whose slots are over. Whole days are leapt over."""
        for day in self.days:
            there = left & self._from_slot_on(day, since)
            left &= ~there
            number = there.bit_count()
            if start < number:
                yield from islice(self._in_order(day, there, since), start, None)
            start = max(start - number, 0)
        yield from islice(self._without_slot(left), start, None)

    def _without_slot(self, events: int) -> list[int]:
        """These events, of which no slot is to come, as a list ends with them."""
        lasting = self.codes["lasting"].get("true", 0)
        places = compress(count(), _truths(events))
        return sorted(places, key=lambda place: (lasting >> place & 1, self.keys[place]))

    def _left(self, slots: Slots, since: datetime) -> int:
        over = bisect_right(slots.ends, _moment(since))
        return slots.bits if over == 0 else bits_at(slots.places[over:], len(self.keys))

    def with_changes(self, changed: set[int], theirs: "Bits") -> "Bits":
        """The same after events of these keys have changed; `theirs` holds those of them that are still public."""
        size, gone = len(self.keys), self.of(changed)
        codes = {}
        for facet, old in self.codes.items():
            new = theirs.codes[facet]
            codes[facet] = {
                code: old.get(code, 0) & ~gone | new.get(code, 0) << size for code in {*old, *new}
            }
        days = dict(self.days)
        for day, parts in theirs.days.items():
            days[day] = *days.get(day, ()), *(slots.after(size) for slots in parts)
        return Bits(
            ends=(*self.ends, *theirs.ends),
            keys=self.keys + theirs.keys,
            codes=codes,
            slots=[*self.slots, *(slots.after(size) for slots in theirs.slots)],
            days=dict(sorted(days.items())),
            organizations=self.organizations + theirs.organizations,
            latitudes=self.latitudes + theirs.latitudes,
            longitudes=self.longitudes + theirs.longitudes,
            gone=gone,
        )


def bits_at(places: Iterable[int], size: int) -> int:
    """Return the number with ones at these places. Digits first: setting one in a number copies the whole number."""
    digits = bytearray(b"0") * (size + 1)
    for place in places:
        digits[size - place] = 49  # "1"
    return int(digits, 2)


def _truths(events: int) -> bytes:
    """A byte per event, 1 for those that are there; what comes after the last of them is not told."""
    return f"{events:b}".encode()[::-1].translate(TRUTHS)


def _moment(at: datetime) -> int:
    return (at - BEGINNING) // MICROSECOND
