"""The agents of the State's offices and what they may do: one verb for each change, each with its line in the log.

Every verb checks, writes, logs and puts its mail in the outbox, in one transaction. Verbs raise `MembershipError`.
"""

import secrets
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction

from organizers import log, notices, permissions
from organizers.enums import LogKind
from organizers.membership import MembershipError, hashed
from organizers.models import Office, OfficeInvitation, OfficeMembership, User

VALID = timedelta(days=7)


@transaction.atomic
def invite(office: Office, email: str, *, by: User, at: datetime) -> OfficeInvitation:
    """Invite an address to be an agent of an office, for seven days. Mails it a link, whether it has an account or not.

    Invited twice, it has one invitation and one mail.
    """
    office, email = _locked(office), email.strip().lower()
    _require(permissions.may_invite_agent(by, office, email))
    waiting = office.invitations.waiting().filter(email=email)
    waiting.filter(expires_at__lte=at).delete()
    if invitation := waiting.first():
        return invitation
    token = secrets.token_urlsafe(32)
    invitation = office.invitations.create(
        email=email, token_hash=hashed(token), invited_by=by, created_at=at, expires_at=at + VALID
    )
    notices.tell_invited_agent(invitation, token)
    log.write(LogKind.INVITED, at=at, by=by, office=office)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: OfficeInvitation, *, by: User, at: datetime) -> None:
    """Take an invitation back: its link is worth nothing, and the address is forgotten."""
    office = _locked(invitation.office)
    _require(permissions.is_national(by))
    if office.invitations.waiting().filter(pk=invitation.pk).delete()[0]:
        log.write(LogKind.INVITATION_WITHDRAWN, at=at, by=by, office=office)


@transaction.atomic
def accept(invitation: OfficeInvitation, *, by: User, at: datetime) -> Office:
    """Become an agent of the office that invited one's verified address. A second time changes nothing."""
    office = _locked(invitation.office)
    invitation = office.invitations.filter(pk=invitation.pk).first()
    if invitation is None:
        raise MembershipError("Cette invitation a été retirée.")
    if invitation.accepted_by_id == by.pk:
        return office
    _require(permissions.may_accept(by, invitation, at))
    invitation.accepted_by, invitation.accepted_at = by, at
    invitation.save()
    appoint(by, office, by=by, at=at)
    return office


@transaction.atomic
def appoint(person: User, office: Office, *, by: User, at: datetime) -> OfficeMembership:
    """Make a person an agent of an office, who may enter the admin, or an agent again who had left."""
    member, created = OfficeMembership.objects.get_or_create(user=person, office=office)
    if created:
        log.write(LogKind.AGENT_ADDED, at=at, by=by, person=person, office=office)
    if not member.is_active:
        member.is_active = True
        change_member(member, by=by, at=at)
    if not person.is_staff:
        person.is_staff = True
        change_account(person, by=by, at=at)
    return member


@transaction.atomic
def change_member(member: OfficeMembership, *, by: User, at: datetime) -> None:
    """Save what an agent is in an office. Who leaves stays a row that is not active: their decisions name them."""
    was_active = OfficeMembership.objects.select_for_update().get(pk=member.pk).is_active
    member.save()
    if member.is_active != was_active:
        kind = LogKind.AGENT_BACK if member.is_active else LogKind.AGENT_SUSPENDED
        log.write(kind, at=at, by=by, person=member.user, office=member.office)


@transaction.atomic
def change_account(person: User, *, by: User, at: datetime) -> None:
    """Save an account: may it enter the admin, is it open at all?"""
    before = User.objects.select_for_update().get(pk=person.pk)
    person.save()
    if person.is_staff != before.is_staff:
        kind = LogKind.STAFF_GIVEN if person.is_staff else LogKind.STAFF_TAKEN
        log.write(kind, at=at, by=by, person=person)
    if person.is_active != before.is_active:
        kind = LogKind.ACCOUNT_OPENED if person.is_active else LogKind.ACCOUNT_CLOSED
        log.write(kind, at=at, by=by, person=person)


@transaction.atomic
def forget_factors(person: User, *, by: User, at: datetime) -> None:
    """Take a person's second factors away, all lost: they set up another before they enter again. Mails them."""
    if person.authenticator_set.all().delete()[0]:
        log.write(LogKind.FACTOR_REMOVED, at=at, by=by, person=person, detail="tous, par l’équipe nationale")
        get_adapter().send_mail("mfa/email/totp_deactivated", person.email, {})


def _locked(office: Office) -> Office:
    return Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _require(answer: permissions.Allowed) -> None:
    if not answer:
        raise MembershipError(answer.reason)
