"""What is written of each transition: its line of history, the end of the proposal that waited, its mail."""

from datetime import datetime

from events import notifications, permissions
from events.enums import AmendmentState, Transition
from events.models import Amendment, Decision, Event
from events.snapshots import snapshot
from events.transitions import TRANSITIONS
from organizers.models import Office

# In which state a transition leaves the proposal that was waiting.
CLOSES_PROPOSAL = {
    Transition.ACCEPT_AMENDMENT: AmendmentState.ACCEPTED,
    Transition.REFUSE_AMENDMENT: AmendmentState.REFUSED,
    Transition.DROP_AMENDMENT: AmendmentState.DROPPED,
    Transition.WITHDRAW: AmendmentState.CLOSED,
    Transition.CANCEL: AmendmentState.CLOSED,
    Transition.MERGE: AmendmentState.CLOSED,
}


def record(
    event, transition, *, by, at, comment="", rule="", findings=(), fields=None, office=None, quietly=False
) -> None:
    """Write what was done to an event that stands written: its Decision, the end of its proposal, its mail.

    `office`: in whose name, when it is known. `quietly`: no mail.
    """
    office = office or _office_deciding(by, event, transition)
    decision = _decision(event, transition, by, at, comment, rule, findings, fields or {}, office)
    decision.save()
    if state := CLOSES_PROPOSAL.get(transition):
        Amendment.objects.open().filter(event=event).update(state=state, decision=decision)
    if not quietly:
        notifications.tell(decision)


def record_sent(sent, *, by, at: datetime) -> None:
    """Write that (event, findings) pairs, which stand written as sent, were sent quietly. One statement."""
    decisions = (
        _decision(event, Transition.SUBMIT, by, at, "", "", findings, {}, None) for event, findings in sent
    )
    Decision.objects.bulk_create(decisions)


def _decision(event, transition, by, at, comment, rule, findings, fields, office) -> Decision:
    """Return a line of history, not saved."""
    return Decision(
        event=event,
        event_version=event.version,
        transition=transition,
        by=by,
        office=office,
        at=at,
        comment=comment.strip(),
        rule=rule,
        findings=[finding.as_json() for finding in findings],
        field_comments=fields,
        contents=snapshot(event) if office else None,
    )


def _office_deciding(by, event: Event, transition: Transition) -> Office | None:
    """Return the office in whose name it is done, none when the organizer does it."""
    who = TRANSITIONS[transition].who
    is_own = who is permissions.may_cancel and permissions.may_edit(by, event)
    return None if is_own or who is permissions.may_edit else office_of(by, event)


def office_of(agent, event: Event) -> Office | None:
    """Return the agent's office that is nearest to the event, even when the event has just left its territory."""
    near = Office.objects.for_department(event.department).of(agent).first()
    return near or Office.objects.of(agent).first()
