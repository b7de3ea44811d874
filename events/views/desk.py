"""Beside the examination: notes between offices, handing over, and two files that may be one."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import comparing, handing, merging, permissions, workflow
from events.models import Event
from events.views.queue import file_address
from semaine.forms import TextField
from semaine.frame import frame

NOTED = "La note est ajoutée. L’organisateur ne la voit pas."
HANDED = "Le dossier est transmis à {}. Vous gardez le droit de le traiter."
MERGED = "C’est fait : « {} » est regroupé avec celui-ci. Les organisateurs sont prévenus par courriel."


class NoteForm(forms.Form):
    text = TextField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class HandOverForm(NoteForm):
    office = forms.ModelChoiceField(
        label="Service",
        queryset=None,
        empty_label="Choisissez…",
        error_messages={
            "required": "Choisissez le service à qui transmettre.",
            "invalid_choice": "Ce service ne peut pas examiner ce dossier : choisissez dans la liste.",
        },
    )
    field_order = ["office", "text"]

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["text"].label = "Pourquoi"


def note(request, pk):
    event = _own_are_closed(request, pk)
    form = NoteForm(request.POST)
    try:
        if form.is_valid():
            handing.note(event, by=request.user, at=timezone.now(), text=form.cleaned_data["text"])
            messages.success(request, NOTED)
        for error in form.errors.get("text", []):
            messages.error(request, error)
    except workflow.WorkflowError as error:
        messages.error(request, error.message)
    return redirect(file_address(request, pk))


def hand_over(request, pk):
    event = _own_are_closed(request, pk)
    form = HandOverForm(request.POST or None, offices=handing.offices_for(event))
    if request.method == "POST" and form.is_valid() and _handed_over(request, event, form):
        return redirect(file_address(request, pk))
    context = {"title": "Transmettre le dossier", "event": event, "form": form}
    return render(request, "events/hand_over.html", frame(request) | context)


def _handed_over(request, event, form) -> bool:
    to = form.cleaned_data["office"]
    try:
        handing.hand_over(event, to=to, by=request.user, at=timezone.now(), text=form.cleaned_data["text"])
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, HANDED.format(to))
    return True


def compare(request, pk, other):
    """Show two files side by side; a button keeps one of them."""
    pair = [_found(request, each) for each in (pk, other)]
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (kept := _merged(request, pair, form)):
        return redirect(file_address(request, kept.pk))
    context = comparing.context_of(pair, by=request.user, at=timezone.now())
    context |= {"title": "Deux dossiers côte à côte", "form": form}
    return render(request, "events/compare.html", frame(request) | context)


def _merged(request, pair: list[Event], form) -> Event | None:
    """Merge one into the one to keep, which is returned; None, with the reason in the form, where it may not be."""
    kept = next((each for each in pair if f"{each.pk}" == request.POST.get("keep")), None)
    if kept is None:
        form.add_error(None, "Choisissez l’événement à garder, par un des deux boutons.")
        return None
    [event] = [each for each in pair if each is not kept]
    try:
        merging.merge(event, into=kept, by=request.user, at=timezone.now(), comment=form.cleaned_data["text"])
    except workflow.WorkflowError as error:
        form.add_error(None, error.message)
        return None
    messages.success(request, MERGED.format(event))
    return kept


def _found(request, pk) -> Event:
    return get_object_or_404(Event.objects.for_examination(request.user), pk=pk)


def _own_are_closed(request, pk) -> Event:
    """What the offices say of a file is not for the members of its organization, be they agents."""
    event = _found(request, pk)
    if not permissions.may_decide_here(event):
        raise Http404
    return event
