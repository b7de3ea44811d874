from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizers.access import signed_in
from organizers.enums import OfficeKind
from organizers.forms import OrganizationForm
from organizers.models import Office
from semaine.models import OVERSEAS, Department
from semaine.public_pages import public_page


@signed_in
def create_organization(request):
    form = OrganizationForm(request.POST or None, owner=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                organization = form.save()
        except IntegrityError:
            # A double click: the first one made it a moment ago.
            form.add_error(None, "Cette organisation vient d’être créée. Ouvrez « Mes événements ».")
        else:
            messages.success(request, f"« {organization} » est créée. Proposez son premier événement.")
            return redirect(f"{reverse('space_new')}?organisation={organization.slug}")
    return render(request, "organizers/organization_form.html", {"form": form})


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
