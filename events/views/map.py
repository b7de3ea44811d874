from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import links
from events.event_sets import EventSet
from events.filters import PARAMETERS, ProgrammeFilter
from events.france import drawn
from events.map_box import ViewForm
from events.map_config import map_config
from events.map_data import view_data
from events.models import Event
from events.views.programme import edition_asked, programme_context
from semaine.public_pages import public_page
from semaine.text import count

# south,west,north,east of what lies across an ocean, and the way back.
SHORTCUTS = [
    ("Métropole", "41.3,-5.2,51.1,9.6"),
    ("Guadeloupe", "15.8,-61.9,16.6,-60.9"),
    ("Martinique", "14.3,-61.3,14.95,-60.7"),
    ("Guyane", "2.1,-54.7,5.9,-51.5"),
    ("La Réunion", "-21.45,55.1,-20.8,55.9"),
    ("Mayotte", "-13.05,44.95,-12.6,45.35"),
    ("Saint-Pierre-et-Miquelon", "46.7,-56.5,47.2,-56.1"),
    ("Saint-Martin et Saint-Barthélemy", "17.8,-63.2,18.2,-62.7"),
    ("Nouvelle-Calédonie", "-22.8,163.5,-19.5,168.2"),
    ("Wallis-et-Futuna", "-14.4,-178.3,-13.1,-176.0"),
    ("Polynésie française", "-28.0,-154.8,-7.8,-134.4"),
]
# With one of these the map opens around the results.
NAMES_OF_PLACES = ("pres", "region", "departement", "commune")


@public_page(*PARAMETERS)
@require_safe
def page(request):
    at = timezone.now()
    edition = edition_asked(request, at)
    filterset = ProgrammeFilter(request.GET, Event.objects.public(), edition=edition, at=at)
    if address := links.canonical(filterset, request.path):
        return redirect(address)
    context = programme_context(request, filterset)
    counts = context["results"].by_department
    online = counts.pop(None, 0)
    context |= {
        "crumbs": [("Carte", "")],
        "shortcuts": SHORTCUTS,
        "france": drawn(counts, _names(filterset), lambda code: _in_department(request, code)),
        "off_map": online and count(online, "événement en ligne", "événements en ligne"),
        "map_config": _config(request, context["results"].shown),
    }
    return render(request, "events/map.html", context)


def _names(filterset: ProgrammeFilter):
    """The départements, without a query: the filter calls them « Nord (59) »."""
    choices = filterset.form.fields["departement"].choices
    return [(code, label.removesuffix(f" ({code})")) for code, label in choices]


def _in_department(request, code: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["departement"] = code
    return f"{request.path}?{query.urlencode()}"


def _config(request, shown: EventSet | None) -> dict:
    """Return what the script needs: `zone` is the box that the list is limited to, if any."""
    query = request.GET.copy()
    query.pop("page", None)
    view = ViewForm({"bbox": query.get("bbox", ""), "zoom": 0})
    zone = query.get("bbox") if view.is_valid() else ""
    named = any(query.get(name) for name in NAMES_OF_PLACES)
    bounds = shown.bounds if shown and named and not zone else None
    if zone:
        west, south, east, north = view.cleaned_data["bbox"]
        bounds = [[south, west], [north, east]]
    return map_config(query.urlencode(), bounds, zone=zone or "")


@public_page(*PARAMETERS, "zoom")
@require_safe
def data(request):
    at = timezone.now()
    edition = edition_asked(request, at)
    query = request.GET.copy()
    # The view's own box is read below, and widened to its grid.
    query.pop("bbox", None)
    filterset = ProgrammeFilter(query, Event.objects.on_map(), edition=edition, at=at)
    view = ViewForm(request.GET)
    errors = {**filterset.form.errors, **view.errors}
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    seen = filterset.shown.in_box(*view.cleaned_data["bbox"])
    return JsonResponse(view_data(seen, view.cleaned_data["zoom"], at, filterset.form.format_labels))
