"""Coming into an organization: by asking, or by answering an invitation."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from organizers import agents, membership, permissions
from organizers.access import signed_in
from organizers.kept import author_of, keeps_typed, typed_in
from organizers.member_forms import JoinForm
from organizers.membership import MembershipError, hashed
from organizers.models import Invitation, JoinRequest, OfficeInvitation, Organization

ASKED = "Votre demande est envoyée aux responsables de « {} ». Leur réponse vous viendra par courriel."


@keeps_typed
def join(request, slug):
    """Ask to be a member. The page says nothing of those who are."""
    organization = get_object_or_404(Organization.objects.at(slug))
    at = timezone.now()
    answer = permissions.may_request_to_join(request.user, organization, at)
    waiting = request.user.join_requests.waiting().filter(organization=organization).exists()
    form = JoinForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        return _ask(request, organization, form.cleaned_data["message"], at)
    context = {
        "organization": organization,
        "form": form,
        "waiting": waiting,
        "why_not": answer.reason,
        "author": author_of(request.user),
    }
    return render(request, "organizers/join.html", context)


def _ask(request, organization, message, at):
    try:
        membership.request_to_join(organization, by=request.user, at=at, message=message)
        messages.success(request, ASKED.format(organization))
    except MembershipError as error:
        messages.error(request, error.message)
    return redirect("organizations")


@signed_in
def answer_request(request, slug, pk):
    """For an owner: accept or refuse somebody who asks."""
    organization = get_object_or_404(Organization.objects.managed_by(request.user).at(slug))
    found = get_object_or_404(JoinRequest.objects.select_related("user"), organization=organization, pk=pk)
    verb = {"accept": membership.accept_request, "refuse": membership.refuse_request}.get(
        request.POST.get("answer")
    )
    if request.method == "POST" and verb:
        try:
            verb(found, by=request.user, at=timezone.now())
            messages.success(request, f"Votre réponse est envoyée à {found.user}.")
        except MembershipError as error:
            messages.error(request, error.message)
        return redirect("organization", slug)
    context = {"organization": organization, "request_to_join": found}
    return render(request, "organizers/join_answer.html", context)


@signed_in
def invitation(request, token):
    """Where the mail leads: accept, when the address is one's own."""
    found = (
        Invitation.objects.standing().filter(token_hash=hashed(token)).select_related("organization").first()
    )
    if found is None:
        return render(request, "organizers/invitation.html", {"invitation": None, "why_not": ""}, status=404)
    if found.accepted_by_id == request.user.pk:
        return redirect("organizations")
    if request.method == "POST":
        return _accept(request, found)
    answer = permissions.may_accept(request.user, found, timezone.now())
    context = {"invitation": found, "why_not": answer.reason}
    return render(request, "organizers/invitation.html", context)


@signed_in
@require_POST
def accept_invitation(request, pk):
    """From the list of one's own invitations: the verified address stands for the link."""
    own = Invitation.objects.standing().for_addresses(permissions.verified_addresses(request.user))
    found = get_object_or_404(own.select_related("organization"), pk=pk)
    return _accept(request, found)


@signed_in
def agent_invitation(request, token):
    """Where the mail to an agent leads: accept, then on to the admin, which asks for the second factor."""
    invitations = OfficeInvitation.objects.filter(token_hash=hashed(token))
    found = invitations.select_related("office").first()
    if found and found.accepted_by_id == request.user.pk:
        return redirect("admin:index")
    answer = (
        permissions.may_accept(request.user, found, timezone.now()) if found else permissions.Allowed(False)
    )
    if answer and request.method == "POST":
        return _become_agent(request, found)
    context = {"invitation": found, "why_not": answer.reason}
    return render(request, "organizers/agent_invitation.html", context, status=200 if found else 404)


def _become_agent(request, found: OfficeInvitation):
    try:
        office = agents.accept(found, by=request.user, at=timezone.now())
    except MembershipError as error:
        messages.error(request, error.message)
        return redirect("organizations")
    messages.success(request, f"Vous êtes agent du service « {office} ».")
    return redirect("admin:index")


def _accept(request, found: Invitation):
    try:
        organization = membership.accept(found, by=request.user, at=timezone.now())
    except MembershipError as error:
        messages.error(request, error.message)
        return redirect("organizations")
    messages.success(request, f"Vous êtes membre de « {organization} ».")
    return redirect("organization", organization.slug)
