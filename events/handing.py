"""What the offices say to each other of a file: notes, and handing it over. Organizers read none of it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from events.models import Event, Note
from events.recording import office_of
from events.workflow import WorkflowError, locked
from organizers.models import Office
from semaine import outbox

SUBJECT = "Un dossier vous est transmis : {}"


@transaction.atomic
def note(event: Event, *, by, at: datetime, text: str) -> Note:
    """Write a note that every office with a right on the file reads. No mail."""
    if not text.strip():
        raise WorkflowError("Écrivez la note avant de l’ajouter.")
    return Note.objects.create(event=event, by=by, office=office_of(by, event), at=at, text=text.strip())


def offices_for(event: Event):
    """Return the offices that may examine the file, nearest first, but the one that has it already."""
    return Office.objects.for_department(event.department).exclude(pk=event.handed_to_id)


@transaction.atomic
def hand_over(event: Event, *, to: Office, by, at: datetime, text: str) -> Event:
    """Give the turn to another office that has a right on the file, with the reason; nobody loses theirs.

    Mails the agents of that office who are at work.
    """
    event = locked(event)
    if not offices_for(event).filter(pk=to.pk).exists():
        raise WorkflowError("Ce service ne peut pas examiner ce dossier, ou l’a déjà.")
    if not text.strip():
        raise WorkflowError("Écrivez pourquoi vous transmettez le dossier : l’autre service le lira.")
    event.handed_to = to
    event.save(update_fields=["handed_to"])
    written = Note.objects.create(
        event=event, by=by, office=office_of(by, event), at=at, text=text.strip(), handed_to=to
    )
    _tell(written)
    return event


def _tell(note: Note) -> None:
    path = reverse("admin:events_event_examine", args=[note.event_id])
    context = {"note": note, "event": note.event, "url": settings.SITE_URL + path}
    for number, address in enumerate(note.handed_to.addresses(note.at)):
        outbox.enqueue(
            address,
            SUBJECT.format(note.event.title)[:250],
            render_to_string("emails/handed.txt", context),
            html=render_to_string("emails/handed.html", context),
            dedupe_key=f"note-{note.pk}-{number}",
            at=note.at,
        )
