"""What a filter state finds, in bits: how many, which ones stand beside each choice, and which come first."""

from datetime import datetime
from functools import cached_property, reduce
from operator import and_

from django.db import connections

from events import bits, presets
from events.enums import AttendanceMode
from events.event_sets import EventSet
from events.filters import PLACES, ProgrammeFilter
from semaine.dates import local_days
from semaine.models import SiteRevision

SINGLE = ("region", "departement", "nature", "mode", "acces")
ARRAYS = ("public", "filiere", "theme", "accessibilite")
FACETS = (*SINGLE, *ARRAYS, "jour")
# All the codes of this one are wanted together, so that one more choice narrows what the others found.
NARROWING = "accessibilite"


class Found:
    """What a filter state leaves, its values being right. One query; one more for a new revision of the site."""

    def __init__(self, filterset: ProgrammeFilter):
        self.filterset = filterset
        self.at = filterset.at
        self.since = None if filterset.shows_all else filterset.at
        revision, there, others = _looked_up(filterset)
        self.bits = bits.read(filterset.queryset, filterset.edition.pk, revision)
        self.elsewhere = self._of(others)
        self.rest = self.elsewhere & self._of(there) & self._near()

    def _of(self, keys: str | None) -> int:
        return self.bits.all if keys is None else self.bits.of(map(int, keys.split(","))) if keys else 0

    def _near(self) -> int:
        near = self.filterset.near
        return self.bits.near(near.latitude, near.longitude, self.filterset.radius) if near else self.bits.all

    def shown(self, *aside: str) -> int:
        """What is to come, on the days asked for, with the facets' own filters but those aside."""
        return self.rest & self.coming & self.days(self.since) & self.marked(*aside)

    def ever(self) -> int:
        """The same, what is over included."""
        return self.rest & self.days(None) & self.marked("jour") & self.on_day(None)

    @cached_property
    def coming(self) -> int:
        return self.bits.upcoming(self.at) if self.since else self.bits.all

    def days(self, since: datetime | None) -> int:
        first, last = (self.filterset.values.get(name) for name in ("du", "au"))
        return self.bits.open_between(first, last, since) if first or last else self.bits.all

    def on_day(self, since: datetime | None) -> int:
        name = self.filterset.values.get("jour")
        return self.preset(name, since) if name else self.bits.all

    def preset(self, name: str, since: datetime | None) -> int:
        """What `presets.condition` finds."""
        found = 0
        for today, zones in local_days(self.at).items():
            there = self.bits.some("zone", zones)
            found |= there and there & self.bits.open_between(*presets.days(name, today), since)
        return found

    def marked(self, *aside: str) -> int:
        """What the facets' own filters leave, some of them put aside."""
        kept = (mark for name, mark in self.marks.items() if name not in aside or name == NARROWING)
        return reduce(and_, kept, self.bits.all)

    @cached_property
    def marks(self) -> dict[str, int]:
        asked = {name: self.filterset.values.get(name) for name in (*SINGLE, *ARRAYS)}
        marks = {name: self.bits.some(name, codes) for name, codes in asked.items() if codes}
        if codes := asked[NARROWING]:
            marks[NARROWING] = reduce(and_, (self.bits.some(NARROWING, [code]) for code in codes))
        if self.filterset.values.get("jour"):
            marks["jour"] = self.on_day(self.since)
        return marks

    @property
    def events(self) -> EventSet:
        """What is shown."""
        return EventSet(self.bits, self.shown(), None if self.filterset.edition.is_over(self.at) else self.at)

    def counts(self, facet: str) -> dict[str | None, int]:
        return self.bits.numbers(facet, self.shown(facet))

    def day_counts(self) -> dict[str, int]:
        shown = self.shown("jour")
        return {name: (shown & self.preset(name, self.since)).bit_count() for name, _ in presets.CHOICES}

    def online(self) -> int:
        """What the other filters leave of the online events, which a place leaves out: `filterset.everywhere()`."""
        online = self.bits.some("mode", [AttendanceMode.ONLINE])
        return (
            online
            & self.elsewhere
            & self.coming
            & self.days(self.since)
            & self.marked("region", "departement")
        )


def _looked_up(filterset: ProgrammeFilter) -> tuple[int, str | None, str | None]:
    """Return the site's revision, and the keys of what the conditions that have no bits leave: of places, then others.

    The keys are one text, None where nothing is asked for. The bits are read after the revision, so they are as new.
    """
    conditions = filterset.conditions.items()
    own = [(name, each) for name, each in conditions if name not in (*FACETS, "du", "pres")]
    asked = [[each for name, each in own if (name in PLACES) == there] for there in (True, False)]
    columns, parameters = ["(SELECT number FROM semaine_siterevision WHERE id = %s)"], [SiteRevision.ONLY]
    for each in asked:
        column, more = _keys(filterset, each)
        columns.append(column)
        parameters += more
    with connections[filterset.queryset.db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)
        revision, *keys = cursor.fetchone()
    return revision or 0, *keys


def _keys(filterset: ProgrammeFilter, conditions: list) -> tuple[str, list]:
    if not conditions:
        return "NULL", []
    inner, parameters = filterset.queryset.filter(*conditions).order_by().values("pk").query.sql_with_params()
    return f"coalesce((SELECT string_agg(pk::text, ',') FROM ({inner}) AS found), '')", list(parameters)  # noqa: S608
