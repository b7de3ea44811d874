"""An event's past and an organizer's events, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from events.cards import Card
from events.enums import Rule, Status, Transition
from events.models import Event
from semaine.dates import day_words, local


@dataclass(frozen=True)
class Line:
    """One decision as people read it. The organizer reads the service, the referent the person too."""

    label: str
    at: datetime
    by_label: str
    comment: str


def history(event: Event, *, names: bool = False) -> list[Line]:
    """Return what was decided, the latest first. One query."""
    decisions = event.decisions.select_related("by", "office").order_by("-at", "-pk")
    return [_line(decision, names) for decision in decisions]


def _line(decision, names: bool) -> Line:
    label = Transition(decision.transition).label
    if decision.rule:
        label += f" (règle : {Rule(decision.rule).label.lower()})"
    office = decision.office.name if decision.office else "L’organisateur"
    by = f"{decision.by}, {office}" if names and decision.office else office
    return Line(label, decision.at, by, decision.comment)


def _first_day(event: Event) -> str:
    if event.first_starts_at is None:
        return "date à choisir"
    return day_words(local(event.first_starts_at, event.timezone).date(), year=True)


@dataclass(frozen=True)
class Item:
    """An event and the last that was decided of it, None for a draft."""

    event: Event
    place: str
    when: str
    last: Line | None


@dataclass(frozen=True)
class Group:
    label: str
    items: list[Item]


def status_groups(events: Iterable[Event]) -> list[Group]:
    """Return events read with `for_space()` by status, what waits for the organizer first."""
    order = (
        Status.CHANGES_REQUESTED,
        Status.DRAFT,
        Status.SUBMITTED,
        Status.LABELLED,
        Status.REFUSED,
        Status.WITHDRAWN,
        Status.CANCELLED,
    )
    found = {status: [] for status in order}
    for event in events:
        decisions = list(event.decisions.all())
        last = _line(decisions[-1], names=False) if decisions else None
        place = Card(event, event.updated_at, {}).place_label
        found[Status(event.status)].append(Item(event, place, _first_day(event), last))
    return [Group(status.label, found[status]) for status in order if found[status]]


def public_url(event: Event) -> str:
    """Return the event's public address, nothing while the public does not see it."""
    seen = Event.objects.public().filter(pk=event.pk).exists()
    return event.get_absolute_url() if seen else ""
