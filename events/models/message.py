from django.conf import settings
from django.db import models
from django.db.models import Q

from events.enums import Stage
from semaine.models import Department, Edition, Region


class OrganizerMessage(models.Model):
    """What the national team writes to the organizers of a set of events, once."""

    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name="édition", related_name="+")
    stage = models.CharField("aux organisateurs de", max_length=15, choices=Stage)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name="région", related_name="+"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="département", related_name="+"
    )
    subject = models.CharField("objet", max_length=150)
    text = models.TextField("message", max_length=5000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("écrit le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="envoyé par",
        related_name="+",
    )
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    sent_to = models.PositiveIntegerField("nombre de personnes", null=True, blank=True)

    class Meta:
        verbose_name = "message aux organisateurs"
        verbose_name_plural = "messages aux organisateurs"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(department__isnull=True),
                name="organizer_message_one_territory",
                violation_error_message="Choisissez une région ou un département, pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None, sent_to=None)
                | Q(sent_at__isnull=False, sent_by__isnull=False, sent_to__isnull=False),
                name="organizer_message_sent",
                violation_error_message="Un message envoyé dit quand, par qui et à combien de personnes.",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None
