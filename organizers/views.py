from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render

from organizers.access import signed_in
from organizers.forms import OrganizationForm


@signed_in
def create_organization(request):
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            organization = form.save(owner=request.user)
        messages.success(request, f"« {organization} » est créée. Proposez votre premier événement.")
        return redirect("space")
    return render(request, "organizers/organization_form.html", {"form": form})
