from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.press import PressNote
from events.territories import Territory, of_department, of_region
from events.views.programme import current_edition
from events.views.territories import CRUMB, referents
from semaine.models import OVERSEAS, Department, Region
from semaine.public_pages import public_page


@public_page()
@require_safe
def region(request, slug):
    return _note(request, of_region(get_object_or_404(Region, slug=slug)))


@public_page()
@require_safe
def department(request, region, slug):
    found = get_object_or_404(Department.objects.select_related("region"), slug=slug)
    home = found.region.slug if found.region else OVERSEAS
    if region != home:
        return redirect("department_press", home, slug, permanent=True)
    return _note(request, of_department(found))


def _note(request, territory: Territory):
    at = timezone.now()
    edition = current_edition(request, at)
    place = territory.place
    context = {
        "note": PressNote(territory, edition, at),
        "place": place,
        "edition": edition,
        "is_demo": edition.is_demo,
        "is_over": edition.is_over(at),
        "week": edition.territory_week(place) or edition,
        "site": settings.SITE_URL,
        "crumbs": [
            (CRUMB, reverse("territories")),
            (place.name, place.get_absolute_url()),
            ("Note de presse", ""),
        ],
    }
    return render(request, "events/press.html", context | referents(list(territory.offices)))
