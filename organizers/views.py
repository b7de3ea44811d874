from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from organizers.access import signed_in
from organizers.forms import OrganizationForm


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
