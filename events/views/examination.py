"""The examination of one file, inside the admin."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import examining, undoing, workflow
from events.enums import Transition
from events.examination import DecisionForm
from events.models import Event
from events.notifications import QUIET
from events.queue import with_view
from events.snapshots import sealed
from events.transitions import UNDOABLE
from events.views.queue import file_address, place
from semaine.frame import frame

DONE = "C’est fait : « {} »."
TOLD = " L’organisateur est prévenu par courriel."
TO_BE_TOLD = " L’organisateur sera prévenu par courriel dans une minute."
UNDONE = "C’est fait : « {} » est de nouveau à examiner. L’organisateur n’a reçu aucun courriel."


def examine(request, pk):
    files = Event.objects.for_examination(request.user)
    files = with_view(files, request.GET, user=request.user, at=timezone.now())
    event = get_object_or_404(files, pk=pk)
    in_queue = place(request, event)
    if request.method == "POST" and not {"insert", "preview"} & request.POST.keys():
        form = DecisionForm(request.POST)
        if form.is_valid() and _decided(request, event, form):
            return redirect(in_queue.after)
    else:
        form = _drawn_again(request, event)
    page = {"title": event.title, "opts": Event._meta, "in_queue": in_queue}
    page |= frame(request) | examining.context_of(request, event, form)
    return render(request, "events/examine.html", page)


def _drawn_again(request, event) -> DecisionForm:
    """Return the form as it was typed, not judged, with the ready text that was asked for; empty on a first visit."""
    typed = request.POST.dict() or {"version": event.version, "read": sealed(event)}
    if "insert" in typed:
        reply = examining.replies_for(request.user).filter(pk=examining.number(typed.get("reply"))).first()
        if reply is None:
            messages.warning(request, "Choisissez une réponse type, puis insérez-la.")
        typed["comment"] = "\n\n".join(filter(None, [typed.get("comment", "").strip(), reply and reply.text]))
    return DecisionForm(initial=typed)


def _decided(request, event, form) -> bool:
    """Decide; where that may not be, say why and keep what was typed. A decision by another ends the matter."""
    try:
        form.decide(event, by=request.user, at=timezone.now())
    except workflow.AlreadyDecided as error:
        messages.warning(request, error.message)
        return True
    except workflow.StaleVersion as error:
        form.add_error(None, error.message)
        form.read_again(event)
        return False
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        return False
    _say_done(request, event, Transition(form.cleaned_data["decision"]))
    return True


def _say_done(request, event, decision: Transition) -> None:
    told = "" if decision in QUIET else TO_BE_TOLD if decision in UNDOABLE else TOLD
    messages.success(request, DONE.format(event.title) + told)
    if decision in UNDOABLE:
        examining.remember_to_undo(request)


def undo(request, pk):
    """Undo the decision that one has just taken, and show the file again."""
    event = get_object_or_404(Event.objects.examinable_by(request.user), pk=pk)
    try:
        undoing.undo(event, by=request.user, at=timezone.now())
        messages.success(request, UNDONE.format(event.title))
    except workflow.WorkflowError as error:
        messages.error(request, error.message)
    return redirect(file_address(request, pk))
