"""An organizer's own events: what they look for among them, and the page of the list that they read."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from events.cards import Card
from events.enums import Status
from events.history import Line, line
from events.models import Event
from events.progress import TURN, URGENCY, Turn, first_day_words, sentence
from organizers.models import Organization
from semaine.text import NBSP, count, sort_key

PER_PAGE = 25
# With fewer, reading the list is faster than searching it.
MANY = 10
LONGEST = 100


@dataclass(frozen=True)
class Item:
    """An event of the list, and the last that was decided of it, None for a draft."""

    event: Event
    status: Status
    place: str
    when: str
    waits: str
    last: Line | None


@dataclass(frozen=True)
class Choice:
    """A link that narrows the list, with how many events it leaves."""

    label: str
    url: str
    number: int
    is_chosen: bool


class Mine:
    """What a person asks of their events: a status or whose turn it is, an organization, words of the title.

    A value that is not in the list is said, and shows nothing.
    """

    def __init__(self, user, data: QueryDict, organizations: list[Organization], at: datetime):
        self.at = at
        self.organizations = organizations
        # PostgreSQL holds no null character: no slug and no title has one.
        self.asked = {
            name: data.get(name, "").replace("\0", "").strip()[:LONGEST]
            for name in ("statut", "organisation", "q")
        }
        self.page_number = data.get("page")
        self.events = Event.objects.editable_by(user).with_proposals().annotate(turn=TURN, urgency=URGENCY)
        self.counts = self._counts()
        self.total = sum(self.counts.values())

    def _counts(self) -> dict[tuple[str, str], int]:
        rows = self._of_organization().order_by().values_list("status", "turn").annotate(Count("pk"))
        return {(status, turn): number for status, turn, number in rows}

    def _of_organization(self):
        slug = self.asked["organisation"]
        return self.events.filter(organization__slug=slug) if slug else self.events

    @property
    def errors(self) -> list[str]:
        """Return what was asked that is in no list, each with what was found and the cure."""
        known = {
            "statut": ("Statut", {"", *Status.values, *Turn.values}),
            "organisation": ("Organisation", {"", *(each.slug for each in self.organizations)}),
        }
        return [
            f"{label}{NBSP}: «{NBSP}{self.asked[name]}{NBSP}» n’est pas dans la liste. Choisissez-y une valeur."
            for name, (label, values) in known.items()
            if self.asked[name] not in values
        ]

    def page(self) -> Page:
        """Return a page of the list, as items: what waits for the organizer first, the latest first."""
        page = Paginator(self._found(), PER_PAGE).get_page(self.page_number)
        page.object_list = [self._item(event) for event in page.object_list]
        return page

    def _found(self):
        if self.errors:
            return self.events.none()
        events = self._of_organization()
        status = self.asked["statut"]
        if status:
            events = events.filter(turn=status) if status in Turn.values else events.filter(status=status)
        for word in sort_key(self.asked["q"]).split():
            events = events.filter(trigram_key__contains=word)
        return events.for_space().order_by("urgency", "-updated_at", "-pk")

    def _item(self, event: Event) -> Item:
        decisions = list(event.decisions.all())
        return Item(
            event=event,
            status=Status(event.status),
            place=Card(event, self.at, {}).place_label,
            when=first_day_words(event),
            waits=sentence(event, self.at),
            last=line(decisions[-1]) if decisions else None,
        )

    @property
    def has_drafts(self) -> bool:
        """Are there several to send in one go?"""
        return self._number(status=Status.DRAFT) > 1

    @property
    def is_long(self) -> bool:
        return self.total > MANY or bool(self.asked["q"])

    def choices(self) -> list[Choice]:
        """Return the links by whose turn it is, then by status; those that would be empty are left out."""
        by_turn = [(turn.value, turn.label, self._number(turn=turn)) for turn in Turn]
        by_status = [(status.value, status.label, self._number(status=status)) for status in Status]
        every = [("", "Tous", self.total), *by_turn, *by_status]
        asked = self.asked["statut"]
        return [
            Choice(label, self._url(statut=value), number, value == asked)
            for value, label, number in every
            if number or value == asked
        ]

    def _number(self, status: str = "", turn: str = "") -> int:
        return sum(
            number
            for (its_status, its_turn), number in self.counts.items()
            if its_status == status or its_turn == turn
        )

    def _url(self, **changed) -> str:
        kept = {name: value for name, value in (self.asked | changed).items() if value}
        return f"{reverse('space')}{'?' if kept else ''}{urlencode(kept)}"

    @property
    def summary(self) -> str:
        yours = self._number(turn=Turn.YOURS)
        if not yours:
            return "Rien ne vous attend."
        verb = "vous attendent" if yours > 1 else "vous attend"
        return f"{count(yours, 'événement')} {verb}."
