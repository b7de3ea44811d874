from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.exports import ical
from events.map_config import map_beside
from events.map_data import bounds
from events.selection import MOST, Choice, Plan, address
from semaine.public_pages import public_page
from semaine.text import count


@public_page("e", "sans")
@require_safe
def page(request):
    choice = Choice(request.GET.getlist("e"))
    without = request.GET.get("sans")
    if without is not None:
        return redirect(address(choice.without(without)))
    plan = Plan(choice, timezone.now())
    here = address(plan.uids)
    return render(
        request,
        "events/selection.html",
        {
            "plan": plan,
            "heading": count(len(plan.cards), "événement"),
            "faults": _faults(plan, choice),
            "here": here,
            "shared": settings.SITE_URL + here,
            "ics": address(plan.uids, "selection_ics"),
            "most": MOST,
            "crumbs": [("Ma sélection", "")],
        }
        | _map(plan),
    )


def _map(plan: Plan) -> dict:
    """Return the map of what has a place, and how much has none."""
    points = plan.points
    off_map = len(plan.cards) - len(points)
    return {
        "map_config": points and map_beside("", bounds(points), points=points),
        "off_map": off_map and count(off_map, "événement"),
    }


def _faults(plan: Plan, choice: Choice) -> list[str]:
    """Say what the address asks for and does not get; the same words whatever the reason."""
    words = []
    if plan.missing:
        gone = ("événement de votre sélection n’est plus", "événements de votre sélection ne sont plus")
        words.append(f"{count(plan.missing, *gone)} au programme.")
    if choice.left_out:
        left = count(choice.left_out, "autre a été laissé", "autres ont été laissés")
        words.append(f"Une sélection contient {count(MOST, 'événement')} au plus : {left} de côté.")
    return words


@require_safe
def calendar(request):
    events = Choice(request.GET.getlist("e")).events(timezone.now())
    if not any(event.slots.all() for event in events):
        raise Http404
    response = HttpResponse(ical.calendar(events), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ma-selection.ics"'
    return response
