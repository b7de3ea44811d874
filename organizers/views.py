from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizers.enums import OfficeKind
from organizers.models import Office
from semaine.models import OVERSEAS, Department
from semaine.public_pages import public_page


@public_page()
@require_safe
def referents(request):
    """Whom to ask, by territory: the nation's office, then each region's and those of its départements."""
    offices = {(each.kind, each.region_id or each.department_id): each for each in Office.objects.all()}
    context = {
        "national": offices.get((OfficeKind.NATIONAL, None)),
        "regions": [_region(region, parts, offices) for region, parts in Department.objects.by_region()],
        "crumbs": [("Référents", "")],
    }
    return render(request, "organizers/referents.html", context)


def _region(region, departments: list[Department], offices: dict) -> dict:
    there = [(each, offices.get((OfficeKind.DEPARTMENTAL, each.pk))) for each in departments]
    if region is None:
        return {"name": "Outre-mer", "slug": OVERSEAS, "places": there}
    own = (region, offices.get((OfficeKind.REGIONAL, region.pk)))
    return {"name": region.name, "slug": region.slug, "places": [own, *there]}
