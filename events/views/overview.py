"""One file of the organizer's: where it stands, what waits for whom, its history, and what may be done with it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from events import amending, steps, workflow
from events.amendments import diff
from events.cards import cards
from events.duplicates import standing_for
from events.eligibility import assess
from events.enums import Status
from events.facts import facts_of
from events.findings import by_urgency
from events.history import history, public_url
from events.models import Event
from events.overview import actions, competent_office
from events.progress import asks_for_changes, sentence
from events.transitions import open_amendment
from organizers.access import signed_in
from semaine.context import current_edition


@signed_in
@require_safe
def page(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_steps().with_proposals(), pk=pk)
    return render(request, "events/event_read.html", _context(request, event))


def _context(request, event) -> dict:
    at = timezone.now()
    [card] = cards([event], at)
    decisions = history(event)
    proposal = open_amendment(event) if event.is_amended else None
    return {
        "event": event,
        "card": card,
        "status": Status(event.status),
        "sentence": sentence(event, at),
        "asked": decisions[0] if decisions and asks_for_changes(event) else None,
        "proposal": diff(event, proposal) if proposal else [],
        "actions": actions(event, current_edition(request), by=request.user, at=at),
        "edit_url": steps.address(event, steps.FIRST),
        "mends": event,
        "verdict": by_urgency(assess(facts_of(event), event.edition.label_window(event.department))),
        "office": competent_office(event, at),
        "decisions": decisions,
        "public_url": public_url(event),
        "kept": standing_for(event, reader=request.user),
    }


@signed_in
@require_POST
def drop(request, pk):
    """Give up the change that was proposed."""
    event = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    try:
        amending.drop_amendment(event, by=request.user, at=timezone.now())
        messages.success(
            request, "La modification est abandonnée. L’événement reste tel qu’il est labellisé."
        )
    except workflow.WorkflowError as error:
        messages.error(request, error.message)
    return redirect("space_event", pk)
