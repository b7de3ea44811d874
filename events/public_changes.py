"""Which event each revision of the site has changed, so that nobody needs to read all the others again."""

from events.models import Event, PublicChange
from semaine.models import SiteRevision

# What is further behind reads everything.
KEPT = 500
# How often those that are further behind are thrown away.
EVERY = 100


def tell(event: Event) -> None:
    """Count one change of what the public sees of an event. Near the end of its transaction: others wait for it."""
    number = SiteRevision.objects.bump(structure=False)
    PublicChange.objects.create(revision=number, event=event)
    if number % EVERY == 0:
        PublicChange.objects.filter(revision__lte=number - KEPT).delete()


def changed_between(older: int, newer: int, *, using: str) -> set[int] | None:
    """Return the keys of the events that have changed after a revision, up to another; None when it may be others too.

    One query, or none when too much has changed.
    """
    if not 0 <= newer - older <= KEPT:
        return None
    rows = PublicChange.objects.using(using).filter(revision__gt=older, revision__lte=newer)
    found = list(rows.values_list("event_id", flat=True))
    # Each revision is of one event, or of what is told by no line.
    return {*found} if len(found) == newer - older else None
