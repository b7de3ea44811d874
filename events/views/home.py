from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import cards
from events.models import Event
from semaine.dates import today
from semaine.models import Edition
from semaine.public_pages import public_page
from semaine.text import thousands

NEXT = 6


@public_page()
@require_safe
def home(request):
    at = timezone.now()
    edition = Edition.objects.current(at)
    if edition is None:
        return render(request, "events/home.html", {"edition": None})
    events = Event.objects.taking_place().filter(edition=edition)
    coming = events.upcoming(at)
    ids = list(coming.in_order(at).values_list("pk", flat=True)[:NEXT])
    rows = Event.objects.for_list().in_bulk(ids)
    figures = events.figures()
    return render(
        request,
        "events/home.html",
        {
            "edition": edition,
            "is_over": edition.is_over(at),
            "days_left": (edition.starts_on - today(at)).days,
            "cards": cards([rows[pk] for pk in ids], at),
            "figures": {name: thousands(value) for name, value in figures.items()},
        },
    )
