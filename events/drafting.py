"""Writing an event's contents: the other half of the workflow, which changes no status."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import permissions, pictures
from events.eligibility import assess, failed
from events.enums import Source, Status
from events.facts import facts_of
from events.models import Event, TimeSlot
from events.places import settle
from events.workflow import WorkflowError, check_version, locked
from organizers.models import Organization
from semaine.dates import last_local_day, local, longest_run
from semaine.models import Edition

Slots = Sequence[tuple[datetime, datetime]]

EDITABLE = {Status.DRAFT, Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.REFUSED}
# While a referent may be reading it, nothing changes but by a button that the organizer presses.
SAVED_AS_TYPED = EDITABLE - {Status.SUBMITTED}
LASTING_DAYS = 3
MOST_SLOTS = 800
FIRST_VERSION = 1


@transaction.atomic
def draft(
    organization: Organization,
    edition: Edition,
    *,
    by,
    at: datetime,
    key: UUID,
    values: dict,
    slots: Slots = (),
    source: Source = Source.FORM,
) -> Event:
    """Write a new draft. Posted again with the same `key`, it is still one event, with what was corrected since.

    A draft that was changed elsewhere in the meantime is not overwritten: `StaleVersion`.
    """
    event, created = Event.objects.get_or_create(
        creation_key=key,
        defaults={
            "organization": organization,
            "edition": edition,
            "created_by": by,
            "source": source,
            "created_at": at,
            "updated_at": at,
        },
    )
    _require(permissions.may_edit(by, event))
    if not created:
        return _again(event, by=by, at=at, values=values, slots=slots)
    _fill(event, values)
    return _write(event, slots, at)


def _again(event: Event, *, by, at: datetime, values: dict, slots: Slots) -> Event:
    written = [(slot.starts_at, slot.ends_at) for slot in event.slots.all()]
    if written == sorted(slots) and all(getattr(event, name) == values[name] for name in values):
        return event
    return revise(event, by=by, at=at, values=values, slots=slots, version=FIRST_VERSION)


@transaction.atomic
def revise(
    event: Event, *, by, at: datetime, values: dict, slots: Slots | None = None, version: int | None = None
) -> Event:
    """Change the contents of an event, those named in `values`: version + 1.

    `slots` None leaves them as they are. An event that a referent may be reading must stay complete.
    """
    event = locked(event)
    _require(permissions.may_edit(by, event))
    if reason := why_not_editable(event):
        raise WorkflowError(reason)
    check_version(event, version)
    event.version += 1
    _fill(event, values)
    if slots is None:
        slots = [(slot.starts_at, slot.ends_at) for slot in event.slots.all()]
    if event.status == Status.SUBMITTED:
        findings = assess(facts_of(event, slots), event.edition.label_window(event.department))
        if failed(findings):
            raise WorkflowError("Un événement envoyé doit rester complet.", findings)
    return _write(event, slots, at)


def why_not_editable(event: Event) -> str:
    """Return the French reason why the contents are closed to changes; nothing when they are open."""
    if event.status in EDITABLE:
        return ""
    return (
        "Cet événement ne se modifie plus ici : il est au programme ou il l’a quitté. "
        "Pour le corriger, écrivez à votre référent."
    )


def saves_as_typed(event: Event) -> bool:
    """May what is typed be written without a button? Not while a referent may be reading the event."""
    return event.status in SAVED_AS_TYPED


def _require(answer: permissions.Allowed) -> None:
    if not answer:
        raise WorkflowError(answer.reason)


def _fill(event: Event, values: dict) -> None:
    if "image" in values:
        pictures.forget(event.image.name)
    for name, value in values.items():
        setattr(event, name, value)
    settle(event)


def _write(event: Event, slots: Slots, at: datetime) -> Event:
    if len(slots) > MOST_SLOTS:
        raise WorkflowError(
            f"Un événement compte {MOST_SLOTS} créneaux au plus, et il en aurait {len(slots)}."
        )
    rows = slot_rows(event, sorted(slots))
    event.slots.all().delete()
    TimeSlot.objects.bulk_create(rows)
    event.updated_at = at
    event.save()
    return event


def slot_rows(event: Event, slots: Slots) -> list[TimeSlot]:
    """Return the event's slots, not saved, and write on it what follows from them: first, last, lasting."""
    rows = [
        TimeSlot(
            event=event,
            starts_at=starts_at,
            ends_at=ends_at,
            first_day=local(starts_at, event.timezone).date(),
            last_day=last_local_day(ends_at, event.timezone),
        )
        for starts_at, ends_at in slots
    ]
    event.first_day = min((row.first_day for row in rows), default=None)
    event.first_starts_at = min((row.starts_at for row in rows), default=None)
    event.first_ends_at = min((row.ends_at for row in rows), default=None)
    event.last_ends_at = max((row.ends_at for row in rows), default=None)
    days = [day for row in rows for day in (row.first_day, row.last_day)]
    event.is_lasting = longest_run(days) > LASTING_DAYS
    return rows
