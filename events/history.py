"""An event's past, in words."""

from dataclasses import dataclass
from datetime import datetime

from events.enums import Rule, Transition
from events.models import Event
from events.querysets import is_public


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
    return [line(decision, names) for decision in decisions]


def line(decision, names: bool = False) -> Line:
    label = Transition(decision.transition).label
    if decision.rule:
        label += f" (règle : {Rule(decision.rule).label.lower()})"
    office = decision.office.name if decision.office else "L’organisateur"
    by = f"{decision.by}, {office}" if names and decision.office else office
    return Line(label, decision.at, by, decision.comment)


def public_url(event: Event) -> str:
    """Return the event's public address, nothing while the public does not see it."""
    return event.get_absolute_url() if is_public(event) else ""
