"""Where an event stands, in words for its organizer: what waits for whom, and until when."""

from datetime import datetime

from django.db.models import Case, IntegerField, Q, TextChoices, Value, When

from events.enums import Status
from events.models import Event
from semaine.dates import day_words, local, today
from semaine.text import NBSP


class Turn(TextChoices):
    """Who is to do something now. The order is that of the organizer's list."""

    YOURS = "vous", "À vous de jouer"
    REFERENTS = "referent", "Chez votre référent"
    NOBODYS = "rien", "Rien à faire"


_YOURS = Q(status__in=[Status.DRAFT, Status.CHANGES_REQUESTED, Status.REFUSED])
_REFERENTS = Q(status=Status.SUBMITTED) | Q(is_amended=True)
# Of an event read with `with_proposals()`, as a column to sort and count by.
TURN = Case(
    When(_YOURS, then=Value(Turn.YOURS)),
    When(_REFERENTS, then=Value(Turn.REFERENTS)),
    default=Value(Turn.NOBODYS),
)
# What a referent asks for comes before what was never sent.
URGENCY = Case(
    When(status=Status.CHANGES_REQUESTED, then=0),
    When(status=Status.REFUSED, then=1),
    When(_YOURS, then=2),
    When(_REFERENTS, then=3),
    When(status=Status.LABELLED, then=4),
    default=5,
    output_field=IntegerField(),
)

_SENTENCES = {
    Status.DRAFT: "Ce brouillon vous attend. Personne d’autre ne le voit. Complétez-le, puis envoyez-le.",
    Status.CHANGES_REQUESTED: (
        "Votre référent attend une précision de votre part. Lisez son message, complétez l’événement, puis envoyez-le "
        "de nouveau."
    ),
    Status.REFUSED: (
        "Le label n’a pas été accordé. Lisez la raison, corrigez l’événement, puis envoyez-le de nouveau."
    ),
    Status.LABELLED: "Votre événement est au programme. Vous n’avez rien à faire.",
    Status.WITHDRAWN: "Le label a été retiré. L’événement n’est plus au programme.",
    Status.CANCELLED: "L’événement est annulé.",
    Status.MERGED: "Votre événement est regroupé avec un autre, qui est le même. Vous n’avez rien à faire.",
}


def sentence(event: Event, at: datetime) -> str:
    """Return what waits for whom. It says when an answer is due, and nothing once that day has gone by.

    The event is read with `with_proposals()`.
    """
    if event.is_amended:
        return (
            f"Votre référent examine la modification que vous proposez{_due(event, at)}. En attendant, le public voit "
            "ce qui est labellisé."
        )
    if event.status == Status.SUBMITTED:
        return f"Votre référent examine votre événement{_due(event, at)}."
    if event.status == Status.LABELLED and event.last_ends_at and event.last_ends_at <= at:
        return "Votre événement a eu lieu avec le label."
    return _SENTENCES[Status(event.status)]


def _due(event: Event, at: datetime) -> str:
    if event.due_on is None or event.due_on < today(at):
        return ""
    return f"{NBSP}: réponse attendue le {day_words(event.due_on)}"


def awaits_answer(event: Event) -> bool:
    """Is it a referent's turn? The event is read with `with_proposals()`."""
    return event.is_amended or event.status == Status.SUBMITTED


def asks_for_changes(event: Event) -> bool:
    """Does the referent's last message say what to change?"""
    return event.status in (Status.CHANGES_REQUESTED, Status.REFUSED)


def first_day_words(event: Event) -> str:
    """Return « Jeudi 20 novembre 2025 », the day of the first slot."""
    if event.first_starts_at is None:
        return "Date à choisir"
    return day_words(local(event.first_starts_at, event.timezone).date(), year=True).capitalize()
