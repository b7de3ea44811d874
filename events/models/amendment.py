from django.conf import settings
from django.db import models
from django.db.models import Q

from events.enums import AmendmentState


class AmendmentQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for a referent's answer: one at most for an event."""
        return self.filter(state=AmendmentState.OPEN)


class Amendment(models.Model):
    """What an organizer would change of what a label rests on; the public sees it once a referent accepts."""

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="amendments")
    # By field, as the new value is stored; "slots" as pairs of moments, "commune" by its code.
    changes = models.JSONField("changements")
    base_version = models.PositiveIntegerField("version de l’événement")
    state = models.CharField("état", max_length=10, choices=AmendmentState, default=AmendmentState.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    at = models.DateTimeField("le")
    decision = models.OneToOneField(
        "events.Decision", models.PROTECT, null=True, blank=True, related_name="amendment"
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "modification proposée"
        verbose_name_plural = "modifications proposées"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state=AmendmentState.OPEN),
                name="amendment_one_open",
                violation_error_message="Une modification attend déjà une réponse pour cet événement.",
            ),
            models.CheckConstraint(
                condition=Q(state=AmendmentState.OPEN, decision=None)
                | ~Q(state=AmendmentState.OPEN) & Q(decision__isnull=False),
                name="amendment_closed_by_decision",
                violation_error_message="Une modification close nomme la décision qui l’a close.",
            ),
        ]

    def __str__(self):
        return f"{self.get_state_display()} – {self.event_id}"
