"""An event's past, in words."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from events.asking import Point, points
from events.enums import Rule, Transition
from events.models import Decision, Event
from events.querysets import is_public


@dataclass(frozen=True)
class Line:
    """One decision as people read it. The organizer reads the service, the referent the person too."""

    label: str
    at: datetime
    by_label: str
    comment: str
    points: list[Point] = field(default_factory=list)


def history(event: Event, *, names: bool = False) -> list[Line]:
    """Return what was decided, the latest first; that others were merged into it too. One query."""
    return lines(event, decisions_of(event).defer("contents"), names=names)


def decisions_of(event: Event):
    """Return the decisions that its history tells, the latest first."""
    here = Event.objects.filter(Q(pk=event.pk) | Q(merged_into=event.pk)).values("pk")
    decisions = Decision.objects.filter(Q(event=event.pk) | Q(transition=Transition.MERGE), event__in=here)
    rows = decisions.select_related("by", "office", "event").order_by("-at", "-pk")
    return rows.defer("findings", "event__description", "event__search")


def lines(event: Event, decisions, *, names: bool = False) -> list[Line]:
    return [
        line(each, names) if each.event_id == event.pk else _taken_in(line(each, names), each.event, names)
        for each in decisions
    ]


def _taken_in(line: Line, event: Event, names: bool) -> Line:
    """The other file, its title and what its organizer was told, is for referents only."""
    if names:
        return replace(line, label=f"« {event} » regroupé ici")
    return replace(line, label="Un autre événement regroupé ici", comment="", points=[])


def line(decision, names: bool = False) -> Line:
    label = Transition(decision.transition).label
    if decision.rule:
        label += f" (règle : {Rule(decision.rule).label.lower()})"
    office = decision.office.name if decision.office else "L’organisateur"
    by = f"{decision.by}, {office}" if names and decision.office else office
    return Line(label, decision.at, by, decision.comment, points(decision))


def public_url(event: Event) -> str:
    """Return the event's public address, nothing while the public does not see it."""
    return event.get_absolute_url() if is_public(event) else ""
