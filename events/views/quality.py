"""The quality monitor, inside the admin: what is probably a slip, and the way to put it right."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import permissions, quality
from events.models import Event
from events.transitions import WorkflowError
from events.views.dashboard import asked, check_agent, rendered
from semaine.text import NBSP


def page(request):
    scope, form, shown = asked(request)
    found = shown and {
        "found": quality.found(scope, shown.edition),
        "namesakes": quality.namesakes(scope, shown.edition),
    }
    context = {"title": f"Qualité{NBSP}: {scope.name}", "dashboard": shown, "trail": [*scope.trail, scope]}
    return rendered(request, "events/quality.html", scope, form, **context, **(found or {}))


@require_POST
def place(request, pk):
    """Put an event's point at its address."""
    check_agent(request)
    events = Event.objects.examinable_by(request.user).select_related("commune__department")
    event = get_object_or_404(events.roughly_placed(), pk=pk)
    if not (answer := permissions.may_decide(request.user, event)):
        messages.error(request, answer.reason)
        return redirect("quality")
    try:
        quality.place_at_address(event, by=request.user, at=timezone.now())
    except WorkflowError as error:
        messages.error(request, f"{event}{NBSP}: {error.message}")
    else:
        messages.success(request, f"{event}{NBSP}: {quality.PLACED}")
    return redirect("quality")
