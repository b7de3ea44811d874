"""The list behind a figure, line by line, as agents read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from events.dashboard import duration_words
from events.enums import Status
from events.models import Event
from events.progress import awaits_answer
from events.steering import Total
from semaine.dates import day_words
from semaine.text import NBSP, count, thousands


@dataclass(frozen=True)
class Line:
    """One event. Only a labelled one counts in the participants that are expected."""

    title: str
    url: str
    status: str
    due: str
    organizer: str
    place: str
    participants: int | None
    answered: str

    @property
    def participants_words(self) -> str:
        return "" if self.participants is None else thousands(self.participants)


def sum_words(total: Total) -> str:
    """Return « 12 événements, 340 participants attendus. Délai médian de la première réponse : 2 jours. »"""
    words = count(total.events, "événement")
    if total.participants:
        words += (
            f", {count(total.participants, 'participant attendu', 'participants attendus')} aux labellisés"
        )
    if total.median is not None:
        words += f". Délai médian de la première réponse{NBSP}: {duration_words(total.median)}"
    return f"{words}."


def lines_of(events: Iterable[Event]) -> list[Line]:
    return [line_of(each) for each in events]


def line_of(event: Event) -> Line:
    status = Status(event.status).referent_label
    return Line(
        title=f"{event}",
        url=reverse("admin:events_event_examine", args=[event.pk]),
        status=f"{status}, modification proposée" if event.is_amended else status,
        due=day_words(event.due_on, weekday=False, year=True) if awaits_answer(event) else "",
        organizer=event.organizer_name,
        place=f"{event.commune} ({event.department_id})" if event.commune else "En ligne, ou sans lieu",
        participants=event.expected_participants,
        answered=duration_words(event.answered_after),
    )
