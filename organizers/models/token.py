from django.db import models
from django.db.models import Q

from organizers.models.organization import Organization
from organizers.models.user import User
from organizers.querysets import ApiTokenQuerySet


class ApiToken(models.Model):
    """What the program of an organization shows to write its events. It is shown once, to who makes it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_tokens")
    name = models.CharField("usage", max_length=60)
    # SHA-256: long and random enough for a bare hash.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="créé par")
    issued_at = models.DateTimeField("créé le")
    last_used_at = models.DateTimeField("dernier usage", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="révoqué par"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "jeton"
        ordering = ["issued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_by_somebody",
                violation_error_message="Un jeton révoqué l’est par quelqu’un, à une date.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="api_token_named",
                violation_error_message="Un jeton a un nom, qui dit à quoi il sert.",
            ),
        ]

    def __str__(self):
        return f"{self.name} – {self.organization}"
