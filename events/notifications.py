"""What the organizer is told, by mail, of each decision: one action, and why the mail was sent."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from events import permissions
from events.asking import points
from events.enums import Transition
from events.models import Decision, Event
from events.querysets import is_public
from events.transitions import UNDO_WITHIN, UNDOABLE
from organizers.models import User
from semaine import outbox
from semaine.dates import day_words


class Words(NamedTuple):
    subject: str
    sentence: str
    action: str


WORDS = {
    Transition.SUBMIT: Words(
        "Votre événement est envoyé",
        "Nous avons bien reçu votre événement. Un référent de votre territoire l’examine : vous aurez "
        "sa réponse par courriel.",
        "Suivre l’examen",
    ),
    Transition.TAKE_BACK: Words(
        "L’examen de votre événement reprend",
        "Le référent a repris l’examen de votre événement. Vous n’avez rien à faire.",
        "Voir l’événement",
    ),
    Transition.REQUEST_CHANGES: Words(
        "Votre événement est à compléter",
        "Le référent a besoin d’une précision avant de donner sa réponse. Complétez votre événement, "
        "puis envoyez-le de nouveau.",
        "Compléter l’événement",
    ),
    Transition.LABEL: Words(
        "Votre événement est labellisé",
        "Bravo ! Votre événement a reçu le label de la Semaine de l’industrie. Il est au programme.",
        "Voir l’événement",
    ),
    Transition.REFUSE: Words(
        "Votre événement n’a pas reçu le label",
        "Le référent n’a pas pu accorder le label. Vous pouvez corriger votre événement et l’envoyer de "
        "nouveau.",
        "Corriger l’événement",
    ),
    Transition.MERGE: Words(
        "Votre événement est regroupé avec un autre",
        "Le référent a regroupé votre événement avec un autre, qui est le même. Vous n’avez rien à faire.",
        "Voir l’événement",
    ),
    Transition.WITHDRAW: Words(
        "Votre événement n’a plus le label",
        "Le label de votre événement a été retiré. L’événement n’est plus au programme.",
        "Voir l’événement",
    ),
    Transition.REINSTATE: Words(
        "Votre événement est de nouveau à l’examen",
        "Le référent examine de nouveau votre événement. Vous n’avez rien à faire.",
        "Voir l’événement",
    ),
    Transition.CANCEL: Words(
        "Votre événement est annulé",
        "L’annulation est enregistrée. Si l’événement était au programme, il y reste avec la mention "
        "« Annulé ».",
        "Voir l’événement",
    ),
    Transition.REOPEN: Words(
        "Votre événement est rétabli",
        "L’annulation est levée : votre événement retrouve l’état qu’il avait.",
        "Voir l’événement",
    ),
    Transition.AMEND: Words(
        "Votre modification est proposée",
        "Nous avons bien reçu votre modification. Un référent l’examine : vous aurez sa réponse par courriel. En "
        "attendant, le public voit toujours ce qui est labellisé.",
        "Suivre l’examen",
    ),
    Transition.ACCEPT_AMENDMENT: Words(
        "Votre modification est acceptée",
        "Le référent a accepté votre modification. Elle est au programme.",
        "Voir l’événement",
    ),
    Transition.REFUSE_AMENDMENT: Words(
        "Votre modification n’est pas acceptée",
        "Le référent n’a pas accepté votre modification. L’événement garde son label, et le public voit toujours "
        "ce qui est labellisé.",
        "Voir l’événement",
    ),
}
KEPT = Words(
    "Un autre événement est regroupé avec le vôtre",
    "Le référent a regroupé avec votre événement un autre, qui est le même. Le vôtre est gardé : vous n’avez rien à "
    "faire.",
    "Voir l’événement",
)
# Their author has just done them, or nobody waits for them.
QUIET = frozenset({Transition.EDIT, Transition.SEE, Transition.DROP_AMENDMENT, Transition.UNDO})
# They say when an answer is due.
DATED = frozenset({Transition.SUBMIT, Transition.AMEND})


def tell(decision: Decision) -> None:
    """Write to the outbox the mail that tells the event's author of a decision; its owners, when the author is gone.

    The mail of what may be undone waits for that long. Of two merged events, both authors are told, one person once.
    """
    event, transition = decision.event, Transition(decision.transition)
    if transition in QUIET:
        return
    _release_the_one_before(decision)
    told = _write(decision, event, WORDS[transition], readers(event))
    if transition == Transition.MERGE:
        others = [each for each in readers(event.merged_into) if each not in told]
        _write(decision, event.merged_into, KEPT, others)


def preview(decision: Decision) -> tuple[str, str]:
    """Return the subject and the text of the mail that a decision, not written yet, would send to its author."""
    event, words = decision.event, WORDS[Transition(decision.transition)]
    text = render_to_string("emails/decision.txt", _context(decision, event, words))
    return _subject(words, event), text


def _subject(words: Words, event: Event) -> str:
    return f"{words.subject} : {event.title}"[:250]


def _release_the_one_before(decision: Decision) -> None:
    """What follows a decision within its minute ends the wait: nobody reads the second mail before the first."""
    since = decision.at - UNDO_WITHIN
    before = decision.event.decisions.filter(transition__in=UNDOABLE, at__gt=since).exclude(pk=decision.pk)
    # What was decided on, and what was seen of it, is long.
    for each in before.only("pk"):
        outbox.release(key_of(each), decision.at)


def key_of(decision: Decision) -> str:
    """Return how the keys of a decision's mails begin."""
    return f"decision-{decision.pk}"


def _write(decision: Decision, event: Event, words: Words, readers: list[User]) -> list[User]:
    context = _context(decision, event, words)
    waits = UNDO_WITHIN if decision.transition in UNDOABLE else timedelta()
    for reader in readers:
        is_author = reader == decision.event.created_by
        outbox.enqueue(
            reader.email,
            _subject(words, event),
            render_to_string("emails/decision.txt", context),
            html=render_to_string("emails/decision.html", context),
            dedupe_key=key_of(decision) if is_author else f"{key_of(decision)}-{reader.pk}",
            at=decision.at,
            not_before=decision.at + waits,
        )
    return readers


def _context(decision: Decision, event: Event, words: Words) -> dict:
    kept = event.merged_into
    return {
        "words": words,
        "decision": decision,
        "event": event,
        "points": points(decision),
        "kept": kept if kept and is_public(kept) else None,
        "due": day_words(event.due_on) if decision.transition in DATED else "",
        "url": settings.SITE_URL + reverse("space_event", args=[event.pk]),
    }


def readers(event: Event) -> list[User]:
    """Return who is told of an event: its author; its owners, when the author is gone."""
    author = event.created_by
    if author.is_active and permissions.may_edit(author, event):
        return [author]
    owners = event.organization.memberships.owners().select_related("user").order_by("pk")
    return [each.user for each in owners]
