from datetime import datetime

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import cards
from events.france import france
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
        return render(request, "events/home.html", {"edition": None, "france": _france(None, at)})
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
            "france": _france(edition, at),
            "is_over": edition.is_over(at),
            "days_left": (edition.starts_on - today(at)).days,
            "cards": cards([rows[pk] for pk in ids], at),
            "figures": {name: thousands(value) for name, value in figures.items()},
        },
    )


def _france(edition: Edition | None, at: datetime):
    """Count what the programme lists, the cancelled included: the numbers lead there."""
    listed = Event.objects.public().filter(edition=edition)
    if edition and not edition.is_over(at):
        listed = listed.upcoming(at)
    return france(listed, lambda code: f"{reverse('programme')}?departement={code}")
