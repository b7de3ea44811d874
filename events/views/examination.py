"""The examination of one file, inside the admin."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import workflow
from events.amendments import diff
from events.cards import cards
from events.eligibility import assess
from events.enums import Status, Transition
from events.examination import DecisionForm, answers
from events.facts import facts_of
from events.findings import by_urgency
from events.history import history, public_url
from events.models import Event
from events.notifications import QUIET
from events.progress import awaits_answer
from events.transitions import open_amendment
from events.views.queue import place
from semaine.dates import day_words

DONE = "C’est fait : « {} »."
TOLD = " L’organisateur est prévenu par courriel."


def examine(request, pk):
    event = get_object_or_404(Event.objects.examinable_by(request.user).for_page().with_proposals(), pk=pk)
    form = DecisionForm(request.POST or None, initial={"version": event.version})
    in_queue = place(request, event)
    if request.method == "POST" and form.is_valid() and _decided(request, event, form):
        return redirect(in_queue.after)
    return render(request, "events/examine.html", _context(request, event, form) | {"in_queue": in_queue})


def _decided(request, event, form) -> bool:
    """Decide; where that may not be, say why and keep what was typed. A decision by another ends the matter."""
    try:
        form.decide(event, by=request.user, at=timezone.now())
    except workflow.AlreadyDecided as error:
        messages.warning(request, error.message)
        return True
    except workflow.StaleVersion as error:
        form.add_error(None, error.message)
        form.data = form.data.copy()
        form.data["version"] = event.version
        return False
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        return False
    told = "" if Transition(form.cleaned_data["decision"]) in QUIET else TOLD
    messages.success(request, DONE.format(event.title) + told)
    return True


def _context(request, event, form) -> dict:
    at = timezone.now()
    [card] = cards([event], at)
    return admin.site.each_context(request) | {
        "title": event.title,
        "opts": Event._meta,
        "event": event,
        "card": card,
        "form": form,
        "status": Status(event.status).referent_label,
        "due": day_words(event.due_on) if awaits_answer(event) else "",
        "proposal": diff(event, open_amendment(event)) if event.is_amended else [],
        "verdict": by_urgency(assess(facts_of(event), event.edition.label_window(event.department))),
        "answers": answers(event, by=request.user, at=at),
        "decisions": history(event, names=True),
        "public_url": public_url(event),
    }
