"""The form by which an organizer proposes an event, and its last step: check and send."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import drafting, workflow
from events.amendments import as_proposed
from events.cards import cards
from events.eligibility import assess, failed
from events.enums import Status, Transition
from events.facts import facts_of
from events.findings import by_urgency
from events.forms import EventForm
from events.history import history
from events.models import Event
from events.slot_forms import lines_of, slot_formset
from organizers.access import signed_in
from organizers.models import Organization
from semaine.dates import HOME_ZONE
from semaine.models import Edition

ACTIONS = (Transition.SUBMIT, Transition.CANCEL, Transition.REOPEN, Transition.DELETE)
SAVED = "Votre événement est enregistré. Vous pouvez y revenir quand vous voulez."


@signed_in
def create(request):
    organizations = Organization.objects.of(request.user).order_by("pk")
    if not organizations:
        return redirect("organizations")
    asked = request.GET.get("organisation", organizations[0].slug)
    organization = next((each for each in organizations if each.slug == asked), None)
    if organization is None:
        raise Http404
    edition = Edition.objects.current(timezone.now())
    if edition is None:
        raise Http404("Aucune édition n’est publiée.")
    form = EventForm(request.POST or None, initial=_own_contact(request.user))
    slots = slot_formset(request.POST or None)
    if "add_slot" in request.POST:
        form, slots = _with_one_more_line(form, slots)
    valid = _posts_contents(request) and _hold_together(form, slots)
    if valid and (event := _draft(request, organization, edition, form, slots)):
        return _after_saving(request, event)
    return render(request, "events/event_form.html", {"form": form, "slots": slots, "event": None})


@signed_in
def edit(request, pk, step=""):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_page(), pk=pk)
    reason = drafting.why_not_editable(event)
    if reason and not _posts_contents(request):
        messages.error(request, reason)
        return redirect("space_event", pk)
    wanted, pairs = as_proposed(event)
    form = EventForm(request.POST or None, initial=EventForm.initial_of(wanted))
    slots = slot_formset(request.POST or None, initial=lines_of(pairs, wanted.timezone))
    if "add_slot" in request.POST:
        form, slots = _with_one_more_line(form, slots)
    valid = _posts_contents(request) and _hold_together(form, slots)
    if valid and (saved := _revise(request, event, form, slots)):
        return _after_saving(request, saved)
    context = _context(request, event) | {"form": form, "slots": slots}
    return render(request, "events/event_form.html", context)


def _hold_together(form, slots) -> bool:
    """Are both right, and the slots so in the time of the place? Errors are said on both at once."""
    return (form.is_valid() & slots.is_valid()) and slots.fit(_zone(form))


def _draft(request, organization, edition, form, slots) -> Event | None:
    try:
        return drafting.draft(
            organization,
            edition,
            by=request.user,
            at=timezone.now(),
            key=form.creation_key,
            values=form.values,
            slots=slots.slots(_zone(form)),
        )
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        return None


def _revise(request, event, form, slots) -> Event | None:
    """Save the form; where that may not be, say why on the form and keep what was typed."""
    try:
        return drafting.revise(
            event,
            by=request.user,
            at=timezone.now(),
            values=form.values,
            slots=slots.slots(_zone(form)),
            version=form.cleaned_data["version"],
        )
    except workflow.StaleVersion:
        form.add_error(
            None,
            "Cet événement a été modifié ailleurs depuis que vous l’avez ouvert. Votre saisie est gardée "
            "ci-dessous : comparez, puis enregistrez de nouveau.",
        )
        form.data = form.data.copy()
        form.data["version"] = Event.objects.values_list("version", flat=True).get(pk=event.pk)
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        for finding in failed(error.findings):
            form.add_error(finding.field if finding.field in form.fields else None, finding.message)
    return None


def _posts_contents(request) -> bool:
    """Did they ask to save? The button that adds a line only draws the form again."""
    return request.method == "POST" and "add_slot" not in request.POST


def _with_one_more_line(form, slots):
    """Draw again what was typed, with an empty line below: nothing is judged before they save."""
    lines = [_typed(line) for line in slots]
    return EventForm(initial=_typed(form)), slot_formset(initial=lines)


def _typed(form) -> dict:
    return {field.name: field.data for field in form}


def _zone(form) -> str:
    commune = form.cleaned_data["commune"]
    return commune.timezone if commune else HOME_ZONE


def _own_contact(user) -> dict:
    return {"contact_name": user.name, "contact_email": user.email, "contact_phone": user.phone}


def _after_saving(request, event):
    if "send" in request.POST:
        return redirect("space_send", event.pk)
    messages.success(request, SAVED)
    return redirect("space_event", event.pk)


def _context(request, event) -> dict:
    at = timezone.now()
    [card] = cards([event], at)
    return {
        "event": event,
        "card": card,
        "verdict": by_urgency(assess(facts_of(event), event.edition.label_window(event.department))),
        "decisions": history(event),
        "status": Status(event.status),
        "why_not": {
            transition.value: workflow.why_not(event, transition, by=request.user, at=at)
            for transition in workflow.possible(event, ACTIONS)
        },
    }


@signed_in
def send(request, pk):
    """Check: the event as the public will see it and the verdict rule by rule; then send."""
    event = get_object_or_404(Event.objects.editable_by(request.user).for_page(), pk=pk)
    if request.method == "POST":
        try:
            workflow.submit(event, by=request.user, at=timezone.now())
        except workflow.WorkflowError as error:
            messages.error(request, error.message)
            return redirect("space_send", pk)
        messages.success(request, "Votre événement est envoyé à votre référent.")
        return redirect("space_event", pk)
    context = _context(request, event)
    context["why_closed"] = workflow.why_not(event, Transition.SUBMIT, by=request.user, at=timezone.now())
    return render(request, "events/event_send.html", context)
