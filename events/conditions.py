"""Conditions that the parameters of the API put together, over what a door has scoped."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from events.enums import Status
from events.models import TimeSlot


def timed_between(since: datetime | None, until: datetime | None) -> Q:
    """The condition that an event has a slot that lies, at least in part, between two moments."""
    slots = TimeSlot.objects.filter(event=OuterRef("pk"))
    slots = slots.filter(ends_at__gte=since) if since else slots
    return Q(Exists(slots.filter(starts_at__lte=until) if until else slots))


def is_cancelled() -> Q:
    return Q(status=Status.CANCELLED)
