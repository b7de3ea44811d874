"""The programme to print, of a filter state or of a territory."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import links
from events.exports.programme_pdf import MOST, is_too_long, programme_pdf
from events.filters import PARAMETERS, ProgrammeFilter
from events.models import Event
from events.views.exports import PLAIN_TYPE, limited
from events.views.programme import edition_asked
from semaine.models import OVERSEAS, Department, Region
from semaine.public_pages import public_page
from semaine.text import count

PDF_TYPE = "application/pdf"


@limited
@public_page(*PARAMETERS)
@require_safe
def programme(request):
    return _printed(request, request.GET)


@limited
@public_page()
@require_safe
def region(request, slug):
    found = get_object_or_404(Region, slug=slug)
    return _printed(request, QueryDict(f"region={found.code}"))


@limited
@public_page()
@require_safe
def department(request, region, slug):
    found = get_object_or_404(Department.objects.select_related("region"), slug=slug)
    home = found.region.slug if found.region else OVERSEAS
    if region != home:
        return redirect("department_pdf", home, slug, permanent=True)
    return _printed(request, QueryDict(f"departement={found.code}"))


@limited
@public_page()
@require_safe
def overseas(request):
    codes = Department.objects.filter(region=None).values_list("code", flat=True)
    return _printed(request, QueryDict("&".join(f"departement={code}" for code in codes)))


def _printed(request, query: QueryDict) -> HttpResponse:
    """A wrong value is said, and nothing is printed; what is too long to print is to be narrowed."""
    at = timezone.now()
    edition = edition_asked(request, at)
    filterset = ProgrammeFilter(query, Event.objects.public(), edition=edition, at=at)
    if address := links.canonical(filterset, request.path):
        return redirect(address)
    if not filterset.is_valid():
        sentences = [sentence for found in filterset.form.errors.values() for sentence in found]
        return HttpResponse("\n".join(sentences), status=400, content_type=PLAIN_TYPE)
    if is_too_long(filterset):
        context = {"most": count(MOST, "événement"), "url": f"{reverse('programme')}?{query.urlencode()}"}
        return render(request, "events/pdf_too_long.html", context, status=400)
    return HttpResponse(programme_pdf(filterset), content_type=PDF_TYPE)
