from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import links
from events.filters import PARAMETERS, ProgrammeFilter
from events.map_data import view_data
from events.models import Event
from events.views.programme import edition_asked, programme_context
from semaine.public_pages import public_page

# Degrees: south-west and north-east corners.
METROPOLE = [[41.3, -5.2], [51.1, 9.6]]
# south,west,north,east of what lies across an ocean, and the way back.
SHORTCUTS = [
    {"name": "Métropole", "bounds": "41.3,-5.2,51.1,9.6"},
    {"name": "Guadeloupe", "bounds": "15.8,-61.9,16.6,-60.9"},
    {"name": "Martinique", "bounds": "14.3,-61.3,14.95,-60.7"},
    {"name": "Guyane", "bounds": "2.1,-54.7,5.9,-51.5"},
    {"name": "La Réunion", "bounds": "-21.45,55.1,-20.8,55.9"},
    {"name": "Mayotte", "bounds": "-13.05,44.95,-12.6,45.35"},
    {"name": "Saint-Pierre-et-Miquelon", "bounds": "46.7,-56.5,47.2,-56.1"},
    {"name": "Saint-Martin et Saint-Barthélemy", "bounds": "17.8,-63.2,18.2,-62.7"},
    {"name": "Nouvelle-Calédonie", "bounds": "-22.8,163.5,-19.5,168.2"},
    {"name": "Wallis-et-Futuna", "bounds": "-14.4,-178.3,-13.1,-176.0"},
    {"name": "Polynésie française", "bounds": "-28.0,-154.8,-7.8,-134.4"},
]
WHOLE_WORLD = "-180,-90,180,90"


class BoxField(forms.CharField):
    """« west,south,east,north » in degrees."""

    def to_python(self, value):
        try:
            west, south, east, north = map(float, (value or WHOLE_WORLD).split(","))
        except ValueError:
            west = south = east = north = float("nan")
        if not (-540 <= west <= east <= 540 and -90 <= south <= north <= 90):
            raise ValidationError(
                f"« {value[:60]} » n’est pas un cadre : écrivez ouest,sud,est,nord en degrés, "
                "par exemple 5.2,47.3,7.1,48.0."
            )
        return west, south, east, north


class ViewForm(forms.Form):
    bbox = BoxField(required=False)
    zoom = forms.IntegerField(
        min_value=0,
        max_value=20,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "« zoom » est un nombre entier de 0 à 20.",
        ),
    )


@public_page(*PARAMETERS)
@require_safe
def page(request):
    at = timezone.now()
    edition = edition_asked(request.GET, at)
    filterset = ProgrammeFilter(request.GET, Event.objects.public(), edition=edition, at=at)
    if address := links.canonical(filterset, request.path):
        return redirect(address)
    context = programme_context(request, filterset)
    context["crumbs"] = [("Carte", "")]
    context["shortcuts"] = SHORTCUTS
    kept = request.GET.copy()
    kept.pop("page", None)
    context["map_config"] = {
        "dataUrl": reverse("map_data"),
        "outlinesUrl": static("geo/france.topojson"),
        "bounds": METROPOLE,
        "query": kept.urlencode(),
        "tiles": _tiles(),
    }
    return render(request, "events/map.html", context)


def _tiles() -> dict | None:
    if not settings.TILE_URL:
        return None
    return {"url": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION}


@public_page(*PARAMETERS, "zoom")
@require_safe
def data(request):
    at = timezone.now()
    query = request.GET.copy()
    # The view's own box, wider than the zone that a list may be limited to, is read below.
    query.pop("bbox", None)
    edition = edition_asked(query, at)
    filterset = ProgrammeFilter(query, Event.objects.on_map(), edition=edition, at=at)
    view = ViewForm(request.GET)
    errors = {**filterset.form.errors, **view.errors}
    if errors:
        return JsonResponse({"errors": errors}, status=400)
    seen = filterset.shown.in_box(*view.cleaned_data["bbox"])
    return JsonResponse(view_data(seen, view.cleaned_data["zoom"], at))
