"""What may happen to an event? A table of transitions and one verb for each.

Every verb locks the row, checks, writes, appends a `Decision`, writes the mail to the outbox and, where the public
sees the change, bumps the site revision last, all in one transaction. Locks are taken in one order: event row, label
counter, outbox, site revision. Verbs return the event as it now stands, and raise `WorkflowError`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from events import notifications, permissions, pictures, turns
from events.eligibility import assess, failed
from events.enums import Rule, Status, Transition, Verdict
from events.facts import facts_of
from events.findings import Finding
from events.labels import give_label
from events.models import Decision, Event
from events.querysets import is_seen
from organizers.models import Office
from semaine.dates import HOME_ZONE, day_words, hour_words, last_local_day, local, today
from semaine.models import SiteRevision
from semaine.text import count


class WorkflowError(Exception):
    """What may not happen, with the reason as a French sentence."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()):
        super().__init__(message)
        self.message = message
        self.findings = findings


class AlreadyDecided(WorkflowError):
    """The event is no longer where this transition starts: somebody was first, and nothing is written twice."""


class StaleVersion(WorkflowError):
    """The event was changed after it was read."""


@dataclass(frozen=True)
class Step:
    sources: frozenset[Status]
    target: Status | None  # None: the row goes, or returns to the status it had before
    who: Callable
    explained: bool = False


def _from(*sources: Status, to: Status | None, who: Callable, explained: bool = False) -> Step:
    return Step(frozenset(sources), to, who, explained)


_organizer, _referent = permissions.may_edit, permissions.may_decide

TRANSITIONS = {
    Transition.DELETE: _from(Status.DRAFT, to=None, who=_organizer),
    Transition.SUBMIT: _from(
        Status.DRAFT, Status.CHANGES_REQUESTED, Status.REFUSED, to=Status.SUBMITTED, who=_organizer
    ),
    Transition.TAKE_BACK: _from(Status.CHANGES_REQUESTED, to=Status.SUBMITTED, who=_referent, explained=True),
    Transition.REQUEST_CHANGES: _from(
        Status.SUBMITTED, to=Status.CHANGES_REQUESTED, who=_referent, explained=True
    ),
    Transition.LABEL: _from(Status.SUBMITTED, to=Status.LABELLED, who=_referent),
    Transition.REFUSE: _from(Status.SUBMITTED, to=Status.REFUSED, who=_referent, explained=True),
    Transition.WITHDRAW: _from(Status.LABELLED, to=Status.WITHDRAWN, who=_referent, explained=True),
    Transition.REINSTATE: _from(
        Status.WITHDRAWN, Status.REFUSED, to=Status.SUBMITTED, who=_referent, explained=True
    ),
    Transition.CANCEL: _from(
        Status.SUBMITTED,
        Status.CHANGES_REQUESTED,
        Status.LABELLED,
        to=Status.CANCELLED,
        who=permissions.may_cancel,
        explained=True,
    ),
    Transition.REOPEN: _from(Status.CANCELLED, to=None, who=_organizer),
}

DONE = {  # as a sentence about the event ends
    Transition.SUBMIT: "envoyé",
    Transition.TAKE_BACK: "repris à l’examen",
    Transition.REQUEST_CHANGES: "renvoyé à l’organisateur",
    Transition.LABEL: "labellisé",
    Transition.REFUSE: "refusé",
    Transition.WITHDRAW: "retiré du programme",
    Transition.REINSTATE: "remis à l’examen",
    Transition.CANCEL: "annulé",
    Transition.REOPEN: "rétabli",
}


def why_not(event: Event, transition: Transition, *, by, at: datetime) -> str:
    """Return the French reason why `by` may not do this to the event at `at`; nothing when they may."""
    step = TRANSITIONS[transition]
    if event.status not in step.sources:
        return where_it_stands(event, reader=by)
    if not (answer := step.who(by, event)):
        return answer.reason
    return _too_late(event, transition, at)


def _too_late(event: Event, transition: Transition, at: datetime) -> str:
    edition = event.edition
    if transition == Transition.SUBMIT and event.status != Status.CHANGES_REQUESTED:
        if edition.accepts_submissions(at):
            return ""
        opens = day_words(today(edition.submissions_open_at), year=True)
        closes = day_words(last_local_day(edition.submissions_close_at, HOME_ZONE), year=True)
        return f"Les propositions sont reçues du {opens} au {closes}."
    last = edition.label_window(event.department).last
    if transition in (Transition.SUBMIT, Transition.REOPEN) and today(at) > last:
        return f"L’édition {edition.year} est terminée depuis le {day_words(last)}."
    return ""


def possible(event: Event, transitions) -> list[Transition]:
    """Return those of the transitions that start where the event stands."""
    return [each for each in transitions if event.status in TRANSITIONS[each].sources]


def where_it_stands(event: Event, *, reader) -> str:
    """Return « Cet événement a été labellisé par Camille Roux à 14 h 02. »; organizers read the office, no name."""
    last = event.decisions.select_related("by", "office").last()
    if last is None:
        return "Cet événement est un brouillon : il n’a pas encore été envoyé."
    when = local(last.at, HOME_ZONE)
    done = DONE[Transition(last.transition)]
    author = last.office if last.office and permissions.may_edit(reader, event) else last.by
    return f"Cet événement a été {done} par {author} le {day_words(when.date(), year=True)} à {hour_words(when)}."


