"""What a reader sees of an event: words for the card, the page and the popup."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse

from events.agenda import Agenda
from events.enums import (
    Accessibility,
    AccessMode,
    AttendanceMode,
    Audience,
    Precision,
    RegistrationKind,
    TermKind,
    Transition,
)
from events.models import Event, Term, TimeSlot
from semaine.dates import day_words, hour_words, local, period_words, zone_words
from semaine.geometry import distance_km
from semaine.text import NBSP, count


class Registration(NamedTuple):
    label: str
    value: str
    href: str


class Place(NamedTuple):
    """In degrees; approximate when it is the centre of a commune."""

    latitude: float
    longitude: float
    is_approximate: bool


def _href(kind: str, value: str) -> str:
    """Return the address of a link, a mail or a call; nothing for what a browser must not follow."""
    if kind == RegistrationKind.EMAIL and value:
        # A question mark in an address would add headers to the mail.
        return f"mailto:{quote(value, safe='@')}"
    if kind == RegistrationKind.PHONE and value:
        return f"tel:{''.join(value.split())}"
    return value if value.startswith(("https://", "http://")) else ""


def cards(events: Iterable[Event], at: datetime) -> list["Card"]:
    """Return the cards of events read with `for_list()`. One query more, for the names of the formats."""
    formats = Term.objects.labels(TermKind.FORMAT)
    return [Card(event, at, formats) for event in events]


class Card:
    """An event in words, at a moment: it names the next slot to come."""

    def __init__(self, event: Event, at: datetime, formats: dict[str, str], after_place: str = ""):
        """`after_place`: what to write beside the commune."""
        self.event = event
        self.after_place = after_place
        self.at = at
        self.format_label = formats.get(event.format_code, "")

    @property
    def title(self) -> str:
        return self.event.title

    @property
    def summary(self) -> str:
        return self.event.summary

    @property
    def organizer_name(self) -> str:
        return self.event.organizer_name

    @property
    def organizer_url(self) -> str:
        return reverse("organizer", args=[self.event.organization.slug])

    @property
    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    @property
    def is_cancelled(self) -> bool:
        return self.event.is_cancelled

    @cached_property
    def why_cancelled(self) -> str:
        """The reason that was given to the public; one query, for a page and never for a list."""
        if not self.is_cancelled:
            return ""
        cancelled = self.event.decisions.filter(transition=Transition.CANCEL)
        return cancelled.values_list("comment", flat=True).last() or ""

    @property
    def is_full(self) -> bool:
        return self.event.is_full

    @property
    def is_example(self) -> bool:
        return self.event.is_example

    @property
    def uid(self) -> str:
        return str(self.event.uid)

    @property
    def label_number(self) -> str:
        return self.event.label_number

    @property
    def access_label(self) -> str:
        return AccessMode(self.event.access_mode).label if self.event.access_mode else ""

    @property
    def audience_labels(self) -> list[str]:
        return [Audience(code).label for code in self.event.audience_codes]

    @property
    def age_label(self) -> str:
        """« De 11 à 15 ans », « À partir de 16 ans »."""
        youngest, oldest = self.event.age_min, self.event.age_max
        if youngest and oldest:
            return f"De {youngest} à {oldest}{NBSP}ans"
        if youngest:
            return f"À partir de {youngest}{NBSP}ans"
        return f"Jusqu’à {oldest}{NBSP}ans" if oldest else ""

    @property
    def place_label(self) -> str:
        """« Belfort (Territoire de Belfort) », « En ligne »."""
        commune = self.event.commune
        if commune is None:
            return self._no_place
        where = commune.name
        if commune.department.name != commune.name:
            where += f" ({commune.department.name})"
        return where if self.event.mode == AttendanceMode.ONSITE else f"{where} et en ligne"

    @property
    def place(self) -> Place | None:
        event = self.event
        return None if event.latitude is None else Place(event.latitude, event.longitude, self.is_approximate)

    @property
    def address_label(self) -> str:
        """« Fonderie Martin, 1 rue de l’Usine, 90000 Belfort », « En ligne »."""
        event = self.event
        if event.commune is None:
            return self._no_place
        city = f"{event.postal_code} {event.commune.name}".strip()
        where = ", ".join(filter(None, [event.venue, event.address, city]))
        return where if event.mode == AttendanceMode.ONSITE else f"{where}, et en ligne"

    @property
    def _no_place(self) -> str:
        return "Lieu à préciser" if self.event.mode.has_place else AttendanceMode.ONLINE.label

    @property
    def online_url(self) -> str:
        """The link, unless the event has since become one that takes place somewhere only."""
        return self.event.online_url if self.event.mode.has_link else ""

    @property
    def reserved_to(self) -> str:
        return self.event.reserved_to if self.event.access_mode == AccessMode.RESERVED else ""

    @property
    def is_approximate(self) -> bool:
        return self.event.precision == Precision.COMMUNE

    @property
    def accessibility_labels(self) -> list[str]:
        return [Accessibility(code).label for code in self.event.accessibility_codes]

    @property
    def registration(self) -> "Registration | None":
        event = self.event
        if not event.registration_kind or event.access_mode == AccessMode.OPEN:
            return None
        how = RegistrationKind(event.registration_kind).label
        value = event.registration_value
        return Registration(
            f"Inscription {how[0].lower()}{how[1:]}", value, _href(event.registration_kind, value)
        )

    @cached_property
    def slots(self) -> list[TimeSlot]:
        return sorted(self.event.slots.all(), key=lambda slot: slot.starts_at)

    @cached_property
    def next_slot(self) -> TimeSlot | None:
        coming = (slot for slot in self.slots if slot.ends_at > self.at)
        return next(coming, self.slots[0] if self.slots else None)

    @property
    def is_over(self) -> bool:
        return bool(self.event.last_ends_at) and self.event.last_ends_at <= self.at

    @property
    def when_label(self) -> str:
        """« jeudi 20 novembre, 9 h–11 h 30 et 2 autres créneaux »."""
        if self.next_slot is None:
            return ""
        left = [slot for slot in self.slots if slot.ends_at > self.at] or self.slots
        words = slot_words(self.next_slot, self.event.timezone, self.at)
        if len(left) > 1:
            words += f" et {count(len(left) - 1, 'autre créneau', 'autres créneaux')}"
        return words

    @property
    def dates_label(self) -> str:
        """« jeudi 20 novembre 2025, 9 h–11 h 30 », or « du 17 au 21 novembre 2025 »: the same at any moment."""
        if not self.slots:
            return ""
        first, last = self.slots[0].first_day, self.slots[-1].last_day
        if first != last:
            return period_words(first, last)
        if len(self.slots) > 1:
            return day_words(first, year=True)
        return f"{day_words(first, year=True)}, {one_day_words(self.slots[0], self.event.timezone)}"

    @cached_property
    def agenda(self) -> Agenda:
        return Agenda(self.event, self.slots, self.at)


def distance_words(near, place: Place) -> str:
    """Return « à 12 km », how far a place is from a point in degrees; nothing when it may be right there."""
    km = round(distance_km(near.latitude, near.longitude, place.latitude, place.longitude))
    if place.is_approximate:
        # Both points are then the same commune's centre: nothing is known of the way between them.
        return f"à environ {km}{NBSP}km" if km else ""
    return f"à {km}{NBSP}km" if km else f"à moins d’un{NBSP}km"


def slot_words(slot: TimeSlot, zone: str, at: datetime) -> str:
    """Return « jeudi 20 novembre, 9 h–11 h 30 », with the zone's name overseas and the year when it is another."""
    starts = local(slot.starts_at, zone)
    return f"{day_words(starts.date(), year=_is_other_year(starts, at))}, {hours_words(slot, zone, at)}"


def hours_words(slot: TimeSlot, zone: str, at: datetime) -> str:
    """Return « 9 h–11 h 30 », with the day of the end when it is another, and the zone's name overseas."""
    starts, ends = local(slot.starts_at, zone), local(slot.ends_at, zone)
    words = hour_words(starts)
    if slot.first_day == slot.last_day:
        words += f"–{hour_words(ends)}"
    else:
        words += f" – {day_words(ends.date(), year=_is_other_year(starts, at))}, {hour_words(ends)}"
    name = zone_words(zone)
    return f"{words}{NBSP}({name})" if name else words


def one_day_words(slot: TimeSlot, zone: str) -> str:
    """Return « 9 h–11 h 30 », with the zone's name overseas, of what is over by midnight."""
    starts, ends = (hour_words(local(moment, zone)) for moment in (slot.starts_at, slot.ends_at))
    name = zone_words(zone)
    return f"{starts}–{ends}" + (f"{NBSP}({name})" if name else "")


def _is_other_year(day: datetime, at: datetime) -> bool:
    return day.year != at.astimezone(day.tzinfo).year
