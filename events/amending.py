"""What may happen to an event while it bears the label: the verbs that leave it labelled.

What the label rests on (`eligibility.LABEL_FACTS`) is proposed to a referent, and the public keeps seeing what was
labelled; the rest changes at once. Same rules as in `workflow`: locks, checks, a `Decision`, the mail, the revision.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from events import pictures, turns
from events.amendments import as_proposed, differ, differences, names_of
from events.contents import Slots, check_number, fill, slots_of, write_slots
from events.eligibility import LABEL_FACTS, assess, failed
from events.enums import Transition
from events.facts import facts_of
from events.findings import points_to_check
from events.models import Amendment, Event
from events.models.slot import LONGEST
from events.places import settle
from events.public_changes import tell
from events.transitions import StaleVersion, WorkflowError, open_amendment
from events.workflow import assessed, confirmed, enter, leave

# What only agents of the State read.
PRIVATE = frozenset(
    {"contact_name", "contact_email", "contact_phone", "expected_participants", "external_id"}
)
# A page that saves as one types writes one line of history, not one for each word.
ONE_SPELL = timedelta(hours=1)


@transaction.atomic
def amend(
    event: Event, *, by, at: datetime, values: dict, slots: Slots | None = None, version: int | None = None
) -> Event:
    """Change a labelled event: version + 1, unless nothing changes.

    The label's facts make or replace the open proposal, which goes when they are as labelled again; a new one is due
    in four working days and mails the organizer. The rest changes at once, is logged, and a referent is to see it.
    """
    event = enter(event, Transition.AMEND, by=by, at=at, version=version)
    proposal = open_amendment(event)
    wanted, wanted_slots = as_proposed(event, proposal)
    wanted_slots = wanted_slots if slots is None else sorted(slots)
    fill(wanted, values)
    changes = differences(event, wanted, wanted_slots)
    rest = [name for name in values if name not in {*LABEL_FACTS, *changes} and differ(event, wanted, name)]
    if not rest and changes == (proposal.changes if proposal else {}):
        return event
    event.version += 1
    if changes:
        _check_slots(wanted_slots)
        assessed(wanted, wanted_slots)
    event = _propose(event, proposal, changes, by=by, at=at)
    return _edit(event, wanted, rest, by=by, at=at) if rest else event


def _propose(event: Event, proposal: Amendment | None, changes: dict, *, by, at: datetime) -> Event:
    if proposal and not changes:
        return leave(event, Transition.DROP_AMENDMENT, by=by, at=at, changed=False)
    contents = {"changes": changes, "base_version": event.version, "by": by, "at": at}
    if proposal:
        Amendment.objects.filter(pk=proposal.pk).update(**contents)
    elif changes:
        Amendment.objects.create(event=event, **contents)
        event.due_on = turns.due_on(at, event.department)
        return leave(event, Transition.AMEND, by=by, at=at, changed=False)
    event.save(update_fields=["version"])
    return event


def _edit(event: Event, wanted: Event, names: list[str], *, by, at: datetime) -> Event:
    """Change at once what the label does not rest on. What held must still hold."""
    faults = _faults(event)
    if "image" in names:
        pictures.forget(event.image.name)
    for name in names:
        setattr(event, name, getattr(wanted, name))
    settle(event)
    findings = _findings(event)
    if {each.rule for each in failed(findings)} - faults:
        raise WorkflowError("Un événement labellisé doit rester complet.", findings)
    event.points_to_check = points_to_check(findings)
    event.changed_since_label = True
    public = not PRIVATE.issuperset(names)
    comment = f"Changé tout de suite : {names_of(names)}."
    if not _just_said(event, comment, by, at):
        return leave(event, Transition.EDIT, by=by, at=at, comment=comment, changed=public)
    event.updated_at = at if public else event.updated_at
    event.save()
    if public:
        tell(event)
    return event


def _just_said(event: Event, comment: str, by, at: datetime) -> bool:
    last = event.decisions.last()
    same = (last.transition, last.comment, last.by_id) == (Transition.EDIT, comment, by.pk)
    return same and at - last.at < ONE_SPELL


def _findings(event: Event) -> tuple:
    return assess(facts_of(event, slots_of(event)), event.edition.label_window(event.department))


def _faults(event: Event) -> set:
    return {each.rule for each in failed(_findings(event))}


def _check_slots(slots: Slots) -> None:
    """A proposal is written to no table of slots, whose constraints would say this."""
    check_number(slots)
    if any(not starts_at < ends_at <= starts_at + LONGEST for starts_at, ends_at in slots):
        raise WorkflowError("Un créneau finit après son début et dure 24 heures au plus.")
    if any(starts_at < ends_at for (_, ends_at), (starts_at, _) in pairwise(slots)):
        raise WorkflowError("Deux créneaux se chevauchent : corrigez leurs heures ou supprimez-en un.")


@transaction.atomic
def accept_amendment(event: Event, *, by, at: datetime, version: int, comment: str = "") -> Event:
    """Put the proposal that was read in place of what was labelled; number and address stay. Mails the organizer."""
    event = enter(event, Transition.ACCEPT_AMENDMENT, by=by, at=at, version=version)
    proposal = open_amendment(event)
    if proposal.base_version != event.version:
        raise StaleVersion(
            "L’événement a changé depuis que cette modification est proposée : refusez-la, et demandez à "
            "l’organisateur de la proposer de nouveau."
        )
    event, slots = as_proposed(event, proposal)
    findings = confirmed(assessed(event, slots))
    if event.imported_version == event.version:
        # The proposal was an import's: accepted, it is still what the file says.
        event.imported_version += 1
    event.version += 1
    write_slots(event, slots)
    return leave(event, Transition.ACCEPT_AMENDMENT, by=by, at=at, comment=comment, findings=findings)


@transaction.atomic
def refuse_amendment(event: Event, *, by, at: datetime, comment: str, version: int | None = None) -> Event:
    """Refuse the proposal: the label stands on what it stood on. Mails the organizer."""
    entered = {"comment": comment, "version": version}
    event = enter(event, Transition.REFUSE_AMENDMENT, by=by, at=at, **entered)
    return leave(event, Transition.REFUSE_AMENDMENT, by=by, at=at, comment=comment, changed=False)


@transaction.atomic
def drop_amendment(event: Event, *, by, at: datetime) -> Event:
    """Give up one's own proposal. No mail: its author has just done it."""
    event = enter(event, Transition.DROP_AMENDMENT, by=by, at=at)
    return leave(event, Transition.DROP_AMENDMENT, by=by, at=at, changed=False)


@transaction.atomic
def see(event: Event, *, by, at: datetime, version: int | None = None) -> Event:
    """Say that the changes made since the label were seen, in the version that was read. No mail."""
    event = enter(event, Transition.SEE, by=by, at=at, version=version)
    event.changed_since_label = False
    return leave(event, Transition.SEE, by=by, at=at, changed=False)