@transaction.atomic
def submit(event: Event, *, by, at: datetime) -> Event:
    """Send a complete event to its referent: due in four working days. Mails the organizer."""
    event = _enter(event, Transition.SUBMIT, by=by, at=at)
    findings = _assessed(event)
    event.submitted_at = at
    event.due_on = turns.due_on(at, event.department)
    return _leave(event, Transition.SUBMIT, by=by, at=at, findings=findings)


@transaction.atomic
def take_back(event: Event, *, by, at: datetime, comment: str) -> Event:
    """Take up the examination again without waiting for the organizer. Mails the organizer."""
    return _decide(event, Transition.TAKE_BACK, by=by, at=at, comment=comment)


@transaction.atomic
def request_changes(event: Event, *, by, at: datetime, comment: str, version: int | None = None) -> Event:
    """Ask the organizer to complete the file; it can be corrected and sent again. Mails the organizer."""
    return _decide(event, Transition.REQUEST_CHANGES, by=by, at=at, comment=comment, version=version)


@transaction.atomic
def label(
    event: Event, *, by, at: datetime, version: int, purpose_confirmed: bool, comment: str = ""
) -> Event:
    """Grant the label on the version that was read: number, address, mail, and the public sees it."""
    event = _enter(event, Transition.LABEL, by=by, at=at, version=version)
    if not purpose_confirmed:
        raise WorkflowError("Confirmez que l’événement fait connaître l’industrie.")
    findings = tuple(_confirmed(finding) for finding in _assessed(event))
    event.office = _office_of(by, event)
    event.labelled_at = at
    give_label(event)
    return _leave(event, Transition.LABEL, by=by, at=at, comment=comment, findings=findings)


@transaction.atomic
def refuse(event: Event, *, by, at: datetime, rule: str, comment: str, version: int | None = None) -> Event:
    """Refuse the label, naming the rule and what to change; it can be sent again. Mails the organizer."""
    if rule not in Rule.values:
        raise WorkflowError("Choisissez la règle qui n’est pas respectée.")
    return _decide(event, Transition.REFUSE, by=by, at=at, comment=comment, version=version, rule=rule)


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
    event = _enter(event, Transition.CANCEL, by=by, at=at, comment=comment)
    event.cancelled_from = event.status
    return _leave(event, Transition.CANCEL, by=by, at=at, comment=comment)


@transaction.atomic
def reopen(event: Event, *, by, at: datetime) -> Event:
    """Undo a cancellation: the event returns to the status it had. Mails the organizer."""
    event = _enter(event, Transition.REOPEN, by=by, at=at)
    if event.due_on:
        event.due_on = turns.due_on(at, event.department)
    return _leave(event, Transition.REOPEN, by=by, at=at)


@transaction.atomic
def delete(event: Event, *, by, at: datetime) -> None:
    """Delete a draft that was never sent: no trace, no mail."""
    pictures.forget(event.image.name)
    _enter(event, Transition.DELETE, by=by, at=at).delete()


def _decide(event, transition, *, by, at, comment, version=None, rule="") -> Event:
    event = _enter(event, transition, by=by, at=at, comment=comment, version=version)
    findings = ()
    if TRANSITIONS[transition].target == Status.SUBMITTED:
        # It may have been edited, and left incomplete, since it was last examined.
        findings = _assessed(event)
        event.due_on = turns.due_on(at, event.department)
    return _leave(event, transition, by=by, at=at, comment=comment, rule=rule, findings=findings)


def _enter(event, transition, *, by, at, comment=None, version=None) -> Event:
    """Lock the event and check that the transition may happen now; return the locked row."""
    event = locked(event)
    step = TRANSITIONS[transition]
    if reason := why_not(event, transition, by=by, at=at):
        raise (WorkflowError if event.status in step.sources else AlreadyDecided)(reason)
    if step.explained and not (comment or "").strip():
        raise WorkflowError("Écrivez une explication : l’organisateur la lira.")
    check_version(event, version)
    return event


def locked(event: Event) -> Event:
    """Return the event's row, locked until the transaction ends."""
    rows = Event.objects.select_for_update(of=("self",)).select_related(
        "edition", "organization__headquarters__department", "department", "commune__department__region"
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


def _leave(event, transition, *, by, at, comment="", rule="", findings=()) -> Event:
    """Write the new status with its Decision and its mail; tell the site's revision if the public sees it."""
    was_seen = is_seen(event)
    event.status = TRANSITIONS[transition].target or event.cancelled_from
    event.cancelled_from = event.cancelled_from if event.status == Status.CANCELLED else ""
    event.updated_at = at
    event.save()
    decision = Decision.objects.create(
        event=event,
        event_version=event.version,
        transition=transition,
        by=by,
        office=None if permissions.may_edit(by, event) else _office_of(by, event),
        at=at,
        comment=comment.strip(),
        rule=rule,
        findings=[finding.as_json() for finding in findings],
    )
    notifications.tell(decision)
    if was_seen or is_seen(event):
        SiteRevision.objects.bump()
    return event


def _office_of(agent, event: Event) -> Office | None:
    """Return the agent's office that is nearest to the event."""
    return Office.objects.for_department(event.department).of(agent).first()


def _assessed(event: Event) -> tuple[Finding, ...]:
    findings = assess(facts_of(event), event.edition.label_window(event.department))
    if faults := failed(findings):
        points = count(len(faults), "point")
        raise WorkflowError(f"Il reste {points} à corriger.", findings)
    return findings


def _confirmed(finding: Finding) -> Finding:
    if finding.rule != Rule.PURPOSE:
        return finding
    message = "Le référent confirme que l’événement fait connaître l’industrie."
    return replace(finding, verdict=Verdict.PASSED, message=message)
