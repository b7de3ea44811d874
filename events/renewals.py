"""Last edition's events of a person, and what became of each in this one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from events import copying
from events.cards import Card
from events.enums import Status
from events.models import Event
from events.progress import first_day_words
from events.querysets import EventQuerySet
from events.transitions import WorkflowError
from semaine.models import Edition
from semaine.text import count


@dataclass(frozen=True)
class Line:
    """An event of last edition; `renewed`, the one that it became, with its days and status, or nothing yet."""

    event: Event
    place: str
    when: str
    renewed: Event | None
    renewed_when: str
    status: Status | None


def renewable(user, edition: Edition | None) -> EventQuerySet:
    """Return the events of the edition before that this person may hold again, renewed already or not."""
    if edition is None:
        return Event.objects.none()
    return Event.objects.editable_by(user).renewable_in(edition)


def lines(events: EventQuerySet, edition: Edition | None, at: datetime) -> list[Line]:
    renewed = Prefetch("renewals", Event.objects.filter(edition=edition), to_attr="renewed")
    return [_line(event, at) for event in events.for_list().prefetch_related(renewed).order_by("title", "pk")]


def _line(event: Event, at: datetime) -> Line:
    [renewed] = event.renewed or [None]
    return Line(
        event=event,
        place=Card(event, at, {}).place_label,
        when=first_day_words(event),
        renewed=renewed,
        renewed_when=first_day_words(renewed) if renewed else "",
        status=Status(renewed.status) if renewed else None,
    )


def renew_all(events: Iterable[Event], edition: Edition | None, *, by, at: datetime) -> str:
    """Renew each event, and return in a sentence what was done. What cannot be renewed stops no other."""
    done, refused = 0, []
    for event in events:
        try:
            copying.renew(event, edition, by=by, at=at)
            done += 1
        except WorkflowError as error:
            refused.append(f"{event} : {error.message}")
    words = f"{count(done, 'événement est reconduit', 'événements sont reconduits')} en brouillon."
    return " ".join([words, *refused])
