"""An event in the organizer's space: what it is and where it stands, and its last step, check and send."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import drafting, steps, workflow
from events.cards import cards
from events.enums import Status, Transition
from events.findings import by_urgency
from events.history import history, public_url
from events.models import Event
from organizers.access import signed_in

ACTIONS = (Transition.SUBMIT, Transition.CANCEL, Transition.REOPEN, Transition.DELETE)


@signed_in
def overview(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_steps(), pk=pk)
    at = timezone.now()
    context = _context(event, at) | {
        "why_closed": drafting.why_not_editable(event),
        "public_url": public_url(event),
        "edit_url": steps.address(event, steps.FIRST),
        "decisions": history(event),
        "status": Status(event.status),
        "why_not": {
            transition.value: workflow.why_not(event, transition, by=request.user, at=at)
            for transition in workflow.possible(event, ACTIONS)
        },
    }
    return render(request, "events/event_read.html", context)


@signed_in
def send(request, pk):
    """Check: the event as the public will see it and the verdict rule by rule; then send."""
    event = get_object_or_404(Event.objects.editable_by(request.user).for_steps(), pk=pk)
    at = timezone.now()
    if request.method == "POST":
        try:
            workflow.submit(event, by=request.user, at=at)
        except workflow.WorkflowError as error:
            messages.error(request, error.message)
            return redirect("space_send", pk)
        messages.success(request, "Votre événement est envoyé à votre référent.")
        return redirect("space_event", pk)
    context = _context(event, at)
    context["steps"] = steps.lines(event, steps.LAST, context["findings"])
    context["why_closed"] = workflow.why_not(event, Transition.SUBMIT, by=request.user, at=at)
    return render(request, "events/event_send.html", context)


def _context(event, at) -> dict:
    [card] = cards([event], at)
    findings = steps.findings_of(steps.contents(event))
    return {
        "event": event,
        "card": card,
        "mends": event,
        "findings": findings,
        "verdict": by_urgency(findings),
    }
