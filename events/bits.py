"""Which public event of an edition has what, as one number per choice with one bit per event: counting is then adding.

Exact counts of a hundred thousand events cost PostgreSQL a second, whatever the indexes: every choice of every facet
looks at every event. What an event has changes only with the site's revision; what the clock changes is worked out from
the bits, which stand in the order of their events' ends. So each process reads them once, a few MB, and then what has
changed.
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.models import F

from events.bitmaps import Bits, Slots, bits_at
from events.public_changes import changed_between
from events.querysets import HELD, EventQuerySet, where_held
from events.tally import mark

# What is looked up by code. An event has each code of an array.
SINGLE = {
    "region": where_held("department__region"),
    "departement": where_held("department"),
    "nature": F("format_code"),
    "mode": F("attendance_mode"),
    "acces": F("access_mode"),
    "zone": F("timezone"),
    "lasting": F("is_lasting"),
    "held": mark(HELD),
}
ARRAYS = {
    "public": F("audience_codes"),
    "filiere": F("sector_codes"),
    "theme": F("topic_codes"),
    "accessibilite": F("accessibility_codes"),
}
# One value of each event.
POINTS = {"north": F("latitude"), "east": F("longitude")}
# A moment in microseconds, whole ones, as `_moment` has it.
MOMENT = "(extract(epoch FROM {}) * 1000000)::bigint"
SHARED_SECONDS = 3600
SLOTS = " JOIN events_timeslot AS slot ON slot.event_id = found.pk"

_kept: dict[int, "Known"] = {}
_reading = Lock()


@dataclass(frozen=True)
class Known:
    """The bits at a revision, and those that were read whole, of which they are made."""

    revision: int
    bits: Bits
    whole_at: int
    whole: Bits


def read(events: EventQuerySet, edition: int, revision: int) -> Bits:
    """Return the bits of these events, all the public ones of an edition, at a revision of the site.

    Two queries when single events have changed since they were read, and when everything must be read; others who need
    them meanwhile in this process wait.
    """
    with _reading:
        known = _kept.get(edition)
        if known is None or known.revision != revision:
            known = _kept[edition] = _newer(events, edition, revision, known)
    return known.bits


def _newer(events: EventQuerySet, edition: int, revision: int, known: Known | None) -> Known:
    """Made of what this process knows, else of what another process of the same code has read, else read."""
    if found := known and _changed(events, revision, known.whole_at, known.whole):
        return found
    key = f"bits:{settings.CODE_VERSION}:{edition}"
    shared = cache.get(key)
    is_other = shared and not (known and known.whole_at == shared[0])
    if found := is_other and _changed(events, revision, *shared):
        return found
    whole = _read(events)
    cache.set(key, (revision, whole), timeout=SHARED_SECONDS)
    return Known(revision, whole, revision, whole)


def _changed(events: EventQuerySet, revision: int, whole_at: int, whole: Bits) -> Known | None:
    if revision == whole_at:
        return Known(revision, whole, whole_at, whole)
    changed = changed_between(whole_at, revision, using=events.db)
    if changed is None:
        return None
    return Known(revision, whole.with_changes(changed, _read(events.filter(pk__in=changed))), whole_at, whole)


def forget() -> None:
    """For tests, in which the same revision comes again with other events."""
    _kept.clear()


def _read(events: EventQuerySet) -> Bits:
    rows = events.order_by().values(
        "pk", ends=F("last_ends_at"), owner=F("organization"), **POINTS, **SINGLE, **ARRAYS
    )
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
        facet: {code: bits_at(map(int, _parts(text)), len(ends)) for code, text in found[facet].items()}
        for facet in (*SINGLE, *ARRAYS)
    }
    latitudes, longitudes = (array("d", map(float, _parts(found[name].get(None)))) for name in POINTS)
    return Bits(
        ends=(ends,),
        keys=keys,
        codes=codes,
        slots=slots,
        days={each.first: (each,) for each in days},
        organizations=array("q", map(int, _parts(found["owner"].get(None)))),
        latitudes=latitudes,
        longitudes=longitudes,
    )


def _statement(inner: str) -> str:
    """The names come from this module alone; a text holds thousands of numbers, which cost less than as many rows."""
    slot = f"n || ':' || {MOMENT.format('slot.ends_at')} || ':' || {MOMENT.format('slot.starts_at')}"
    arms = [
        _arm("pk", "NULL", "pk::text, ',' ORDER BY n"),
        _arm("ends", "NULL", f"coalesce({MOMENT.format('ends')}, 0)::text, ',' ORDER BY n"),
        _arm("owner", "NULL", "owner::text, ',' ORDER BY n"),
        *(_arm(name, "NULL", f"coalesce({name}, 'NaN')::text, ',' ORDER BY n") for name in POINTS),
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
    found = [each.split(":") for each in _parts(text)]
    places, ends, starts = ([int(each[side]) for each in found] for side in (0, 1, 2))
    return Slots(first, last, array("q", ends), array("q", starts), array("l", places), bits_at(places, size))


def _parts(text: str | None) -> list[str]:
    return text.split(",") if text else []
