"""A page of the programme: which events, how many, how many are over, and what to try when there is none."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from events import facets, search
from events.drawn_cards import DrawnCard, drawn_cards
from events.event_sets import EventSet
from events.filters import BY_DATE, BY_DISTANCE, BY_RELEVANCE, ProgrammeFilter
from events.found import Found
from events.querysets import EventQuerySet

PAGE_SIZE = 20


@dataclass(frozen=True)
class Listing:
    """`shown`: all that is, on whatever page; None when a value is wrong.

    `messages`: what was wrong with the page or the order asked for.
    """

    cards: list[DrawnCard]
    page: Page
    counts: facets.Counts
    shown: EventSet | None
    messages: list[str]

    @property
    def count(self) -> int:
        return self.counts.shown

    @property
    def by_department(self) -> dict[str | None, int]:
        """How many are shown in each, and under None those that are online only."""
        return self.shown.numbers("departement") if self.shown else {}

    @property
    def over(self) -> int:
        return self.counts.over

    @property
    def online(self) -> int:
        return self.counts.online


def ordered(filterset: ProgrammeFilter) -> EventQuerySet:
    """Return the events that a filter state shows, in the order that it asks for."""
    found = filterset.shown.in_order(None if filterset.edition.is_over(filterset.at) else filterset.at)
    by_date = found.query.order_by
    if filterset.order == BY_DISTANCE:
        near = filterset.near
        distance = search.distance_km(near.latitude, near.longitude)
        return found.annotate(distance=distance).order_by("distance", *by_date)
    if filterset.order == BY_RELEVANCE:
        relevance = search.relevance(filterset.values["q"])
        return found.annotate(relevance=relevance).order_by("-relevance", *by_date)
    return found


def listing(filterset: ProgrammeFilter, asked_page: str) -> Listing:
    """Return one page of what a filter state shows. At most six queries, whatever the number of rows.

    Ids first, from the bits when they know the order, then the rows of the page alone.
    """
    found = Found(filterset) if filterset.is_valid() else None
    counts = facets.counted(found) if found else facets.NONE
    shown = found.events if found else None
    in_order = shown if shown and filterset.order == BY_DATE else _ids(filterset)
    paginator = Paginator(in_order, PAGE_SIZE)
    paginator.count = counts.shown
    page = paginator.get_page(asked_page)
    return Listing(
        cards=drawn_cards(list(page.object_list), filterset.at, filterset.form.structure, filterset.near),
        page=page,
        counts=counts,
        shown=shown,
        messages=[each for each in (page_fault(page, asked_page), order_fault(filterset)) if each],
    )


def _ids(filterset: ProgrammeFilter):
    return ordered(filterset).values_list("pk", flat=True)


def page_fault(page: Page, asked: str) -> str:
    """Return what to say of the page that was asked for; nothing when it is the one shown."""
    if not asked or str(page.number) == asked:
        return ""
    last = page.paginator.num_pages
    return f"La page « {asked[:20]} » n’existe pas : voici la page {page.number} sur {last}."


def order_fault(filterset: ProgrammeFilter) -> str:
    """Return why the list is not in the order that was asked for; nothing when it is."""
    asked = filterset.values.get("tri") or BY_DATE
    if asked == filterset.order:
        return ""
    missing = "un lieu" if asked == BY_DISTANCE else "des mots"
    return f"Pour trier par {asked}, il faut {missing} : la liste est triée par date."
