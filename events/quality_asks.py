"""What only the organizer can put right: the file goes back with a request ready written, or they are asked by mail."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from events import notifications, permissions, workflow
from events.enums import Transition
from events.models import Event, Note
from events.recording import office_of
from events.steps import STEP_OF
from events.transitions import WorkflowError
from events.workflow import locked
from organizers import notices
from semaine.text import NBSP

CHANGED = "L’événement vient de changer : relisez la liste."


@dataclass(frozen=True)
class Ask:
    """`field`: of the organizer's form; `request`: what they read; `sends_back`: it stops the examination."""

    code: str
    field: str
    subject: str
    request: str
    sends_back: bool = True

    def sends(self, status: str) -> bool:
        """Does the file of this status go back? What is no more with the referent is asked by mail."""
        return self.sends_back and status in workflow.TRANSITIONS[Transition.REQUEST_CHANGES].sources


TITLE = Ask(
    "titre",
    "title",
    "Donnez un vrai titre à votre événement",
    "Le titre ressemble à un essai. Écrivez celui que le public lira : ce que l’on vient voir ou faire, et où.",
)
PICTURE = Ask(
    "image",
    "image",
    "Ajoutez une image à votre événement",
    "Une image donne envie de venir. Ajoutez-en une, avec quelques mots qui la décrivent.",
    sends_back=False,
)
PARTICIPANTS = Ask(
    "participants",
    "expected_participants",
    "Vérifiez le nombre de participants attendus",
    "Vous attendez plus de personnes que vos créneaux et vos places n’en permettent. Corrigez ce nombre, ou les "
    "places et les dates.",
)


@transaction.atomic
def ask(event: Event, asked: Ask, *, by, at: datetime, version: int) -> str:
    """Ask the organizer to put something right; return what was done, as a French sentence.

    Sent and not answered yet, the file goes back by the workflow, with its mail and its minute to undo it. Else the
    organizer has a mail, once for an event, and the offices read a note. Raises `WorkflowError`.
    """
    if asked.sends(event.status):
        fields = {asked.field: asked.request}
        workflow.request_changes(event, by=by, at=at, comment=asked.request, version=version, fields=fields)
        return f"le dossier est renvoyé à l’organisateur, avec la demande «{NBSP}{asked.subject}{NBSP}»."
    event = locked(event)
    if event.version != version or not Event.objects.correctable().filter(pk=event.pk).exists():
        raise WorkflowError(CHANGED)
    if not (answer := permissions.may_decide(by, event)):
        raise WorkflowError(answer.reason)
    _note(event, asked, by, at)
    _mail(event, asked, at)
    return "l’organisateur reçoit un courriel, et une note le dit aux autres services."


def _note(event: Event, asked: Ask, by, at: datetime) -> None:
    text = f"Demandé à l’organisateur par courriel{NBSP}: {asked.subject[0].lower()}{asked.subject[1:]}."
    values = {"by": by, "office": office_of(by, event), "at": at, "text": text}
    # The row of the event is locked: nobody writes the same note meanwhile.
    if not Note.objects.get_or_create(event=event, asked=asked.code, defaults=values)[1]:
        raise WorkflowError("C’est déjà demandé à l’organisateur.")


def _mail(event: Event, asked: Ask, at: datetime) -> None:
    for reader in notifications.readers(event):
        notices.write(
            reader.email,
            f"{asked.subject}{NBSP}: {event}",
            f"Le référent a relu votre événement «{NBSP}{event}{NBSP}». {asked.request}",
            action="Corriger l’événement",
            url=reverse("space_step", args=[event.pk, STEP_OF[asked.field].code]),
            why="Vous recevez ce message car vous avez proposé cet événement. Il ne sera pas répété.",
            key=f"quality-{asked.code}-{event.pk}-{reader.pk}",
            at=at,
        )
