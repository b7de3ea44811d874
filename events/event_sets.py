"""Public events of an edition at one moment, counted and put in order from the bits: no statement for each number."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from events import bits
from events.bitmaps import Bits
from events.models import Event
from semaine.models import Edition, SiteRevision


@dataclass(frozen=True)
class EventSet:
    """`mask`: the bits of the events. `since`: the moment from which slots are to come; None once the edition ended."""

    bits: Bits
    mask: int
    since: datetime | None

    def having(self, facet: str, *codes: str | None) -> "EventSet":
        """Those with one of these codes of a facet; None is the code of what has none."""
        return replace(self, mask=self.mask & self.bits.some(facet, codes))

    def without(self, keys: Iterable[int]) -> "EventSet":
        return replace(self, mask=self.mask & ~self.bits.of(keys))

    @property
    def on_show(self) -> "EventSet":
        """What `EventQuerySet.on_show` leaves of them."""
        return replace(self, mask=self.mask & self.bits.upcoming(self.since)) if self.since else self

    @property
    def taking_place(self) -> "EventSet":
        """Those that are not cancelled: what figures count."""
        return self.having("held", "true")

    @property
    def placed(self) -> "EventSet":
        """Those that take place somewhere, hence in a département."""
        return replace(self, mask=self.mask & ~self.bits.some("departement", [None]))

    @property
    def number(self) -> int:
        return self.mask.bit_count()

    @property
    def organizations(self) -> int:
        """How many organize them."""
        return len(set(self.bits.among(self.bits.organizations, self.mask)))

    def numbers(self, facet: str) -> dict[str | None, int]:
        """How many have each code, what has none under None."""
        return self.bits.numbers(facet, self.mask)

    def __getitem__(self, asked: slice) -> list[int]:
        """Return primary keys in the order of `EventQuerySet.in_order`, from one place to another."""
        return self.bits.by_date(self.mask, self.since, asked.start or 0, asked.stop)

    @property
    def bounds(self) -> list[list[float]] | None:
        """The south-west and north-east corners of their points, in degrees; None without a point."""
        latitudes, longitudes = (
            # What is not equal to itself is no number: an event without a point.
            [each for each in self.bits.among(column, self.mask) if each == each]
            for column in (self.bits.latitudes, self.bits.longitudes)
        )
        if not latitudes:
            return None
        return [[min(latitudes), min(longitudes)], [max(latitudes), max(longitudes)]]


def public_events(edition: Edition, at: datetime) -> EventSet:
    """Return all that the public sees of an edition. One query, and up to two for a new revision of the site."""
    # Before the bits, so that these are as new.
    revision = SiteRevision.objects.number()
    known = bits.read(Event.objects.public().filter(edition=edition), edition.pk, revision)
    return EventSet(known, known.all, None if edition.is_over(at) else at)
