"""A decision undone by its author within a minute, before its mail leaves. Same rules as in `workflow`."""

from datetime import datetime

from django.db import transaction

from events import notifications
from events.enums import Transition
from events.models import Decision, Event
from events.transitions import UNDO_WITHIN, UNDOABLE, WorkflowError, why_not
from events.workflow import enter, leave
from semaine import outbox


@transaction.atomic
def undo(event: Event, *, by, at: datetime) -> Event:
    """Give back to examination what one has just labelled, refused or sent back. Its mail is deleted, nobody is told.

    The answer stays due on the day it was: the organizer has waited since. A label number once given is kept.
    """
    event = enter(event, Transition.UNDO, by=by, at=at)
    if not outbox.take_back(notifications.key_of(event.decisions.last())):
        raise WorkflowError("Le courriel de cette décision est déjà parti : elle ne s’annule plus.")
    return leave(event, Transition.UNDO, by=by, at=at)


def undoable(user, at: datetime) -> Decision | None:
    """Return the decision that a person has just taken and may still undo."""
    decisions = Decision.objects.filter(by=user, at__gt=at - UNDO_WITHIN).select_related("event__edition")
    last = decisions.order_by("-at", "-pk").first()
    if last is None or last.transition not in UNDOABLE:
        return None
    return None if why_not(last.event, Transition.UNDO, by=user, at=at) else last
