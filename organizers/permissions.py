"""Who may act in an organization? Predicates that answer (allowed, French reason). Scope itself lies in the lookup."""

from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.account.models import EmailAddress

from organizers.enums import JoinState
from organizers.models import Invitation, JoinRequest, Membership, Office, OfficeInvitation, Organization

MOST_INVITATIONS = 50  # that wait, of one organization
MOST_A_DAY = 50  # that one person sends
MOST_TOKENS = 10  # of one organization
MOST_REQUESTS = 10  # that wait, of one person
DAY = timedelta(days=1)
PATIENCE = timedelta(days=30)  # from a refusal to the next request


class Allowed(NamedTuple):
    allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.allowed


def unless(right: bool, reason: str) -> Allowed:
    """Allowed when it is right, else the reason."""
    return Allowed(True) if right else Allowed(False, reason)


def may_enter_admin(user) -> Allowed:
    """An agent at work in an office of the State. The admin asks for a second factor besides."""
    agent = user.is_active and user.is_staff and user.is_agent
    return unless(agent, "Vous n’êtes agent d’aucun service référent.")


def is_national(user) -> Allowed:
    return unless(getattr(user, "is_national", False), "Seule l’équipe nationale peut faire cela.")


def may_invite_agent(user, office: Office, email: str) -> Allowed:
    if not (answer := is_national(user)):
        return answer
    known = office.memberships.filter(is_active=True, user__email__iexact=email).exists()
    return unless(not known, "Cette personne est déjà agent de ce service.")


def may_manage(user, organization: Organization) -> Allowed:
    owns = organization.memberships.owners().filter(user=user).exists()
    return unless(owns, "Seuls les responsables de l’organisation peuvent faire cela.")


def may_stop_owning(member: Membership) -> Allowed:
    """May this member leave, be removed or become an editor? Ask under the organization's lock."""
    if not member.is_owner:
        return Allowed(True)
    others = member.organization.memberships.owners().exclude(pk=member.pk)
    return unless(others.exists(), "C’est le dernier responsable : nommez d’abord un autre responsable.")


def may_invite(user, organization: Organization, email: str, at: datetime) -> Allowed:
    if not (answer := may_manage(user, organization)):
        return answer
    if organization.invitations.open(at).count() >= MOST_INVITATIONS:
        return Allowed(
            False, f"{MOST_INVITATIONS} invitations attendent déjà une réponse : retirez-en d’abord."
        )
    return _may_mail(user, organization, email, at)


def _may_mail(user, organization: Organization, email: str, at: datetime) -> Allowed:
    """The mails of a day, those of invitations taken back included: nobody is written to again and again."""
    lately = Invitation.objects.filter(created_at__gt=at - DAY)
    if lately.filter(organization=organization, email=email).exists():
        return Allowed(
            False, f"{email} a déjà reçu une invitation : attendez demain pour en envoyer une autre."
        )
    few = lately.filter(invited_by=user).count() < MOST_A_DAY
    return unless(few, f"Vous avez envoyé {MOST_A_DAY} invitations en un jour : attendez demain.")


def may_issue_token(user, organization: Organization) -> Allowed:
    if not (answer := may_manage(user, organization)):
        return answer
    few = organization.api_tokens.standing().count() < MOST_TOKENS
    return unless(few, f"{MOST_TOKENS} jetons existent déjà : révoquez d’abord celui qui ne sert plus.")


def may_accept(user, invitation: Invitation | OfficeInvitation, at: datetime) -> Allowed:
    if invitation.is_expired(at) or invitation.accepted_at:
        return Allowed(False, "Cette invitation n’est plus valable. Demandez-en une nouvelle.")
    own = invitation.email in verified_addresses(user)
    return unless(own, "Cette invitation a été envoyée à une autre adresse que celle de votre compte.")


def may_request_to_join(user, organization: Organization, at: datetime) -> Allowed:
    if organization.memberships.filter(user=user).exists():
        return Allowed(False, f"Vous êtes déjà membre de « {organization} ».")
    if not organization.memberships.owners().exists():
        return Allowed(False, "Cette organisation n’a pas de responsable ici : écrivez à votre référent.")
    return _may_ask_again(user, organization, at)


def _may_ask_again(user, organization: Organization, at: datetime) -> Allowed:
    asked = JoinRequest.objects.filter(user=user)
    lately = asked.filter(state=JoinState.REFUSED, answered_at__gt=at - PATIENCE)
    if lately.filter(organization=organization).exists():
        return Allowed(False, "Votre demande a été refusée : parlez-en à un responsable de l’organisation.")
    few = asked.waiting().count() < MOST_REQUESTS
    return unless(few, f"{MOST_REQUESTS} de vos demandes attendent déjà : laissez venir les réponses.")


def verified_addresses(user) -> set[str]:
    """Return the addresses that a person has proved to be theirs, in lower case."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in addresses}
