"""The description of an organization, for its owners: it stands here because its events bear its name."""

from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events.organizations import describe
from organizers.kept import author_of, keeps_typed, typed_in
from organizers.membership import MembershipError
from organizers.models import Organization
from organizers.organization_forms import OrganizationForm

SAVED = "La fiche de l’organisation est enregistrée."


@keeps_typed
def edit(request, slug):
    managed = Organization.objects.managed_by(request.user).select_related("headquarters")
    organization = get_object_or_404(managed.at(slug))
    form = OrganizationForm(
        typed_in(request),
        by=request.user,
        organization=organization,
        initial=OrganizationForm.initial_of(organization),
    )
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, SAVED)
        return redirect("organization", slug)
    context = {"organization": organization, "form": form, "author": author_of(request.user)}
    return render(request, "organizers/organization_edit.html", context)


def _saved(request, form) -> bool:
    try:
        describe(form.organization, by=request.user, at=timezone.now(), values=form.values)
    except MembershipError as error:
        form.add_error(None, error.message)
    except IntegrityError:
        # Written by somebody else between the check and now.
        form.add_error("siret", "Une organisation vient d’être inscrite avec ce SIRET.")
    return form.is_valid()
