"""Writing an event's contents, the one door for them: the other half of the workflow, which changes no status."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from events import amending, permissions, pictures, recording, workflow
from events.contents import Slots, check_number, fill, slot_rows, slots_of, write_slots
from events.eligibility import assess, failed
from events.enums import Source, Status, Transition
from events.facts import facts_of
from events.findings import points_to_check
from events.models import Event, TimeSlot
from events.workflow import WorkflowError, check_version, locked
from organizers.models import Organization
from semaine.models import Edition

EDITABLE = {
    Status.DRAFT,
    Status.SUBMITTED,
    Status.CHANGES_REQUESTED,
    Status.REFUSED,
    Status.LABELLED,
}
# While a referent may be reading it, nothing changes but by a button that the organizer presses; nor once it is
# labelled, when a change is a proposal.
SAVED_AS_TYPED = EDITABLE - {Status.SUBMITTED, Status.LABELLED}
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
    sends: bool = False,
) -> Event:
    """Write a new draft. Posted again with the same `key`, it is still one event, with what was corrected since.

    A draft that was changed elsewhere in the meantime is not overwritten: `StaleVersion`. `sends`: it is written as
    sent, as `workflow.submit` then would quietly; a file has thousands, and each is written once.
    """
    fresh, rows = _unwritten(organization, edition, by=by, at=at, source=source, values=values, slots=slots)
    findings = workflow.submit_unwritten(fresh, slots, by=by, at=at) if sends else ()
    event, created = _insert(fresh, rows, key)
    if not created:
        event = _again(event, by=by, at=at, values=values, slots=slots)
        return workflow.submit(event, by=by, at=at, quietly=True) if sends else event
    if sends:
        recording.record(event, Transition.SUBMIT, by=by, at=at, findings=findings, quietly=True)
    else:
        _require(permissions.may_edit(by, event))
    return event


class New(NamedTuple):
    """What `draft` is told of one event among many."""

    key: UUID
    values: dict
    slots: Slots = ()
    sends: bool = False


@transaction.atomic
def draft_all(
    organization: Organization, edition: Edition, drafts: Iterable[New], *, by, at: datetime, source: Source
) -> list[Event]:
    """Write many new events as `draft` writes each, in the same few statements whatever their number.

    All or none: raises WorkflowError where `draft` would for one of them, and IntegrityError where one is there
    already. They can then be written one by one.
    """
    _require(may := permissions.may_edit(by, Event(organization=organization)))
    events, rows, sent = [], [], []
    for each in drafts:
        written = {"source": source, "values": each.values, "slots": each.slots}
        event, its_rows = _unwritten(organization, edition, by=by, at=at, **written)
        event.creation_key = each.key
        if each.sends:
            sent.append((event, workflow.submit_unwritten(event, each.slots, by=by, at=at, may=may)))
        events.append(event)
        rows += its_rows
    Event.objects.bulk_create(events)
    TimeSlot.objects.bulk_create(rows)
    recording.record_sent(sent, by=by, at=at)
    return events


def _unwritten(organization, edition, *, by, at, source, values, slots) -> tuple[Event, list[TimeSlot]]:
    """Return a new event and its slots, in memory."""
    check_number(slots)
    fresh = Event(
        organization=organization, edition=edition, created_by=by, source=source, created_at=at, updated_at=at
    )
    fill(fresh, values)
    return fresh, slot_rows(fresh, sorted(slots))


def _insert(fresh: Event, rows: list[TimeSlot], key: UUID) -> tuple[Event, bool]:
    """Write a new event with its slots, and tell that it is new; else return the one that has this key."""
    # Most often there is none, so the look-up reads no columns.
    event, created = Event.objects.only("pk").get_or_create(creation_key=key, defaults=_columns(fresh))
    if not created:
        return Event.objects.get(pk=event.pk), False
    for row in rows:
        row.event = event
    TimeSlot.objects.bulk_create(rows)
    return event, True


def _columns(event: Event) -> dict:
    """Return all that an event is made of, but its keys: so that it is written at one go."""
    fields = [each for each in Event._meta.concrete_fields if not (each.primary_key or each.generated)]
    return {each.name: getattr(event, each.name) for each in fields if each.name != "creation_key"}


def _again(event: Event, *, by, at: datetime, values: dict, slots: Slots) -> Event:
    _require(permissions.may_edit(by, event))
    if slots_of(event) == sorted(slots) and all(getattr(event, name) == values[name] for name in values):
        return event
    return revise(event, by=by, at=at, values=values, slots=slots, version=FIRST_VERSION)


@transaction.atomic
def revise(
    event: Event, *, by, at: datetime, values: dict, slots: Slots | None = None, version: int | None = None
) -> Event:
    """Change the contents of an event, those named in `values`: version + 1.

    `slots` None leaves them as they are. An event that a referent may be reading must stay complete. Once it is
    labelled, what the label rests on becomes a proposal and the rest changes at once: see `amending.amend`.
    """
    event = locked(event)
    if event.status == Status.LABELLED:
        return amending.amend(event, by=by, at=at, values=values, slots=slots, version=version)
    _require(permissions.may_edit(by, event))
    if reason := why_not_editable(event):
        raise WorkflowError(reason)
    check_version(event, version)
    event.version += 1
    _fill(event, values)
    if slots is None:
        slots = slots_of(event)
    if event.status == Status.SUBMITTED:
        findings = assess(facts_of(event, slots), event.edition.label_window(event.department))
        if failed(findings):
            raise WorkflowError("Un événement envoyé doit rester complet.", findings)
        event.points_to_check = points_to_check(findings)
    return _write(event, slots, at)


def why_not_editable(event: Event) -> str:
    """Return the French reason why the contents are closed to changes; nothing when they are open."""
    if event.status in EDITABLE:
        return ""
    if event.is_cancelled:
        return "Cet événement est annulé : rétablissez-le pour le modifier."
    if event.is_merged:
        return "Cet événement est regroupé avec un autre : c’est l’autre qui compte."
    return "Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent."


def saves_as_typed(event: Event) -> bool:
    """May what is typed be written without a button? Not while a referent may be reading the event."""
    return event.status in SAVED_AS_TYPED


def stays_complete(event: Event) -> bool:
    """Must it hold the rules after each change? From the moment it is sent until a referent returns it."""
    return event.status in EDITABLE - SAVED_AS_TYPED


def _require(answer: permissions.Allowed) -> None:
    if not answer:
        raise WorkflowError(answer.reason)


def _fill(event: Event, values: dict) -> None:
    if "image" in values:
        pictures.forget(event.image.name)
    fill(event, values)


def _write(event: Event, slots: Slots, at: datetime) -> Event:
    write_slots(event, slots)
    event.updated_at = at
    event.save()
    return event
