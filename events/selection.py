"""« Ma sélection »: the events that an address holds, day by day, and which of them are at the same time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Prefetch, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from events.cards import Card, cards, hours_words, slot_words
from events.map_data import point
from events.models import Event, TimeSlot
from semaine.dates import day_words, last_local_day, local, period_words
from semaine.text import NBSP, join_words

# So many uids keep an address under the 4 094 bytes that gunicorn reads of a request line.
MOST = 100
# Of one event: its own page and its own calendar file tell all of them.
MOST_SLOTS = 20


@dataclass
class Stop:
    """One slot of one event in somebody's plan; `clashes` are those of other events at the same time."""

    card: Card
    slot: TimeSlot
    hours: str
    clashes: list["Stop"] = field(default_factory=list)

    @property
    def choice_words(self) -> str:
        """« Un créneau parmi 3 »: one of them is enough."""
        several = 0 if self.card.is_cancelled else len(self.card.slots)
        return f"Un créneau parmi {several}" if 1 < several < MOST_SLOTS else ""

    @property
    def clash_words(self) -> str:
        """« Chevauche « Visite de la forge » (9 h–11 h) »."""
        names = [f"«{NBSP}{each.card.title}{NBSP}» ({each.hours})" for each in self.clashes]
        return f"Chevauche {join_words(names)}." if names else ""


@dataclass
class Day:
    label: str
    stops: list[Stop]


class Choice:
    """What an address asks for: uids, each once, and how many values were no uid or one too many."""

    def __init__(self, asked: Iterable[str]):
        values = list(dict.fromkeys(each.strip().lower() for each in asked if each.strip()))
        self.left_out = len(values[MOST:])
        found = [_uid(value) for value in values[:MOST]]
        self.uids = list(dict.fromkeys(filter(None, found)))
        self.unreadable = found.count(None)

    def without(self, value: str) -> list[UUID]:
        return [uid for uid in self.uids if uid != _uid(value)]

    def events(self, at: datetime) -> list[Event]:
        """Return those that are public, in the order asked, with their next slots alone. Two queries."""
        rank = Window(RowNumber(), partition_by="event", order_by="starts_at")
        slots = TimeSlot.objects.filter(ends_at__gt=at).alias(rank=rank).filter(rank__lte=MOST_SLOTS)
        events = Event.objects.public().for_list().prefetch_related(None)
        rows = events.prefetch_related(Prefetch("slots", slots)).in_bulk(self.uids, field_name="uid")
        return [rows[uid] for uid in self.uids if uid in rows]


def _uid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def address(uids: Iterable[UUID], name: str = "selection") -> str:
    query = urlencode([("e", uid) for uid in uids])
    return f"{reverse(name)}?{query}" if query else reverse(name)


class Plan:
    """The chosen events at a moment: by day, open for several days, over."""

    def __init__(self, choice: Choice, at: datetime):
        self.at = at
        self.cards = cards(choice.events(at), at)
        self.uids = [str(card.event.uid) for card in self.cards]
        self.missing = len(choice.uids) + choice.unreadable - len(self.cards)

    @cached_property
    def over(self) -> list[Card]:
        return [card for card in self.cards if not card.slots]

    @cached_property
    def lasting(self) -> list[tuple[Card, str]]:
        """What is open more than three days in a row, with « du 17 au 21 novembre »: one comes when one likes."""
        found = [card for card in self.cards if card.slots and card.event.is_lasting]
        return [
            (card, self._period(card)) for card in sorted(found, key=lambda each: each.slots[0].starts_at)
        ]

    def _period(self, card: Card) -> str:
        first, zone = card.slots[0].first_day, card.event.timezone
        last = last_local_day(card.event.last_ends_at, zone)
        return period_words(first, last, year=last.year != local(self.at, zone).year)

    @cached_property
    def stops(self) -> list[Stop]:
        """Every slot to come, in the order of time, and what it overlaps."""
        found = [
            Stop(card, slot, hours_words(slot, card.event.timezone, self.at))
            for card in self.cards
            if not card.event.is_lasting
            for slot in card.slots
        ]
        found.sort(key=lambda stop: (stop.slot.first_day, stop.slot.starts_at, stop.card.event.pk))
        _find_clashes(found)
        return found

    @property
    def days(self) -> list[Day]:
        groups = groupby(self.stops, key=lambda stop: stop.slot.first_day)
        return [Day(self._label(day), list(stops)) for day, stops in groups]

    def _label(self, day: date) -> str:
        return day_words(day, year=day.year != self.at.year)

    @property
    def points(self) -> list[dict]:
        """What the map shows: the events that have a place there, with the plan's own words of when."""
        placed = [card for card in self.cards if card.event.latitude is not None]
        return [point(card) | {"when": self._when(card)} for card in placed]

    def _when(self, card: Card) -> str:
        if not card.slots:
            return "Terminé"
        if card.event.is_lasting:
            return self._period(card)
        if card.slots[-1].ends_at < card.event.last_ends_at:
            return f"{slot_words(card.slots[0], card.event.timezone, self.at)} et d’autres créneaux"
        return card.when_label

    @property
    def clashes(self) -> int:
        return sum(bool(stop.clashes) for stop in self.stops)

    @property
    def shortened(self) -> list[Card]:
        """The events with more slots than are shown."""
        shown = [stop.card for stop in self.stops]
        return [card for card in dict.fromkeys(shown) if card.slots[-1].ends_at < card.event.last_ends_at]


def _find_clashes(stops: list[Stop]) -> None:
    """Tell each of two stops that are at the same time of the other; nobody goes to what is cancelled."""
    running: list[Stop] = []
    standing = [stop for stop in stops if not stop.card.is_cancelled]
    for stop in sorted(standing, key=lambda each: each.slot.starts_at):
        running = [each for each in running if each.slot.ends_at > stop.slot.starts_at]
        for other in running:
            stop.clashes.append(other)
            other.clashes.append(stop)
        running.append(stop)
