from datetime import datetime

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import links
from events.export_links import export_links, feed_url
from events.filters import PARAMETERS, ProgrammeFilter
from events.listing import listing
from events.models import Event
from events.panel import panel
from events.suggestions import suggestions
from semaine.context import editions
from semaine.models import Edition
from semaine.public_pages import public_page
from semaine.text import count

OVER = ("événement de plus, déjà terminé", "événements de plus, déjà terminés")
OVER_THEN = tuple(f"{words} aux dates choisies" for words in OVER)
ONLINE = ("événement en ligne, ouvert partout", "événements en ligne, ouverts partout")


@public_page(*PARAMETERS)
@require_safe
def programme(request):
    at = timezone.now()
    return _programme(request, edition_asked(request, at), at)


@public_page(*PARAMETERS)
@require_safe
def past_edition(request, year):
    at = timezone.now()
    asked = [each for each in editions(request, at) if each.year == year]
    if not asked:
        raise Http404("Cette édition n’est pas publiée.")
    return _programme(request, asked[0], at)


def edition_asked(request, at: datetime) -> Edition:
    """Return the published edition that the query string names, else the current one; 404 when there is none."""
    year = request.GET.get("edition", "")
    asked = [each for each in editions(request, at) if str(each.year) == year]
    return asked[0] if asked else current_edition(request, at)


def current_edition(request, at: datetime) -> Edition:
    published = editions(request, at)
    if not published:
        raise Http404("Aucune édition n’est publiée.")
    return published[0]


def _programme(request, edition: Edition, at: datetime):
    filterset = ProgrammeFilter(request.GET, Event.objects.public(), edition=edition, at=at)
    if address := links.canonical(filterset, request.path):
        return redirect(address)
    context = programme_context(request, filterset)
    context["crumbs"] = [(f"Programme {edition.year}", "")]
    return render(request, "events/programme.html", context)


def programme_context(request, filterset: ProgrammeFilter) -> dict:
    """Return what the programme and the map both show of a filter state."""
    query, path, edition = request.GET, request.path, filterset.edition
    results = listing(filterset, query.get("page", ""))
    over = OVER_THEN if filterset.names_days else OVER
    return {
        "edition": edition,
        "is_past": edition.is_over(filterset.at),
        "action": path,
        "panel": panel(filterset, results.counts),
        "results": results,
        "heading": count(results.count, "événement"),
        "errors": [message for found in filterset.form.errors.values() for message in found],
        "over_words": f"{count(results.over, *over)}.",
        "online_words": results.online and count(results.online, *ONLINE),
        "online_url": links.online(query, path),
        "tags": links.tags(filterset, path),
        "cleared": links.cleared(filterset, path),
        "orders": links.orders(filterset, path),
        "questions": links.questions(filterset, path),
        "exports": export_links(filterset, path),
        "feed_url": feed_url(filterset, path),
        "suggestions": [] if results.count else suggested(filterset, path),
        "elided": results.page.paginator.get_elided_page_range(results.page.number),
        "page_obj": results.page,
    }


def suggested(filterset: ProgrammeFilter, path: str) -> list[links.Link]:
    return [links.suggested(filterset, each, path) for each in suggestions(filterset)]
