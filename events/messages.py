"""What the national team writes to the organizers of many events: previewed, counted, and sent once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse

from events.models import Event, OrganizerMessage
from organizers.models import Membership, User
from organizers.permissions import is_national
from semaine import outbox
from semaine.dates import HOME_ZONE, day_words, hour_words, local
from semaine.text import count

# The mails of decisions go out between these, and wait for none.
PACE = timedelta(milliseconds=100)


class MessageError(Exception):
    """What may not be sent, with the reason as a French sentence."""


def events_of(message: OrganizerMessage, at: datetime):
    """Return the events whose organizers a message is for."""
    events = Event.objects.filter(edition=message.edition).at_stage(message.stage, at)
    if message.department_id:
        return events.filter(department=message.department_id)
    return events.filter(department__region=message.region_id) if message.region_id else events


def recipients(message: OrganizerMessage, at: datetime):
    """Return the people it is for, once each: who proposed an event, its owners where that account is closed."""
    events = events_of(message, at)
    authors = Exists(events.filter(created_by=OuterRef("pk")))
    orphans = events.filter(created_by__is_active=False).values("organization")
    owners = Membership.objects.owners().filter(user=OuterRef("pk"), organization__in=orphans)
    return User.objects.filter(authors | Q(Exists(owners)), is_active=True).order_by("pk")


def mail(message: OrganizerMessage) -> dict[str, str]:
    """Return the mail, the same for all: its subject, text and html."""
    context = {"message": message, "url": settings.SITE_URL + reverse("space")}
    return {
        "subject": message.subject,
        "text": render_to_string("emails/organizer_message.txt", context),
        "html": render_to_string("emails/organizer_message.html", context),
    }


@transaction.atomic
def send(message: OrganizerMessage, *, by, at: datetime, expected: int) -> int:
    """Write the mails to the outbox, if they are for as many people as were counted; return their number.

    Raises `MessageError`: it was sent already, nobody is there to read it, or the set has changed since the preview.
    """
    if not (answer := is_national(by)):
        raise MessageError(answer.reason)
    message = OrganizerMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.is_sent:
        raise MessageError(_already(message))
    people = list(recipients(message, at).values_list("pk", "email"))
    _check(len(people), expected)
    outbox.enqueue_each(
        {f"message-{message.pk}-{pk}": email for pk, email in people}, **mail(message), at=at, pace=PACE
    )
    message.sent_at, message.sent_by, message.sent_to = at, by, len(people)
    message.save(update_fields=["sent_at", "sent_by", "sent_to"])
    return len(people)


def _check(found: int, expected: int) -> None:
    if not found:
        raise MessageError("Ce message n’a pas de destinataire : choisissez d’autres événements.")
    if found != expected:
        people = count(found, "personne")
        raise MessageError(f"Depuis l’aperçu, l’envoi concerne {people} au lieu de {expected} : relisez-le.")


def _already(message: OrganizerMessage) -> str:
    when = local(message.sent_at, HOME_ZONE)
    people = count(message.sent_to, "personne")
    return f"Ce message a été envoyé à {people} le {day_words(when.date())} à {hour_words(when)}."
