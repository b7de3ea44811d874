"""All drafts that are ready, sent in one go."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone

from events import sending, workflow
from events.enums import Transition
from events.models import Event
from organizers.access import signed_in
from semaine.context import current_edition

PER_PAGE = 300
NOTHING_TICKED = "Aucun événement n’est coché : cochez ceux que vous voulez envoyer."


@signed_in
def send_drafts(request):
    """The drafts of the edition, those that are ready ticked; then what was sent and what was not, and why.

    Posted again, what was sent stays sent, and says so.
    """
    at, edition = timezone.now(), current_edition(request)
    mine = sending.to_judge(Event.objects.editable_by(request.user))
    if request.method == "POST":
        chosen = mine.filter(pk__in=_ticked(request.POST))
        if not chosen:
            messages.error(request, NOTHING_TICKED)
            return redirect("space_send_drafts")
        outcomes = sending.send_all(chosen, by=request.user, at=at)
        return render(request, "events/drafts_sent.html", {"outcomes": outcomes})
    page = Paginator(mine.drafts_of(edition), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "events/drafts.html", _context(request, page, edition, at))


def _ticked(data) -> list[int]:
    numbers = [value for value in data.getlist("event") if value.isascii() and value.isdecimal()]
    return [int(value) for value in numbers if len(value) < 19][:PER_PAGE]


def _context(request, page, edition, at) -> dict:
    lines = sending.lines(page, edition, at) if page else []
    why = workflow.why_not(lines[0].event, Transition.SUBMIT, by=request.user, at=at) if lines else ""
    return {
        "lines": lines,
        "ready": [line for line in lines if not line.missing],
        "why_closed": why,
        "page_obj": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
