"""A person's organizations, and a new one in two small steps."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizers import companies, siret
from organizers.access import signed_in
from organizers.kept import author_of, keeps_typed, typed_in
from organizers.models import Invitation, Organization
from organizers.organization_forms import OrganizationForm, SiretForm, prefilled
from organizers.permissions import verified_addresses
from semaine.limits import may_go_on

MOST_LOOK_UPS, LOOK_UP_SECONDS = 40, 600
TOO_MANY = "Vous avez cherché beaucoup de SIRET. Attendez dix minutes, ou remplissez la fiche à la main."


@signed_in
@require_safe
def organizations(request):
    """Those of the person, and what waits: invitations to them, requests by them."""
    at = timezone.now()
    invitations = Invitation.objects.open(at).for_addresses(verified_addresses(request.user))
    asked = request.user.join_requests.waiting().select_related("organization")
    context = {
        "organizations": list(Organization.objects.with_my_role(request.user)),
        "invitations": list(invitations.select_related("organization")),
        "requests": list(asked),
    }
    return render(request, "organizers/organizations.html", context)


@signed_in
@require_safe
def new(request):
    """First step: the SIRET, which may be left out."""
    form = SiretForm(request.GET if "siret" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["siret"]
        query = f"?{urlencode({'siret': number})}" if number else ""
        return redirect(reverse("organization_details") + query)
    return render(request, "organizers/organization_new.html", {"form": form})


@keeps_typed
def details(request):
    """Second step: who it is, filled in from the company register, to correct and to complete."""
    context = {"message": "", "alike": [], "author": author_of(request.user)}
    if (typed := typed_in(request)) is not None:
        form = OrganizationForm(typed, by=request.user)
        if request.method == "POST" and form.is_valid():
            context["alike"] = form.alike()
            if ("anyway" in request.POST or not context["alike"]) and (made := _create(form)):
                messages.success(request, f"« {made} » est créée. Proposez son premier événement.")
                return redirect(f"{reverse('space_new')}?organisation={made.slug}")
    else:
        values, context["message"] = _known(request)
        form = OrganizationForm(by=request.user, initial=values)
    return render(request, "organizers/organization_form.html", context | {"form": form})


@signed_in
@require_safe
def look_up(request):
    """What the register knows of a SIRET, for the form that is open."""
    values, message = _known(request)
    return JsonResponse({"values": values, "message": message})


def _known(request) -> tuple[dict, str]:
    """Return the form's values for the SIRET of the query, and a sentence to read."""
    number = siret.normalize(request.GET.get("siret", ""))
    if not number:
        return {}, ""
    if message := siret.fault(number):
        return {}, message
    if not may_go_on(request, "company", at_most=MOST_LOOK_UPS, seconds=LOOK_UP_SECONDS):
        return {"siret": number}, TOO_MANY
    company, message = companies.look_up(number)
    return ({"siret": number} | prefilled(company) if company else {"siret": number}), message


def _create(form) -> Organization | None:
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        # A double click: the first one made it a moment ago.
        form.add_error(None, "Cette organisation vient d’être créée. Ouvrez « Mes organisations ».")
        return None
