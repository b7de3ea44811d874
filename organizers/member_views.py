"""Who is in an organization: its members see the list, its owners change it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizers import membership, permissions
from organizers.access import signed_in
from organizers.member_forms import InvitationForm, RoleForm
from organizers.membership import MembershipError
from organizers.models import Organization


@signed_in
@require_safe
def organization(request, slug):
    found = get_object_or_404(Organization.objects.of(request.user).at(slug))
    return _page(request, found, InvitationForm())


@signed_in
@require_POST
def invite(request, slug):
    """The answer is the same whether the address has an account or not."""
    found = _managed(request, slug)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        membership.invite(found, email, role, by=request.user, at=timezone.now())
    except MembershipError as error:
        form.add_error(None, error.message)
        return _page(request, found, form)
    messages.success(request, f"L’invitation est envoyée à {email}. Elle vaut quatorze jours.")
    return redirect("organization", slug)


@signed_in
@require_POST
def withdraw_invitation(request, slug, pk):
    invitation = get_object_or_404(_managed(request, slug).invitations.waiting(), pk=pk)
    return _act(
        request,
        slug,
        f"L’invitation de {invitation.email} est retirée.",
        lambda: membership.withdraw_invitation(invitation, by=request.user, at=timezone.now()),
    )


@signed_in
def member(request, slug, pk):
    """One member, for an owner: their role, or their leaving."""
    found = get_object_or_404(_managed(request, slug).memberships.for_list(), pk=pk)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        return _act(
            request,
            slug,
            f"Le rôle de {found.user} est enregistré.",
            lambda: membership.change_role(found, role, by=request.user),
        )
    context = {"organization": found.organization, "member": found, "form": form}
    context["why_not"] = permissions.may_stop_owning(found).reason
    return render(request, "organizers/member.html", context)


@signed_in
def remove(request, slug, pk):
    found = get_object_or_404(_managed(request, slug).memberships.for_list(), pk=pk)
    if request.method != "POST":
        context = {"organization": found.organization, "member": found}
        return render(request, "organizers/member_remove.html", context)
    return _act(
        request,
        slug,
        f"{found.user} n’est plus membre.",
        lambda: membership.remove(found, by=request.user, at=timezone.now()),
    )


@signed_in
def leave(request, slug):
    found = get_object_or_404(Organization.objects.of(request.user).at(slug))
    if request.method != "POST":
        return render(request, "organizers/organization_leave.html", {"organization": found})
    return _act(
        request,
        slug,
        f"Vous avez quitté « {found} ».",
        lambda: membership.leave(found, by=request.user),
    )


def _managed(request, slug) -> Organization:
    return get_object_or_404(Organization.objects.managed_by(request.user).at(slug))


def _act(request, slug, done: str, verb):
    """Do it and say so, then show the members, to whoever is still one of them."""
    try:
        verb()
        messages.success(request, done)
    except MembershipError as error:
        messages.error(request, error.message)
    if Organization.objects.of(request.user).at(slug).exists():
        return redirect("organization", slug)
    return redirect("organizations")


def _page(request, organization: Organization, form):
    at = timezone.now()
    members = list(organization.memberships.for_list())
    mine = next((each for each in members if each.user_id == request.user.pk), None)
    if mine is None:
        raise Http404  # taken out a moment ago
    context = {
        "organization": organization,
        "members": members,
        "mine": mine,
        "form": form,
        "why_stay": permissions.may_stop_owning(mine).reason,
    }
    if mine.is_owner:
        context["invitations"] = [(each, each.is_expired(at)) for each in organization.invitations.waiting()]
        context["requests"] = list(organization.join_requests.waiting().select_related("user"))
    return render(request, "organizers/organization.html", context)
