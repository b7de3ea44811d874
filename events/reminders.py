"""The mails that ask for the report: the day after the last slot, and a week later, as long as there is none."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from events import attendance, permissions
from events.models import Event
from organizers.models import User
from semaine import outbox
from semaine.dates import day_words, local
from semaine.models import OutboxMessage

# The first and the last day after the event on which each is sent: a late run still sends it, a very late one no more.
FIRST, SECOND = (1, 7), (8, 21)
# More than the last day counts: an event's day may begin before that of Paris.
LONGEST = timedelta(days=SECOND[1] + 2)
AUTHOR = "Vous recevez ce message car vous avez proposé cet événement à la Semaine de l’industrie."
OWNER = (
    "Vous recevez ce message car vous êtes responsable de l’organisation « {} » à la Semaine de l’industrie."
)


def remind(at: datetime) -> int:
    """Write the reminders that are due at `at` and were not written yet; return for how many events."""
    told = _already_told(at)
    events = Event.objects.unreported(at - LONGEST, at).select_related(
        "created_by", "organization", "edition"
    )
    due = ((event, _key(event, at)) for event in events.defer("description", "search").order_by("pk"))
    return sum(_tell(event, key, at) for event, key in due if key and key not in told)


def _key(event: Event, at: datetime) -> str:
    """Return « attendance-12-1 », the reminder whose days these are; nothing where it is too early or too late."""
    days = (local(at, event.timezone).date() - attendance.last_day(event)).days
    for number, (first, last) in enumerate((FIRST, SECOND), start=1):
        if first <= days <= last:
            return f"attendance-{event.pk}-{number}"
    return ""


def _already_told(at: datetime) -> set[str]:
    """Return the keys of what was written lately, without the person that each ends with."""
    written = OutboxMessage.objects.filter(dedupe_key__startswith="attendance-", created_at__gt=at - LONGEST)
    return {key.rpartition("-")[0] for key in written.values_list("dedupe_key", flat=True)}


@transaction.atomic
def _tell(event: Event, key: str, at: datetime) -> bool:
    people, reason = _recipients(event)
    context = {
        "event": event,
        "is_second": key.endswith("-2"),
        "closes": day_words(attendance.closes_on(event), year=True),
        "url": settings.SITE_URL + reverse("space_report", args=[event.pk]),
        "reason": reason,
    }
    text = render_to_string("emails/attendance.txt", context)
    html = render_to_string("emails/attendance.html", context)
    for person in people:
        subject = f"Qui est venu ? Le bilan de votre événement : {event.title}"[:250]
        outbox.enqueue(person.email, subject, text, html=html, dedupe_key=f"{key}-{person.pk}", at=at)
    return bool(people)


def _recipients(event: Event) -> tuple[list[User], str]:
    """Return the event's author while they may still write its report, else the organization's owners; and why them."""
    author = event.created_by
    if author.is_active and permissions.may_edit(author, event):
        return [author], AUTHOR
    owners = event.organization.memberships.owners().select_related("user").order_by("pk")
    return [each.user for each in owners], OWNER.format(event.organization)
