"""Two events that are one: a referent keeps one of them, and the other leads to it. Same rules as in `workflow`."""

from datetime import datetime

from django.db import transaction

from events import permissions
from events.enums import Status, Transition
from events.models import Event
from events.querysets import is_public
from events.transitions import WorkflowError, where_it_stands
from events.workflow import enter, leave, locked

KEEPABLE = frozenset({Status.SUBMITTED, Status.LABELLED})


@transaction.atomic
def merge(event: Event, *, into: Event, by, at: datetime, comment: str = "") -> Event:
    """Merge an event into the one to keep: it leaves every list, and its address leads there. Mails both organizers."""
    _lock(event, into)
    event = enter(event, Transition.MERGE, by=by, at=at)
    kept = locked(into)
    if reason := why_not_keep(kept, event, by=by):
        raise WorkflowError(reason)
    event.merged_into = kept
    return leave(event, Transition.MERGE, by=by, at=at, comment=comment)


def _lock(*events: Event) -> None:
    """Two merges of the same pair must not each wait for the other."""
    pks = [event.pk for event in events]
    list(Event.objects.filter(pk__in=pks).order_by("pk").select_for_update().values_list("pk", flat=True))


def why_not_keep(kept: Event, event: Event, *, by) -> str:
    """Return the French reason why `event` may not be merged into `kept`; nothing when it may."""
    if kept.pk == event.pk:
        return "Un événement ne se regroupe pas avec lui-même : choisissez-en un autre."
    if kept.edition_id != event.edition_id:
        return "Les deux événements ne sont pas de la même édition."
    if kept.status not in KEEPABLE:
        return f"L’événement à garder doit être à l’examen ou labellisé. {where_it_stands(kept, reader=by)}"
    return permissions.may_decide(by, kept).reason


def kept_for(event: Event) -> Event:
    """Return the event that stands for this one, through as many merges as there were. One query for each."""
    while event.is_merged:
        event = Event.objects.for_list().get(pk=event.merged_into_id)
    return event


def public_kept(event: Event) -> Event | None:
    """Return the event that stands for this one where the public sees it."""
    kept = kept_for(event)
    return kept if kept != event and is_public(kept) else None
