"""The report after an event: when it may be written, and how it is kept."""

from datetime import date, datetime, timedelta

from django.db import transaction

from events.models import AttendanceReport, Event
from events.workflow import WorkflowError, locked
from semaine.dates import day_words, hour_words, last_local_day, local, today

OPEN_FOR = timedelta(days=60)
NO_LABEL = "Le bilan est celui d’un événement labellisé, et qui a eu lieu."


def last_day(event: Event) -> date:
    """Return the day on which the event ends, in its own time."""
    return last_local_day(event.last_ends_at, event.timezone)


def closes_on(event: Event) -> date:
    """Return the last day on which the report may be written or corrected."""
    return last_day(event) + OPEN_FOR


def why_closed(event: Event, at: datetime) -> str:
    """Return the French reason why the report cannot be written at `at`; nothing when it can."""
    if not Event.objects.taking_place().filter(pk=event.pk).exists():
        return NO_LABEL
    if at < event.first_ends_at:
        opens = local(event.first_ends_at, event.timezone)
        when = f"{day_words(opens.date(), year=True)} à {hour_words(opens)}"
        return f"Le bilan s’ouvre à la fin du premier créneau, {when}."
    if today(at) > closes_on(event):
        return f"Le bilan est fermé depuis le {day_words(closes_on(event), year=True)} au soir."
    return ""


@transaction.atomic
def save(event: Event, *, by, at: datetime, values: dict) -> AttendanceReport:
    """Write the report, or correct it: there is one for each event. The public sees sums of it."""
    event = locked(event)
    if reason := why_closed(event, at):
        raise WorkflowError(reason)
    written = values | {"by": by, "updated_at": at}
    report, _ = AttendanceReport.objects.update_or_create(
        event=event, defaults=written, create_defaults=written | {"created_at": at}
    )
    return report
