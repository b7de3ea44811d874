from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.filters import ProgrammeFilter
from events.listing import listing
from events.models import Event
from semaine.models import Edition
from semaine.text import count


@require_safe
def programme(request):
    at = timezone.now()
    return _programme(request, current_edition(at), at)


@require_safe
def past_edition(request, year):
    edition = get_object_or_404(Edition.objects.published(), year=year)
    return _programme(request, edition, timezone.now())


def current_edition(at: datetime) -> Edition:
    edition = Edition.objects.current(at)
    if edition is None:
        raise Http404("Aucune édition n’est publiée.")
    return edition


def _programme(request, edition: Edition, at: datetime):
    context = programme_context(request, edition, at)
    context["crumbs"] = [(f"Programme {edition.year}", "")]
    return render(request, "events/programme.html", context)


def programme_context(request, edition: Edition, at: datetime) -> dict:
    """Return what the programme and the map both show of a filter state."""
    query = request.GET
    filterset = ProgrammeFilter(query, Event.objects.public().filter(edition=edition))
    results = listing(filterset, edition, at, query.get("page", ""))
    return {
        "edition": edition,
        "is_past": edition.is_over(at),
        "action": request.path,
        "form": filterset.form,
        "filters": [choices(filterset, name) for name in ("public", "nature", "mode")],
        "territories": [choices(filterset, name) for name in ("region", "departement")],
        "active": sum(any(query.getlist(name)) for name in filterset.form.fields),
        "shows_past": filterset.shows_past,
        "errors": [message for found in filterset.form.errors.values() for message in found],
        "results": results,
        "heading": count(results.count, "événement"),
        "over_words": f"{count(results.over, 'événement de plus, déjà terminé', 'événements de plus, déjà terminés')}.",
        "online_words": results.online
        and count(
            results.online, "événement en ligne, ouvert partout", "événements en ligne, ouverts partout"
        ),
        "elided": results.page.paginator.get_elided_page_range(results.page.number),
        "page_obj": results.page,
    }


def choices(filterset: ProgrammeFilter, name: str) -> dict:
    """Return the choices of a filter, chosen or not: a plain loop draws them, which costs less than widgets."""
    field = filterset.form.fields[name]
    chosen = set(filterset.data.getlist(name))
    options = [{"value": value, "label": label, "checked": value in chosen} for value, label in field.choices]
    return {
        "name": name,
        "label": field.label,
        "choices": options,
        "active": sum(option["checked"] for option in options),
    }
