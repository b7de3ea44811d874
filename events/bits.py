"""Which public event of an edition has what, as one number per choice with one bit per event: counting is then adding.

Exact counts of a hundred thousand events cost PostgreSQL a second, whatever the indexes: every choice of every facet
looks at every event. What an event has changes only with the site's revision; what the clock changes is worked out from
the bits, which stand in the order of their events' ends. So each process reads them once for a revision: a few MB.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.models import F

from events.querysets import EventQuerySet, where_held

# What is looked up by code. An event has each code of an array.
SINGLE = {
    "region": where_held("department__region"),
    "departement": where_held("department"),
    "nature": F("format_code"),
    "mode": F("attendance_mode"),
    "acces": F("access_mode"),
    "zone": F("timezone"),
    "lasting": F("is_lasting"),
}
ARRAYS = {
    "public": F("audience_codes"),
    "filiere": F("sector_codes"),
    "theme": F("topic_codes"),
    "accessibilite": F("accessibility_codes"),
}
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# A moment in microseconds, whole ones, as `_moment` has it.
MOMENT = "(extract(epoch FROM {}) * 1000000)::bigint"
SHARED_SECONDS = 3600
SLOTS = " JOIN events_timeslot AS slot ON slot.event_id = found.pk"

_kept: dict[int, tuple[int, "Bits"]] = {}
_reading = Lock()


@dataclass(frozen=True)
class Slots:
    """Slots of the same days: in the same order their ends, in microseconds, and the places of their events."""

    first: date
    last: date
    ends: array
    places: array
    bits: int

    @cached_property
    def soonest(self) -> int:
        return min(self.ends)

    @cached_property
    def latest(self) -> int:
        return max(self.ends)


@dataclass(frozen=True)
class Bits:
    """The n-th bit stands for the event of the n-th latest end. `codes`: by facet, then by code; None for no code.

    `keys`: the events' primary keys. `days`: by their first day, the slots in the order of a list of that day.
    """

    ends: array  # turned around, so that they grow
    keys: array
    codes: dict[str, dict[str | None, int]]
    slots: list[Slots]
    days: dict[date, Slots]

    @cached_property
    def place_of(self) -> dict[int, int]:
        return {key: place for place, key in enumerate(self.keys)}

    @property
    def all(self) -> int:
        return (1 << len(self.ends)) - 1

    def upcoming(self, at: datetime) -> int:
        """The events with a slot that is not over at `at`."""
        return (1 << bisect_left(self.ends, -_moment(at))) - 1

    def some(self, facet: str, codes: Iterable[str]) -> int:
        """The events with one of these codes."""
        return reduce(or_, (self.codes[facet].get(code, 0) for code in codes), 0)

    def of(self, keys: Iterable[int]) -> int:
        """The events of these primary keys."""
        return _bits((self.place_of[key] for key in keys if key in self.place_of), len(self.ends))

    def open_between(self, first: date | None, last: date | None, since: datetime | None = None) -> int:
        """What `querysets.open_between` finds."""
        found = 0
        for slots in self.slots:
            if (first is None or slots.last >= first) and (last is None or slots.first <= last):
                found |= slots.bits if since is None else self._left(slots, since)
        return found

    def from_slot_on(self, day: date, since: datetime | None) -> int:
        """The events with a slot that begins on this day, not over at `since`."""
        slots, moment = self.days[day], _moment(since) if since else 0
        if moment < slots.soonest:
            return slots.bits
        left = (place for place, end in zip(slots.places, slots.ends, strict=True) if end > moment)
        return 0 if moment >= slots.latest else _bits(left, len(self.ends))

    def in_order(self, day: date, events: int, since: datetime | None) -> Iterator[int]:
        """These events, each with such a slot on this day, in the order of a list of the day."""
        slots, moment, told = self.days[day], _moment(since) if since else 0, set()
        wanted = f"{events:b}"[::-1].ljust(len(self.ends), "0")
        for place, end in zip(slots.places, slots.ends, strict=True):
            if end > moment and wanted[place] == "1" and place not in told:
                told.add(place)
                yield place

    def without_slot(self, events: int) -> list[int]:
        """These events, of which no slot is to come, as a list ends with them."""
        places = [place for place, digit in enumerate(reversed(f"{events:b}")) if digit == "1"]
        lasting = self.codes["lasting"].get("true", 0)
        return sorted(places, key=lambda place: (lasting >> place & 1, self.keys[place]))

    def _left(self, slots: Slots, since: datetime) -> int:
        over = bisect_right(slots.ends, _moment(since))
        return slots.bits if over == 0 else _bits(slots.places[over:], len(self.ends))


def read(events: EventQuerySet, edition: int, revision: int) -> Bits:
    """Return the bits of these events, all the public ones of an edition, at a revision of the site.

    One query when no process has read that revision yet; others who need it meanwhile in this one wait for it.
    """
    with _reading:
        known = _kept.get(edition)
        if known is None or known[0] != revision:
            known = _kept[edition] = revision, _shared(events, edition, revision)
    return known[1]


def _shared(events: EventQuerySet, edition: int, revision: int) -> "Bits":
    """Another process of the same code may have read them."""
    key = f"bits:{settings.CODE_VERSION}:{edition}"
    known = cache.get(key)
    if known is None or known[0] != revision:
        known = revision, _read(events)
        cache.set(key, known, timeout=SHARED_SECONDS)
    return known[1]


def forget() -> None:
    """For tests, in which the same revision comes again with other events."""
    _kept.clear()


def _read(events: EventQuerySet) -> Bits:
    rows = events.order_by().values("pk", ends=F("last_ends_at"), **SINGLE, **ARRAYS)
    inner, parameters = rows.query.sql_with_params()
    with connections[events.db].cursor() as cursor:
        cursor.execute(_statement(inner), parameters)
        found = defaultdict(dict)
        for what, code, text in cursor.fetchall():
            found[what][code] = text
    ends = array("q", (-int(each) for each in _parts(found["ends"].get(None))))
    keys = array("q", map(int, _parts(found["pk"].get(None))))
    slots = [_slots(days, text, len(ends)) for days, text in found["slots"].items()]
    days = [_slots(day, text, len(ends)) for day, text in sorted(found["days"].items())]
    codes = {
        facet: {code: _bits(map(int, _parts(text)), len(ends)) for code, text in found[facet].items()}
        for facet in (*SINGLE, *ARRAYS)
    }
    return Bits(ends, keys, codes, slots, {each.first: each for each in days})


def _statement(inner: str) -> str:
    """The names come from this module alone; a text holds thousands of numbers, which cost less than as many rows."""
    slot = f"n || ':' || {MOMENT.format('slot.ends_at')}"
    arms = [
        _arm("pk", "NULL", "pk::text, ',' ORDER BY n"),
        _arm("ends", "NULL", f"coalesce({MOMENT.format('ends')}, 0)::text, ',' ORDER BY n"),
        *(_arm(name, f"{name}::text", "n::text, ','") for name in SINGLE),
        *(_arm(name, "code", "n::text, ','", f", unnest({name}) AS code") for name in ARRAYS),
        _arm("slots", "first_day || ' ' || last_day", f"{slot}, ',' ORDER BY slot.ends_at, n", SLOTS),
        _arm(
            "days",
            "first_day || ' ' || first_day",
            f"{slot}, ',' ORDER BY lasting, slot.starts_at, pk",
            SLOTS,
        ),
    ]
    numbers = "row_number() OVER (ORDER BY ends DESC NULLS LAST, pk) - 1 AS n"
    found = f"SELECT *, {numbers} FROM ({inner}) AS rows_of_the_door"  # noqa: S608
    return f"WITH found AS MATERIALIZED ({found}) {' UNION ALL '.join(arms)}"


def _arm(name: str, code: str, listed: str, joined: str = "") -> str:
    return f"SELECT '{name}', {code}, string_agg({listed}) FROM found{joined} GROUP BY 2"  # noqa: S608


def _slots(days: str, text: str, size: int) -> Slots:
    first, last = map(date.fromisoformat, days.split(" "))
    pairs = [each.split(":") for each in _parts(text)]
    places, ends = ([int(pair[side]) for pair in pairs] for side in (0, 1))
    return Slots(first, last, array("q", ends), array("l", places), _bits(places, size))


def _bits(places: Iterable[int], size: int) -> int:
    """Digits first: setting one in a number copies the whole number."""
    digits = bytearray(b"0") * (size + 1)
    for place in places:
        digits[size - place] = 49  # "1"
    return int(digits, 2)


def _parts(text: str | None) -> list[str]:
    return text.split(",") if text else []


def _moment(at: datetime) -> int:
    return (at - BEGINNING) // MICROSECOND
