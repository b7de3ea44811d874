"""Which files may be the same event, kept beside them: a list of thousands cannot look for it.

`duplicates` is the rule. What was sent is looked at again after each change of it, a moment later and by a task, so
that neither a form nor an import of thousands waits for it. Whether the other one still counts is asked when the list
is read.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from events.contents import slots_of
from events.duplicates import duplicates
from events.models import Event, PossibleTwin, TwinSearch
from events.querysets import EventQuerySet

BATCH = 100
# At one go: some five seconds of a worker.
MOST = 2000
# Whose drafts count: no organization has this number.
NOBODY = 0


def has_twin() -> Q:
    """Return the condition that an event may already be there, as it was last looked at."""
    others = Event.objects.in_the_running(NOBODY).filter(possible_twin_of__event=OuterRef("pk"))
    return Q(Exists(others))


def to_look_at() -> EventQuerySet:
    """Return the events that were sent, and changed since their twins were looked for."""
    known = TwinSearch.objects.filter(event=OuterRef("pk"), state=OuterRef("updated_at"))
    return Event.objects.once_sent().filter(~Exists(known)).order_by("pk")


def look(most: int = MOST) -> int:
    """Look for the twins of at most so many events that changed, and return of how many. Twice is once."""
    looked = 0
    while looked < most:
        batch = list(to_look_at().select_related("edition")[: min(BATCH, most - looked)])
        if not batch:
            break
        _keep(batch)
        looked += len(batch)
    return looked


def look_again(events: EventQuerySet) -> None:
    """Have the twins of these looked for again, though nothing that their date of change tells has changed."""
    TwinSearch.objects.filter(event__in=events).delete()


@transaction.atomic
def _keep(events: list[Event]) -> None:
    searches = [TwinSearch(event=event, state=event.updated_at) for event in events]
    pairs = {pair for event in events for pair in _pairs(event)}
    either = Q(event__in=events) | Q(other__in=events)
    PossibleTwin.objects.filter(either).delete()
    rows = [PossibleTwin(event_id=event, other_id=other) for event, other in sorted(pairs)]
    PossibleTwin.objects.bulk_create(rows, ignore_conflicts=True)
    TwinSearch.objects.bulk_create(
        searches, update_conflicts=True, unique_fields=["event"], update_fields=["state"]
    )


def _pairs(event: Event) -> set[tuple[int, int]]:
    """Return the pairs that an event makes with those of its twins that were sent, both ways round."""
    twins = duplicates(event, slots_of(event)).once_sent().order_by().values_list("pk", flat=True)
    return {pair for twin in twins for pair in ((event.pk, twin), (twin, event.pk))}
