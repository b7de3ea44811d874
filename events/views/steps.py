"""The steps by which an organizer proposes an event: one address each, saved at each."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from events import drafting, steps, workflow
from events.eligibility import failed
from events.models import Event
from events.step_forms.when import WhenForm
from events.step_page import context_of, redrawn
from organizers.kept import author_of, keeps_typed, kept
from organizers.models import Organization
from semaine.dates import HOME_ZONE, hour_words, local
from semaine.models import Edition

IMAGE_AGAIN = "Votre image n’est pas enregistrée : choisissez-la de nouveau."
BROUGHT_BACK = (
    "Votre session avait expiré. Voici ce que vous aviez écrit : ce n’est pas encore enregistré. "
    "Une image est à choisir de nouveau."
)
# The parts of the page that follow what is typed, without a page load.
PARTS = {
    "steps": "events/step_list.html",
    "verdict": "events/verdict.html",
    "alike": "events/step_alike.html",
    "preview": "events/step_preview.html",
    "window": "events/step_window.html",
}


@keeps_typed
def new(request):
    organizations = Organization.objects.of(request.user).order_by("pk")
    if not organizations:
        return redirect("organizations")
    asked = request.GET.get("organisation", organizations[0].slug)
    organization = next((each for each in organizations if each.slug == asked), None)
    edition = Edition.objects.current(timezone.now())
    if organization is None or edition is None:
        raise Http404
    event = Event(organization=organization, edition=edition, created_by=request.user)
    return _answer(request, event, steps.FIRST)


@keeps_typed
def step(request, pk, step):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_steps(), pk=pk)
    if request.method != "POST" and (reason := drafting.why_not_editable(event)):
        messages.error(request, reason)
        return redirect("space_event", pk)
    return _answer(request, event, steps.BY_CODE[step])


def _answer(request, event: Event, step: steps.Step):
    typed = request.POST if request.method == "POST" else kept(request)
    if typed is None:
        return _page(request, _form(request, event, step), step)
    form = _form(request, event, step, typed)
    if request.method != "POST":
        messages.warning(request, BROUGHT_BACK)
        return _page(request, form, step)
    if "partial" in request.POST:
        return _partial(request, form, step)
    if draws_again := redrawn(form, request.POST):
        return _page(request, draws_again, step, typed=form)
    saved = _saved(request, form) if form.is_valid() else None
    if isinstance(saved, Event):
        return _after_saving(request, saved, step)
    return _page(request, saved or form, step)


def _form(request, event: Event, step: steps.Step, typed=None):
    page = typed.get("page", "") if typed else request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    extra = {"page": number} if step.form is WhenForm else {}
    files = request.FILES if typed else None
    return step.form(typed or None, files, contents=steps.contents(event), **extra)


def _saved(request, form):
    """Save; where that may not be, return the form that says why, with what was typed."""
    try:
        return steps.save(form, by=request.user, at=timezone.now())
    except workflow.StaleVersion:
        return _beside_the_other(request, form)
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        for finding in failed(error.findings):
            form.add_error(finding.field if finding.field in form.fields else None, finding.message)
        return form


def _beside_the_other(request, form):
    """Return the form with what is stored now, to compare with; saving again then replaces it."""
    event = form.contents.event
    there = {"pk": event.pk} if event.pk else {"creation_key": form.creation_key}
    event = Event.objects.editable_by(request.user).for_steps().get(**there)
    form.contents = steps.contents(event)
    form.compared = form.differences()
    form.read_again()
    form.add_error(None, steps.ELSEWHERE)
    return form


def _after_saving(request, event: Event, step: steps.Step):
    if "next" in request.POST:
        return redirect(steps.address(event, steps.after(step)))
    messages.success(request, steps.saved_words(event))
    return redirect(steps.address(event, step))


def _page(request, form, step: steps.Step, typed=None):
    if request.FILES:
        # A browser sends a file once.
        messages.warning(request, IMAGE_AGAIN)
    asks = "preview" in request.POST
    context = context_of(form, step, reader=request.user, typed=typed or form, previews=asks)
    return render(request, "events/step.html", context | {"author": author_of(request.user)})


def _partial(request, form, step: steps.Step):
    """Answer the parts of the page that follow what is typed; it is saved where nobody may be reading it."""
    right, event, problem, saved = form.is_valid(), form.contents.event, "", ""
    if drafting.saves_as_typed(event) and _may_save(form, right):
        try:
            event = steps.save(form, by=request.user, at=timezone.now(), ask=False)
            saved = hour_words(local(timezone.now(), HOME_ZONE))
            event = Event.objects.for_steps().get(pk=event.pk)
        except workflow.WorkflowError as error:
            problem = error.message
    context = context_of(form, step, reader=request.user, typed=form, event=event)
    parts = {name: render_to_string(template, context, request) for name, template in PARTS.items()}
    state = form.state | {"base": step.form.digest(steps.contents(event))} if saved else {}
    action = steps.address(event, step)
    return JsonResponse(
        {"parts": parts, "saved": saved, "problem": problem, "state": state, "action": action}
    )


def _may_save(form, right: bool) -> bool:
    if form.contents.event.pk is None:
        return "title" in form.cleaned_data
    return right or form.saves_partly
