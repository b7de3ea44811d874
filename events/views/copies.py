"""A new draft from an event that exists: a copy, last edition's event renewed, or all of them in one go."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import copying, workflow
from events.models import Event
from events.renewals import lines, renew_all, renewable
from organizers.access import signed_in
from semaine.context import current_edition

COPIED = "Voici la copie. Choisissez ses dates, puis envoyez-la."
RENEWED = (
    "Voici l’événement de la nouvelle édition, aux mêmes jours de la semaine. Vérifiez-le, puis envoyez-le."
)
NOTHING_TICKED = "Aucun événement n’est coché : cochez ceux que vous voulez reconduire."


@signed_in
@require_POST
def duplicate(request, pk):
    key = _key(request.POST.get("key", ""))
    return _make(
        request,
        pk,
        COPIED,
        lambda event, **asked: copying.duplicate(event, by=request.user, key=key, **asked),
    )


@signed_in
@require_POST
def renew(request, pk):
    return _make(request, pk, RENEWED, lambda event, **asked: copying.renew(event, by=request.user, **asked))


def _make(request, pk, done: str, copy):
    event = get_object_or_404(Event.objects.editable_by(request.user), pk=pk)
    at = timezone.now()
    try:
        made = copy(event, edition=current_edition(request), at=at)
    except workflow.WorkflowError as error:
        messages.error(request, error.message)
        return redirect("space_event", pk)
    messages.success(request, done)
    return redirect("space_event", made.pk)


def _key(text: str) -> UUID:
    """The key of a creation: posted twice, it makes one copy; one that cannot be read is as good as none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@signed_in
def renewals(request):
    """Last edition's events, to hold again in this one: those that are ticked, in one go."""
    at = timezone.now()
    edition = current_edition(request)
    events = renewable(request.user, edition)
    if request.method == "POST":
        # A box left unticked, or a number that is none of theirs, renews nothing.
        chosen = [event for event in events if f"{event.pk}" in request.POST.getlist("event")]
        if chosen:
            messages.success(request, renew_all(chosen, edition, by=request.user, at=at))
        else:
            messages.error(request, NOTHING_TICKED)
        return redirect("space_renewals")
    context = {"edition": edition, "lines": lines(events, edition, at)}
    return render(request, "events/renewals.html", context)
