from datetime import datetime

from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event
from semaine.models import Edition
from semaine.public_pages import public_page
from semaine.text import count, thousands


@public_page()
@require_safe
def index(request):
    at = timezone.now()
    weeks = "territory_weeks__region", "territory_weeks__department"
    editions = Edition.objects.published().prefetch_related(*weeks)
    numbers = dict(Event.objects.public().order_by().values_list("edition").annotate(Count("pk")))
    lines = [_line(edition, numbers.get(edition.pk, 0), at) for edition in editions]
    return render(request, "events/editions.html", {"lines": lines, "crumbs": [("Éditions", "")]})


def _line(edition: Edition, number: int, at: datetime) -> dict:
    """An edition in words. `url` leads to its whole programme, so that it holds as many events as `words` says."""
    url = reverse("edition", args=[edition.year])
    announced = (
        ("événements annoncés", edition.announced_events),
        ("participants annoncés", edition.announced_participants),
    )
    return {
        "edition": edition,
        "announced": [(label, thousands(figure)) for label, figure in announced if figure],
        "weeks": edition.territory_weeks.all(),
        "words": count(number, "événement"),
        "url": number and (url if edition.is_over(at) else f"{url}?passes=oui"),
    }
