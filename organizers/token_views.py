"""The tokens of an organization's programs, for its owners."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from organizers import tokens
from organizers.access import signed_in
from organizers.membership import MembershipError
from organizers.models import Organization
from semaine.forms import PortalForm, TextField, required


class TokenForm(PortalForm):
    name = TextField(
        label="À quoi sert ce jeton",
        max_length=60,
        help_text="Le logiciel qui l’emploie, par exemple « Agenda du site ».",
        error_messages=required("Dites quel logiciel emploie ce jeton."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@signed_in
def organization_tokens(request, slug):
    """Those that stand, and a new one: its secret is on this one page, and nowhere after."""
    found = get_object_or_404(Organization.objects.managed_by(request.user).at(slug))
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = tokens.issue(found, form.cleaned_data["name"], by=request.user, at=timezone.now())
            form = TokenForm()
        except MembershipError as error:
            form.add_error(None, error.message)
    context = {"organization": found, "tokens": found.api_tokens.for_list(), "form": form, "secret": secret}
    return render(request, "organizers/tokens.html", context)


@signed_in
@require_POST
def revoke(request, slug, pk):
    found = get_object_or_404(Organization.objects.managed_by(request.user).at(slug))
    token = get_object_or_404(found.api_tokens.select_related("organization"), pk=pk)
    tokens.revoke(token, by=request.user, at=timezone.now())
    messages.success(request, f"Le jeton « {token.name} » est révoqué : il n’ouvre plus rien.")
    return redirect("organization_tokens", slug)
