"""How one comes in: an owner invites into an organization, or a person asks; the national team invites agents."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from organizers.enums import JoinState, MembershipRole
from organizers.models.office import Office
from organizers.models.organization import Organization
from organizers.models.user import User
from organizers.querysets import InvitationQuerySet, JoinRequestQuerySet


class AddressedInvitation(models.Model):
    """An address that may come in. Its link serves once; the row that was withdrawn is deleted."""

    email = models.EmailField("adresse électronique")  # in lower case
    # SHA-256 of the link's token, which only the mail holds.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_expired(self, at: datetime) -> bool:
        return at >= self.expires_at


class Invitation(AddressedInvitation):
    """An address that may become a member of an organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    role = models.CharField("rôle", max_length=10, choices=MembershipRole)

    class Meta:
        verbose_name = "invitation"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None),
                name="invitation_open_unique",
                violation_error_message="Cette adresse a déjà une invitation.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
                violation_error_message="Une invitation acceptée l’est par quelqu’un, à une date.",
            ),
            models.CheckConstraint(
                condition=Q(created_at__lt=models.F("expires_at")),
                name="invitation_expires_later",
                violation_error_message="Une invitation expire après son envoi.",
            ),
        ]

    def __str__(self):
        return f"{self.email} – {self.organization}"


class OfficeInvitation(AddressedInvitation):
    """An address that may become an agent of an office."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="invitations", verbose_name="service")

    class Meta:
        verbose_name = "invitation d’agent"
        verbose_name_plural = "invitations d’agents"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "email"],
                condition=Q(accepted_at=None),
                name="office_invitation_open_unique",
                violation_error_message="Cette adresse a déjà une invitation pour ce service.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="office_invitation_accepted_by_somebody",
                violation_error_message="Une invitation acceptée l’est par quelqu’un, à une date.",
            ),
            models.CheckConstraint(
                condition=Q(created_at__lt=models.F("expires_at")),
                name="office_invitation_expires_later",
                violation_error_message="Une invitation expire après son envoi.",
            ),
        ]

    def __str__(self):
        return f"{self.email} – {self.office}"


class JoinRequest(models.Model):
    """A person asks to be a member; an owner answers."""

    user = models.ForeignKey(User, models.PROTECT, related_name="join_requests")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="join_requests")
    message = models.CharField("message", max_length=500, blank=True)
    state = models.CharField("état", max_length=10, choices=JoinState, default=JoinState.PENDING)
    created_at = models.DateTimeField("envoyée le")
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande pour rejoindre"
        verbose_name_plural = "demandes pour rejoindre"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(state=JoinState.PENDING),
                name="join_request_open_unique",
                violation_error_message="Cette personne a déjà demandé à rejoindre l’organisation.",
            ),
            models.CheckConstraint(
                condition=Q(state=JoinState.PENDING, answered_at=None, answered_by=None)
                | ~Q(state=JoinState.PENDING) & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="join_request_answered",
                violation_error_message="Une demande qui a sa réponse en porte l’auteur et la date, une autre non.",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.organization}"

    @property
    def is_open(self) -> bool:
        return self.state == JoinState.PENDING
