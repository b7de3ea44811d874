"""The organizer's space: my events, and what may be done with one besides writing it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import permissions, workflow
from events.enums import Transition
from events.forms import CommentForm
from events.mine import Mine
from events.models import Event
from events.renewals import renewable
from organizers.access import signed_in
from organizers.kept import author_of, keeps_typed, typed_in
from organizers.models import Organization
from semaine.context import current_edition
from semaine.text import count


@signed_in
def space(request):
    organizations = list(Organization.objects.of(request.user))
    if not organizations:
        return redirect(
            "admin:events_event_changelist" if permissions.is_agent(request.user) else "organizations"
        )
    at = timezone.now()
    mine = Mine(request.user, request.GET, organizations, at)
    page = mine.page()
    context = {
        "mine": mine,
        "page_obj": page,
        "heading": count(page.paginator.count, "événement"),
        "elided": page.paginator.get_elided_page_range(page.number),
        "organizations": organizations,
        "renewable": renewable(request.user, current_edition(request)).exists(),
    }
    return render(request, "events/space.html", context)


@keeps_typed
def cancel(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    form = CommentForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        return _act(
            request,
            event,
            Transition.CANCEL,
            "L’événement est annulé.",
            lambda at: workflow.cancel(event, by=request.user, at=at, comment=form.cleaned_data["comment"]),
        )
    context = {"event": event, "form": form, "author": author_of(request.user)}
    return render(request, "events/event_cancel.html", context)


@signed_in
@require_POST
def reopen(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    return _act(
        request,
        event,
        Transition.REOPEN,
        "L’événement est rétabli.",
        lambda at: workflow.reopen(event, by=request.user, at=at),
    )


@signed_in
def delete(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "events/event_delete.html", {"event": event})
    try:
        workflow.delete(event, by=request.user, at=timezone.now())
    except workflow.WorkflowError as error:
        messages.error(request, error.message)
        return redirect("space_event", pk)
    messages.success(request, "Le brouillon est supprimé.")
    return redirect("space")


def _act(request, event: Event, transition: Transition, done: str, verb):
    """Do it and say so, also to whoever has just done it and asks again."""
    try:
        verb(timezone.now())
        messages.success(request, done)
    except workflow.WorkflowError as error:
        if workflow.is_repeat(event, transition, by=request.user):
            messages.success(request, done)
        else:
            messages.error(request, error.message)
    return redirect("space_event", event.pk)
