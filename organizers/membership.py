"""Who is in an organization: one verb for each change.

Every verb locks the organization's row, checks, writes, and puts its mail in the outbox, in one transaction; so the
last owner cannot be lost to two people at once. Verbs raise `MembershipError`.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from organizers import notices, permissions
from organizers.enums import JoinState, MembershipRole
from organizers.models import Invitation, JoinRequest, Membership, Organization, User

VALID = timedelta(days=14)
GONE = "Cette personne n’est plus membre de l’organisation."


class MembershipError(Exception):
    """What may not happen, with the reason as a French sentence."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@transaction.atomic
def found(organization: Organization, *, by: User) -> Organization:
    """Write a new organization, with its author as its owner."""
    organization.save(force_insert=True)
    Membership.objects.create(user=by, organization=organization, role=MembershipRole.OWNER)
    return organization


@transaction.atomic
def describe(organization: Organization, *, by: User, values: dict) -> Organization:
    """Change what an organization is. Its events hold copies: call `events.organizations.describe`."""
    organization = _locked(organization)
    _require(permissions.may_manage(by, organization))
    for name, value in values.items():
        setattr(organization, name, value)
    organization.save()
    return organization


@transaction.atomic
def invite(organization: Organization, email: str, role: str, *, by: User, at: datetime) -> Invitation:
    """Invite an address, for fourteen days. Mails it a link, whether it has an account or not.

    Invited twice, it has one invitation and one mail; the role asked last is the one that counts. Too many mails in a
    day, to one address or by one person, are refused.
    """
    organization = _locked(organization)
    email = email.strip().lower()
    waiting = organization.invitations.waiting().filter(email=email)
    waiting.filter(expires_at__lte=at).delete()
    if invitation := waiting.first():
        _require(permissions.may_manage(by, organization))
        invitation.role = role
        invitation.save()
        return invitation
    _require(permissions.may_invite(by, organization, email, at))
    token = secrets.token_urlsafe(32)
    invitation = Invitation(organization=organization, email=email, role=role, token_hash=hashed(token))
    invitation.invited_by, invitation.created_at, invitation.expires_at = by, at, at + VALID
    invitation.save()
    notices.tell_invited(invitation, token)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Take an invitation back: its link is worth nothing at once, and the address is forgotten after a day."""
    organization = _locked(invitation.organization)
    _require(permissions.may_manage(by, organization))
    organization.invitations.waiting().filter(pk=invitation.pk).update(withdrawn_at=at)


@transaction.atomic
def accept(invitation: Invitation, *, by: User, at: datetime) -> Organization:
    """Enter the organization with the role of the invitation, which serves no more. A second time changes nothing."""
    organization = _locked(invitation.organization)
    invitation = organization.invitations.standing().filter(pk=invitation.pk).first()
    if invitation is None:
        raise MembershipError("Cette invitation a été retirée.")
    if invitation.accepted_by_id == by.pk:
        return organization
    _require(permissions.may_accept(by, invitation, at))
    _enter(organization, by, invitation.role)
    invitation.accepted_by, invitation.accepted_at = by, at
    invitation.save()
    _close_request(organization, by, at=at, answered_by=invitation.invited_by)
    return organization


@transaction.atomic
def request_to_join(organization: Organization, *, by: User, at: datetime, message: str) -> JoinRequest:
    """Ask to be a member. Mails the owners. Asked twice, it is one request and one mail to each."""
    organization = _locked(organization)
    if waiting := organization.join_requests.waiting().filter(user=by).first():
        return waiting
    _require(permissions.may_request_to_join(by, organization, at))
    request = organization.join_requests.create(user=by, message=message, created_at=at)
    notices.tell_owners(request)
    return request


@transaction.atomic
def accept_request(request: JoinRequest, *, by: User, at: datetime) -> JoinRequest:
    """Let the person in, as an editor. Mails them."""
    request = _answer(request, JoinState.ACCEPTED, by=by, at=at)
    _enter(request.organization, request.user, MembershipRole.EDITOR)
    return request


@transaction.atomic
def refuse_request(request: JoinRequest, *, by: User, at: datetime) -> JoinRequest:
    """Keep the person out. Mails them."""
    return _answer(request, JoinState.REFUSED, by=by, at=at)


def _answer(request: JoinRequest, state: JoinState, *, by: User, at: datetime) -> JoinRequest:
    organization = _locked(request.organization)
    _require(permissions.may_manage(by, organization))
    request = organization.join_requests.select_related("user", "answered_by").get(pk=request.pk)
    if not request.is_open:
        answered = request.get_state_display().lower()
        raise MembershipError(f"Cette demande a déjà été {answered} par {request.answered_by}.")
    request.state, request.answered_by, request.answered_at = state, by, at
    request.save()
    notices.tell_requester(request)
    return request


@transaction.atomic
def change_role(member: Membership, role: str, *, by: User) -> Membership:
    """Make a member an owner, or an editor unless nobody else is an owner."""
    member = _managed(member, by)
    if role != MembershipRole.OWNER:
        _require(permissions.may_stop_owning(member))
    member.role = role
    member.save()
    return member


@transaction.atomic
def remove(member: Membership, *, by: User, at: datetime) -> None:
    """Take a member out; their events stay. Mails them. The last owner stays."""
    member = _managed(member, by)
    _require(permissions.may_stop_owning(member))
    notices.tell_removed(member, at)
    member.delete()


@transaction.atomic
def leave(organization: Organization, *, by: User) -> None:
    """Go; one's events stay. The last owner stays."""
    organization = _locked(organization)
    if member := organization.memberships.filter(user=by).first():
        _require(permissions.may_stop_owning(member))
        member.delete()


def hashed(token: str) -> str:
    """Return what is stored of a link's token; the token itself is long and random enough for a bare hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _locked(organization: Organization) -> Organization:
    """Return the organization's row, locked until the transaction ends; events may be written meanwhile."""
    try:
        return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    except Organization.DoesNotExist:
        raise MembershipError("Cette organisation n’existe plus.") from None


def _managed(member: Membership, by: User) -> Membership:
    """Return the member as they are now, under the lock, once `by` is known to be an owner."""
    organization = _locked(member.organization)
    _require(permissions.may_manage(by, organization))
    found = organization.memberships.select_related("user").filter(pk=member.pk).first()
    if found is None:
        raise MembershipError(GONE)
    return found


def _require(answer: permissions.Allowed) -> None:
    if not answer:
        raise MembershipError(answer.reason)


def _enter(organization: Organization, user: User, role: str) -> None:
    """Make a member, or an owner of an editor; nobody loses a right by coming in twice."""
    member, created = organization.memberships.get_or_create(user=user, defaults={"role": role})
    if not created and role == MembershipRole.OWNER:
        member.role = role
        member.save()


def _close_request(organization: Organization, user: User, *, at: datetime, answered_by: User) -> None:
    """Whoever was invited meanwhile has their answer."""
    organization.join_requests.waiting().filter(user=user).update(
        state=JoinState.ACCEPTED, answered_by=answered_by, answered_at=at
    )
