"""Deciding on several files at once, and going from one file of a view to the next."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from events.enums import Rule, TermKind
from events.findings import ByUrgency
from events.group_decisions import DECISIONS, MOST, FileForm, GroupForm, decide
from events.models import Event, Term
from events.queue import position, view_of
from events.queue_lines import Line, examination, lines
from events.verdicts import verdicts
from semaine.frame import frame
from semaine.text import count

SELECTED = "dossier"
NONE_SELECTED = "Cochez au moins un dossier de la liste avant de décider pour la sélection."


class File(NamedTuple):
    """One file of the selection as the page shows it; `is_own`: the agent belongs to its organization."""

    form: FileForm
    line: Line
    verdict: ByUrgency
    is_own: bool

    @property
    def doubts(self) -> list:
        """What is to be mended or looked into; the purpose has its own box."""
        return [each for each in (*self.verdict.failed, *self.verdict.open) if each.rule != Rule.PURPOSE]


class Place(NamedTuple):
    """Where a file stands in the view that it was opened from; addresses are empty where there is none."""

    number: int
    total: int
    previous: str
    next: str
    queue: str

    @property
    def after(self) -> str:
        """Where to go once it is decided."""
        return self.next or self.queue


def decide_together(request):
    """Show the selected files and decide on them; what is not in the agent's territory is as if it were not."""
    posted = request.POST if request.method == "POST" else None
    asked = dict.fromkeys((posted or request.GET).getlist(SELECTED))
    if reason := _why_not(asked):
        messages.error(request, reason)
        return redirect(queue_address(request))
    forms = [FileForm(event, posted) for event in _events(request.user, asked)]
    if not forms:
        raise Http404
    group, outcomes = GroupForm(posted), []
    if posted and group.is_valid():
        outcomes = decide(forms, group.cleaned_data, by=request.user, at=timezone.now())
    missing = len(asked) - len(forms)
    if outcomes:
        forms = [each.file for each in outcomes if each.is_open]
    page = {"group": group, "outcomes": outcomes, "missing": missing, "files": _files(forms)}
    return render(request, "events/decide_together.html", _frame(request) | page)


def _why_not(asked) -> str:
    if not asked:
        return NONE_SELECTED
    if len(asked) <= MOST:
        return ""
    return f"Vous avez coché {count(len(asked), 'dossier')} : décidez-en {MOST} au plus à la fois."


def _events(user, asked) -> list[Event]:
    """Those of the selection that the agent may examine, in the order of the queue. Two queries."""
    keys = [int(each) for each in asked if each.isascii() and each.isdigit() and len(each) < 19]
    return list(Event.objects.for_examination(user).filter(pk__in=keys).most_urgent_first())


def _files(forms) -> list[File]:
    events = [form.event for form in forms]
    in_words = lines(events, Term.objects.labels(TermKind.FORMAT), timezone.now())
    rows = zip(forms, in_words, verdicts(events), strict=True)
    return [File(*row, row[0].event.is_own) for row in rows]


def _frame(request) -> dict:
    return frame(request) | {
        "title": "Décider pour la sélection",
        "opts": Event._meta,
        "decisions": [(decision.value, words) for decision, words in DECISIONS.items()],
        "queue": queue_address(request),
    }


def queue_address(request) -> str:
    """Return the address of the view of the queue that a page was opened from."""
    address, view = reverse("admin:events_event_changelist"), view_of(request.GET)
    return f"{address}?{view}" if view else address


def file_address(request, pk: int) -> str:
    """Return the address of a file in the view of the queue that a page was opened from."""
    return examination(pk, view_of(request.GET))


def place(request, event: Event) -> Place:
    """Return where a file stands in the view that its own address carries: no address comes from outside.

    The event was read `with_view`.
    """
    view, found = view_of(request.GET), position(event)
    near = [examination(key, view) if key else "" for key in (found.previous, found.next)]
    return Place(found.number, found.total, *near, queue_address(request))
