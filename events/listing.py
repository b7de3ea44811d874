"""A page of the programme: which events, how many, and how many are over."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from events.cards import Card
from events.filters import ProgrammeFilter
from events.models import Event
from events.querysets import EventQuerySet
from semaine.models import Edition

PAGE_SIZE = 20


@dataclass(frozen=True)
class Listing:
    """`over`: how many more have ended and are not shown; `message`: what was wrong with the page asked for."""

    cards: list[Card]
    page: Page
    over: int
    online: int
    message: str

    @property
    def count(self) -> int:
        return self.page.paginator.count


def shown(events: EventQuerySet, filterset: ProgrammeFilter, edition: Edition, at: datetime):
    """Return those of the events that a list shows: what is to come while the edition runs, else everything."""
    if filterset.shows_past or edition.is_over(at):
        return events
    return events.upcoming(at)


def listing(filterset: ProgrammeFilter, edition: Edition, at: datetime, asked_page: str) -> Listing:
    """Return one page of what a filter state shows. Five queries at most, whatever the number of rows.

    Ids first, from a narrow ordered query, then the rows of the page alone.
    """
    found = shown(filterset.qs, filterset, edition, at)
    totals = filterset.qs.count_upcoming(at)
    paginator = Paginator(
        found.in_order(None if edition.is_over(at) else at).values_list("pk", flat=True), PAGE_SIZE
    )
    paginator.count = totals["all"] if found is filterset.qs else totals["upcoming"]
    page = paginator.get_page(asked_page)
    ids = list(page.object_list)
    rows = Event.objects.for_list().in_bulk(ids)
    formats = dict(filterset.form.fields["nature"].choices)
    return Listing(
        cards=[Card(rows[pk], at, formats) for pk in ids],
        page=page,
        over=totals["all"] - paginator.count,
        online=_online_besides(filterset, edition, at),
        message=_fault(page, asked_page),
    )


def _online_besides(filterset: ProgrammeFilter, edition: Edition, at: datetime) -> int:
    if not filterset.names_a_territory:
        return 0
    return shown(filterset.everywhere(), filterset, edition, at).count()


def _fault(page: Page, asked: str) -> str:
    if not asked or str(page.number) == asked:
        return ""
    last = page.paginator.num_pages
    return f"La page « {asked[:20]} » n’existe pas : voici la page {page.number} sur {last}."
