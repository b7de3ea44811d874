"""A new draft from an event that exists: a copy of any, or last edition's event renewed in this one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction

from events import drafting, permissions
from events.contents import Slots, slots_of
from events.models import Event
from events.models.slot import LONGEST
from events.transitions import WorkflowError
from events.workflow import locked
from semaine.dates import local
from semaine.models import Edition

COPY = " (copie)"
# What is of one time only stays behind: dates, label, « complet », the name in a file of import.
CONTENTS = (
    *("title", "summary", "description", "format_code", "sector_codes", "topic_codes", "audience_codes"),
    *("attendance_mode", "venue", "address", "postal_code", "commune", "online_url", "more_info_url"),
    *("latitude", "longitude", "precision", "point_source", "geocoding_score", "partners"),
    *("access_mode", "reserved_to", "registration_kind", "registration_value", "capacity", "is_free"),
    *("age_min", "age_max", "expected_participants", "accessibility_codes", "public_contact"),
    *("contact_name", "contact_email", "contact_phone"),
)
IMAGE = ("image_width", "image_height", "image_alt", "image_credit")


@transaction.atomic
def duplicate(event: Event, edition: Edition | None, *, by, at: datetime, key: UUID) -> Event:
    """Write a draft like the event in an edition, without dates. Asked again with the same `key`, it is the same."""
    if edition is None:
        raise WorkflowError("Aucune édition n’est ouverte : il n’y a pas où mettre la copie.")
    event = locked(event)
    # Of this event's copies only: the key of another creation is not taken for it.
    key = uuid5(event.uid, f"{key}")
    if found := Event.objects.editable_by(by).filter(creation_key=key).first():
        return found
    title = event.title[: _longest("title") - len(COPY)] + COPY
    return _draft(event, edition, by=by, at=at, key=key, values={"title": title}, slots=[])


@transaction.atomic
def renew(event: Event, edition: Edition | None, *, by, at: datetime) -> Event:
    """Write a draft of last time's event in an edition, on the same weekdays of the new week.

    It is done once: asked again, it returns the first one, with whatever became of it.
    """
    event = locked(event)
    if found := already_renewed(event, edition):
        return found
    if reason := why_not_renew(event, edition, by=by):
        raise WorkflowError(reason)
    key = uuid5(event.uid, f"{edition.pk}")
    values = {"renewed_from": event}
    return _draft(event, edition, by=by, at=at, key=key, values=values, slots=moved(event, edition))


def already_renewed(event: Event, edition: Edition | None) -> Event | None:
    return event.renewals.filter(edition=edition).first()


def why_not_renew(event: Event, edition: Edition | None, *, by) -> str:
    """Return the French reason why an event may not be renewed in an edition; nothing when it may."""
    if not (answer := permissions.may_edit(by, event)):
        return answer.reason
    if edition is None or edition.label_from <= event.edition.label_until:
        return "La prochaine édition n’est pas encore ouverte."
    if not event.is_renewable:
        return "Seul un événement qui a eu lieu avec le label se reconduit : dupliquez celui-ci."
    return ""


def moved(event: Event, edition: Edition) -> Slots:
    """Return the event's slots at the same hours of the same weekdays, as many weeks after the new week's Monday."""
    shift = _monday(event, edition) - _monday(event, event.edition)
    pairs = [tuple(_shifted(each, shift, event.timezone) for each in slot) for slot in slots_of(event)]
    # In the night when the clocks change, a slot may lose the hour that it lasted.
    return [(starts, ends) for starts, ends in pairs if starts < ends <= starts + LONGEST]


def _monday(event: Event, edition: Edition) -> date:
    """Return the Monday of the week: the territory's own, else the edition's."""
    own = edition.territory_week(event.department) if event.department else None
    first = (own or edition).starts_on
    return first - timedelta(days=first.weekday())


def _shifted(moment: datetime, shift: timedelta, zone: str) -> datetime:
    there = local(moment, zone)
    # The hands of the clock move; the offset is that of the new day.
    return (there + shift).astimezone(UTC)


def _draft(event: Event, edition: Edition, *, by, at, key: UUID, values: dict, slots: Slots) -> Event:
    contents = {name: getattr(event, name) for name in CONTENTS} | _picture(event) | values
    return drafting.draft(event.organization, edition, by=by, at=at, key=key, values=contents, slots=slots)


def _picture(event: Event) -> dict:
    """Return the picture as a file of the copy's own, for either may change or lose it; nothing without one."""
    if not event.image or not event.image.storage.exists(event.image.name):
        return {}
    with event.image.open() as image:
        own = ContentFile(image.read(), name=PurePosixPath(event.image.name).name)
    return {"image": own} | {each: getattr(event, each) for each in IMAGE}


def _longest(name: str) -> int:
    return Event._meta.get_field(name).max_length
