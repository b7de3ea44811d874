from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import cards
from events.exports import ical
from events.models import Event
from semaine.public_pages import public_page


@public_page()
@require_safe
def page(request, year, slug):
    at = timezone.now()
    event = _public(year, slug)
    if event is None:
        return render(request, "410.html", status=410)
    [card] = cards([event], at)
    context = {"event": event, "card": card, "edition": event.edition, "show_link": True}
    context["crumbs"] = [
        (f"Programme {year}", reverse("edition", args=[year])),
        (card.title, ""),
    ]
    return render(request, "events/event.html", context)


@require_safe
def calendar(request, year, slug):
    event = _public(year, slug)
    if event is None:
        raise Http404
    response = HttpResponse(ical.calendar([event]), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug[:60]}.ics"'
    return response


def _public(year: int, slug: str) -> Event | None:
    """Return the public event at this address, None when it left the programme; else raise Http404."""
    here = {"edition__year": year, "slug": slug}
    event = Event.objects.public().for_page().filter(**here).first()
    if event is None:
        get_object_or_404(Event.objects.gone(), **here)
    return event
