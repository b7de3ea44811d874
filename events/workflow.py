"""What may happen to an event? One verb for each line of the table in `transitions`.

Those that leave a labelled event labelled are in `amending`, others beside in `undoing` and `merging`. Every verb
locks the row, checks, writes, appends a `Decision`, writes the mail to the outbox and, where the public sees the
change, bumps the site revision last, all in one transaction. Locks are taken in one order: event row, label counter,
outbox, site revision. Verbs return the event as it now stands, and raise `WorkflowError`.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from events import pictures, turns
from events.eligibility import assess, failed
from events.enums import Rule, Status, Transition, Verdict
from events.facts import facts_of
from events.findings import Finding, points_to_check
from events.labels import give_label
from events.models import Event
from events.public_changes import tell
from events.querysets import is_seen
from events.recording import office_of, record
from events.transitions import (
    TRANSITIONS,
    AlreadyDecided,
    StaleVersion,
    WorkflowError,
    is_repeat,
    possible,
    starts,
    where_it_stands,
    why_not,
)
from semaine.text import count

__all__ = [
    "TRANSITIONS",
    "AlreadyDecided",
    "StaleVersion",
    "WorkflowError",
    "is_repeat",
    "possible",
    "where_it_stands",
    "why_not",
]


@transaction.atomic
def submit(event: Event, *, by, at: datetime, quietly: bool = False) -> Event:
    """Send a complete event to its referent: due in four working days. Mails the organizer, or quietly nobody."""
    event = enter(event, Transition.SUBMIT, by=by, at=at)
    findings = _dated(event, at)
    return leave(event, Transition.SUBMIT, by=by, at=at, findings=findings, quietly=quietly)


def submit_unwritten(event: Event, slots, *, by, at: datetime, may=None) -> tuple[Finding, ...]:
    """Send, in memory, an event that is yet to be written; `record` is to write the findings with it.

    `may`: see `transitions.why_not`.
    """
    check(event, Transition.SUBMIT, by=by, at=at, may=may)
    event.status = TRANSITIONS[Transition.SUBMIT].target
    return _dated(event, at, slots)


def _dated(event: Event, at: datetime, slots=None) -> tuple[Finding, ...]:
    """Date an event that holds the rules as sent at `at`, and return its findings."""
    findings = assessed(event, slots)
    event.submitted_at = at
    event.due_on = turns.due_on(at, event.department)
    return findings


@transaction.atomic
def take_back(event: Event, *, by, at: datetime, comment: str) -> Event:
    """Take up the examination again without waiting for the organizer. Mails the organizer."""
    return _decide(event, Transition.TAKE_BACK, by=by, at=at, comment=comment)


@transaction.atomic
def request_changes(
    event: Event,
    *,
    by,
    at: datetime,
    comment: str,
    version: int | None = None,
    fields: dict | None = None,
    may=None,
) -> Event:
    """Ask the organizer to complete the file; it can be corrected and sent again. Mails the organizer.

    `fields`: what to mend, by the form's field (`asking.FIELDS`). `may`: see `transitions.why_not`.
    """
    asked = {"comment": comment, "version": version, "fields": fields, "may": may}
    return _decide(event, Transition.REQUEST_CHANGES, by=by, at=at, **asked)


@transaction.atomic
def label(
    event: Event, *, by, at: datetime, version: int, purpose_confirmed: bool, comment: str = "", may=None
) -> Event:
    """Grant the label on the version that was read: number, address, mail, and the public sees it.

    `may`: see `transitions.why_not`.
    """
    event = enter(event, Transition.LABEL, by=by, at=at, version=version, may=may)
    if not purpose_confirmed:
        raise WorkflowError("Confirmez que l’événement fait connaître l’industrie.")
    findings = confirmed(assessed(event))
    event.office = office_of(by, event)
    event.labelled_at = at
    event.changed_since_label = False
    give_label(event)
    written = {"comment": comment, "findings": findings, "office": event.office}
    return leave(event, Transition.LABEL, by=by, at=at, **written)


@transaction.atomic
def refuse(
    event: Event, *, by, at: datetime, rule: str, comment: str, version: int | None = None, may=None
) -> Event:
    """Refuse the label, naming the rule and what to change; it can be sent again. Mails the organizer.

    `may`: see `transitions.why_not`.
    """
    if rule not in Rule.values:
        raise WorkflowError("Choisissez la règle qui n’est pas respectée.")
    said = {"comment": comment, "version": version, "rule": rule, "may": may}
    return _decide(event, Transition.REFUSE, by=by, at=at, **said)


@transaction.atomic
def withdraw(event: Event, *, by, at: datetime, comment: str) -> Event:
    """Take the label away: the event leaves the programme, its page says so. Mails the organizer."""
    return _decide(event, Transition.WITHDRAW, by=by, at=at, comment=comment)


@transaction.atomic
def reinstate(event: Event, *, by, at: datetime, comment: str) -> Event:
    """Examine again what was refused or withdrawn. Mails the organizer."""
    return _decide(event, Transition.REINSTATE, by=by, at=at, comment=comment)


@transaction.atomic
def cancel(event: Event, *, by, at: datetime, comment: str) -> Event:
    """Cancel, at once: a labelled event stays visible as « Annulé ». Mails the organizer."""
    event = enter(event, Transition.CANCEL, by=by, at=at, comment=comment)
    event.cancelled_from = event.status
    return leave(event, Transition.CANCEL, by=by, at=at, comment=comment)


@transaction.atomic
def reopen(event: Event, *, by, at: datetime) -> Event:
    """Undo a cancellation: the event returns to the status it had. Mails the organizer."""
    event = enter(event, Transition.REOPEN, by=by, at=at)
    if event.due_on:
        event.due_on = turns.due_on(at, event.department)
    return leave(event, Transition.REOPEN, by=by, at=at)


@transaction.atomic
def delete(event: Event, *, by, at: datetime) -> None:
    """Delete a draft that was never sent: no trace, no mail."""
    pictures.forget(event.image.name)
    enter(event, Transition.DELETE, by=by, at=at).delete()


def _decide(event, transition, *, by, at, comment, version=None, rule="", fields=None, may=None) -> Event:
    event = enter(event, transition, by=by, at=at, comment=comment, version=version, may=may)
    findings = ()
    if TRANSITIONS[transition].target == Status.SUBMITTED:
        # It may have been edited, and left incomplete, since it was last examined.
        findings = assessed(event)
        event.due_on = turns.due_on(at, event.department)
    written = {"comment": comment, "rule": rule, "findings": findings, "fields": fields}
    return leave(event, transition, by=by, at=at, **written)


def enter(event, transition, *, by, at, comment=None, version=None, may=None) -> Event:
    """Lock the event and check that the transition may happen now; return the locked row."""
    event = locked(event)
    check(event, transition, by=by, at=at, may=may)
    if TRANSITIONS[transition].explained and not (comment or "").strip():
        raise WorkflowError("Écrivez une explication : l’organisateur la lira.")
    check_version(event, version)
    return event


def check(event: Event, transition: Transition, *, by, at: datetime, may=None) -> None:
    """Raise the reason why `by` may not do this to the event at `at`."""
    if reason := why_not(event, transition, by=by, at=at, may=may):
        raise (WorkflowError if starts(event, transition) else AlreadyDecided)(reason)


def locked(event: Event) -> Event:
    """Return the event's row, locked until the transaction ends."""
    rows = Event.objects.select_for_update(of=("self",)).select_related(
        "edition",
        "organization__headquarters__department",
        "department",
        "commune__department__region",
        "created_by",
    )
    try:
        return rows.get(pk=event.pk)
    except Event.DoesNotExist:
        raise WorkflowError("Cet événement n’existe plus : il a été supprimé.") from None


