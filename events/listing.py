"""A page of the programme: which events, how many, and how many are over."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from events.cards import Card, cards
from events.filters import ProgrammeFilter
from events.models import Event
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


def events_shown(filterset: ProgrammeFilter, edition: Edition, at: datetime):
    """Return what a filter state shows: what is to come while the edition runs, everything once it has ended."""
    if filterset.shows_past or edition.is_over(at):
        return filterset.qs
    return filterset.qs.upcoming(at)


def listing(filterset: ProgrammeFilter, edition: Edition, at: datetime, asked_page: str) -> Listing:
    """Return one page of what a filter state shows. Seven queries at most, whatever the number of rows.

    Ids first, from a narrow ordered query, then the rows of the page alone.
    """
    shown = events_shown(filterset, edition, at)
    ordered = shown.in_order(None if edition.is_over(at) else at)
    paginator = Paginator(ordered.values_list("pk", flat=True), PAGE_SIZE)
    paginator.count = shown.count()
    page = paginator.get_page(asked_page)
    ids = list(page.object_list)
    rows = Event.objects.for_list().in_bulk(ids)
    found = cards([rows[pk] for pk in ids], at) if ids else []
    over = filterset.qs.count() - paginator.count
    return Listing(found, page, over, _online_besides(filterset, edition, at), _fault(page, asked_page))


def _online_besides(filterset: ProgrammeFilter, edition: Edition, at: datetime) -> int:
    """How many purely online events a territory filter leaves out."""
    data = filterset.form.cleaned_data if filterset.is_valid() else {}
    if not (data.get("region") or data.get("departement")):
        return 0
    everywhere = {key: value for key, value in filterset.data.lists() if key not in ("region", "departement")}
    query = filterset.data.__class__(mutable=True)
    for key, value in everywhere.items():
        query.setlist(key, value)
    besides = ProgrammeFilter(query, filterset.queryset.online_only())
    return events_shown(besides, edition, at).count()


def _fault(page: Page, asked: str) -> str:
    if not asked or str(page.number) == asked:
        return ""
    last = page.paginator.num_pages
    return f"La page « {asked[:20]} » n’existe pas : voici la page {page.number} sur {last}."
