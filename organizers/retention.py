"""What the accounts erase with time: see `semaine.retention`."""

from datetime import datetime

from django.db.models import Q, QuerySet

from organizers import permissions, unused
from organizers.models import Invitation, JoinRequest, OfficeInvitation
from semaine.retention import Line


def _invitations(at: datetime) -> QuerySet:
    withdrawn = Q(withdrawn_at__isnull=False, created_at__lte=at - permissions.DAY)
    return Invitation.objects.filter(Q(expires_at__lte=at - permissions.PATIENCE) | withdrawn)


def _requests(at: datetime) -> QuerySet:
    return JoinRequest.objects.filter(answered_at__lte=at - permissions.PATIENCE)


def _agent_invitations(at: datetime) -> QuerySet:
    return OfficeInvitation.objects.filter(expires_at__lte=at - permissions.PATIENCE)


LINES = (
    Line("invitations", "un mois après leur fin, un jour si elles sont retirées", _invitations),
    Line("demandes pour rejoindre une organisation", "un mois après la réponse", _requests),
    Line("invitations d’agents", "un mois après leur fin", _agent_invitations),
    Line(
        "comptes inutilisés", "trois ans sans connexion, un mois après un courriel", unused.due, unused.erase
    ),
)