def check_version(event: Event, version: int | None) -> None:
    if version is not None and version != event.version:
        raise StaleVersion(
            "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
        )


def leave(event, transition, *, by, at, findings=(), changed=True, **said) -> Event:
    """Write the new status with its Decision and its mail; tell the site's revision if the public sees it.

    `changed` False: nothing changes of what an event's page shows, and its date of change stays. `said`: see `record`.
    """
    was_seen = is_seen(event)
    event.status = TRANSITIONS[transition].target or event.cancelled_from
    event.cancelled_from = event.cancelled_from if event.status == Status.CANCELLED else ""
    event.updated_at = at if changed else event.updated_at
    event.points_to_check = points_to_check(findings) if findings else event.points_to_check
    event.save()
    record(event, transition, by=by, at=at, findings=findings, **said)
    if changed and (was_seen or is_seen(event)):
        tell(event)
    return event


def assessed(event: Event, slots=None) -> tuple[Finding, ...]:
    """Return the findings of an event that holds the rules; else raise `WorkflowError` with them."""
    if slots is None:
        # Judged, then kept with the decision: read once.
        prefetch_related_objects([event], "slots")
    findings = assess(facts_of(event, slots), event.edition.label_window(event.department))
    if faults := failed(findings):
        points = count(len(faults), "point")
        raise WorkflowError(f"Il reste {points} à corriger.", findings)
    return findings


def confirmed(findings) -> tuple[Finding, ...]:
    """Return the findings with the rule that no machine decides as a referent's decision confirms it."""
    message = "Le référent confirme que l’événement fait connaître l’industrie."
    passed = {"verdict": Verdict.PASSED, "message": message}
    return tuple(replace(each, **passed) if each.rule == Rule.PURPOSE else each for each in findings)
