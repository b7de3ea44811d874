"""The quality monitor, inside the admin: what is probably a slip, and the way to put it right."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import permissions, quality, quality_asks
from events.models import Event
from events.quality_asks import CHANGED
from events.transitions import WorkflowError
from events.views.dashboard import asked, check_agent, rendered
from semaine.text import NBSP


class VersionForm(forms.Form):
    """The version of the event that the list showed."""

    version = forms.IntegerField(min_value=1)


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
    event = _found(request, Event.objects.roughly_placed(), pk)
    return _done(request, event, lambda: quality.place_at_address(event, by=request.user, at=timezone.now()))


@require_POST
def ask(request, pk, code):
    """Have the organizer put it right: send the file back, or ask by mail."""
    check_agent(request)
    check = next((each for each in quality.CHECKS if each.ask and each.ask.code == code), None)
    if check is None:
        raise Http404
    event = _found(request, check.find(Event.objects.correctable()), pk)
    read = VersionForm(request.POST)
    if not read.is_valid():
        messages.error(request, f"{event}{NBSP}: {CHANGED}")
        return redirect("quality")
    asked = {"by": request.user, "at": timezone.now(), "version": read.cleaned_data["version"]}
    return _done(request, event, lambda: quality_asks.ask(event, check.ask, **asked))


def _found(request, slips, pk: int) -> Event:
    mine = Event.objects.examinable_by(request.user).select_related("commune__department")
    return get_object_or_404(mine.filter(pk__in=slips.values("pk")), pk=pk)


def _done(request, event: Event, verb):
    """Do it and say so; where it may not be, say why."""
    answer = permissions.may_decide(request.user, event)
    try:
        if not answer:
            raise WorkflowError(answer.reason)
        messages.success(request, f"{event}{NBSP}: {verb()}")
    except WorkflowError as error:
        messages.error(request, f"{event}{NBSP}: {error.message}")
    return redirect("quality")
