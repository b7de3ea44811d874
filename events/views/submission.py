"""The last step of the form: check and send."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import steps, workflow
from events.cards import cards
from events.enums import Transition
from events.findings import by_urgency
from events.models import Event
from organizers.access import signed_in


@signed_in
def send(request, pk):
    """Check: the event as the public will see it and the verdict rule by rule; then send."""
    event = get_object_or_404(Event.objects.editable_by(request.user).for_steps(), pk=pk)
    at = timezone.now()
    if request.method == "POST":
        try:
            workflow.submit(event, by=request.user, at=at)
        except workflow.WorkflowError as error:
            if not workflow.is_repeat(event, Transition.SUBMIT, by=request.user):
                messages.error(request, error.message)
                return redirect("space_send", pk)
        messages.success(request, "Votre événement est envoyé à votre référent.")
        return redirect("space_event", pk)
    return render(request, "events/event_send.html", _context(request, event, at))


def _context(request, event: Event, at) -> dict:
    shown = steps.contents(event)
    [card] = cards([shown.event], at)
    findings = steps.findings_of(shown)
    return {
        "event": shown.event,
        "card": card,
        "mends": event,
        "verdict": by_urgency(findings),
        "steps": steps.lines(event, steps.LAST, findings),
        "why_closed": workflow.why_not(event, Transition.SUBMIT, by=request.user, at=at),
    }
