"""An organization's description, changed: its events hold copies of it."""

from datetime import datetime

from django.db import transaction

from events.models import Event
from events.places import copy_organizer, settle
from events.querysets import is_seen
from organizers import membership
from organizers.models import Organization
from semaine.models import SiteRevision

BATCH = 500


@transaction.atomic
def describe(organization: Organization, *, by, at: datetime, values: dict) -> Organization:
    """Change what an organization is, for an owner: name, type, seat…

    All its events bear the new name; those online that no label has settled follow the seat to its referent. The
    public pages are made anew when one of the events is public.
    """
    before = (organization.name, organization.headquarters_id)
    organization = membership.describe(organization, by=by, values=values)
    if before != (organization.name, organization.headquarters_id):
        rewrite(organization, at)
    if Event.objects.public().filter(organization=organization).exists():
        SiteRevision.objects.bump()
    return organization


def rewrite(organization: Organization, at: datetime) -> None:
    """Write what the events of an organization copy of it: its name, and its seat for those online.

    Whoever keeps a copy of what the public sees learns it by the date of change; no content changes its version.
    """
    rows = Event.objects.filter(organization=organization).select_for_update(of=("self",)).order_by("pk")
    events = list(rows.select_related("commune__department").defer("description", "search"))
    for event in events:
        event.organization = organization
        if event.mode.has_place or event.label_number:
            copy_organizer(event)
        else:
            settle(event)
        event.updated_at = at if is_seen(event) else event.updated_at
    copies = ["organizer_name", "trigram_key", "department", "updated_at"]
    Event.objects.bulk_update(events, copies, batch_size=BATCH)
