"""What an export takes out of the programme: the events of a filter state, in the order of its list.

The numbers of the events are read at once, the events a hundred at a time: an extract of any size takes the
memory of one batch.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from events.cards import Card
from events.filters import ProgrammeFilter
from events.listing import ordered
from events.models import Event
from events.querysets import EventQuerySet

BATCH = 100
IDS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Extract:
    """`path`: the address of the export itself, with its query string."""

    filterset: ProgrammeFilter
    path: str

    @cached_property
    def ids(self) -> array:
        """Eight bytes each, and never all of the answer at once."""
        found = ordered(self.filterset).values_list("pk", flat=True)
        return array("q", found.iterator(chunk_size=IDS_AT_ONCE))

    def cards(self) -> Iterator[Card]:
        """Read the events batch by batch; one that left the programme in the meantime is left out.

        A card tells everything until the next batch is read.
        """
        labels = self.filterset.form.format_labels
        for first in range(0, len(self.ids), BATCH):
            batch = self.ids[first : first + BATCH]
            rows = _told().in_bulk(batch)
            yield from (Card(rows[pk], self.filterset.at, labels) for pk in batch if pk in rows)
            # An event knows its slots and its picture, and they know it: untied, they go at once and wait for no
            # collector, which comes every few thousand events.
            for event in rows.values():
                vars(event).clear()

    @cached_property
    def _changes(self) -> dict[str, datetime]:
        """The last change of the events in each time zone."""
        shown = self.filterset.shown.order_by()
        return dict(shown.values_list("timezone").annotate(Max("updated_at")))

    @property
    def zones(self) -> list[str]:
        return sorted(self._changes)

    @property
    def updated_at(self) -> datetime:
        """The last change of what is shown; of nothing, the day on which the edition opened."""
        return max(self._changes.values(), default=self.filterset.edition.submissions_open_at)

    @property
    def title(self) -> str:
        return f"Semaine de l’industrie {self.filterset.edition.year}"

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path

    @property
    def uid(self) -> UUID:
        """The same for the same address."""
        return uuid5(NAMESPACE_URL, self.url)

    @property
    def page_url(self) -> str:
        """The page that shows the same events."""
        query = self.filterset.data.urlencode()
        return f"{settings.SITE_URL}{reverse('programme')}" + (f"?{query}" if query else "")


def _told() -> EventQuerySet:
    """What the public sees, with everything that a file tells."""
    return Event.objects.public().for_page().select_related("commune__department__region")
