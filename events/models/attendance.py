from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from events.enums import FollowUp

MOST_PARTICIPANTS = 1_000_000


class AttendanceReport(models.Model):
    """Who came to an event, and what came of it, as its organizer counts it afterwards."""

    event = models.OneToOneField("events.Event", models.CASCADE, related_name="attendance_report")
    total = models.PositiveIntegerField("personnes venues")
    # Audience code: number. Only what was counted; the numbers together are at most the total.
    by_audience = models.JSONField("par public", default=dict, blank=True)
    women_share = models.PositiveSmallIntegerField("part de filles et de femmes", null=True, blank=True)
    follow_up_codes = ArrayField(
        models.CharField(max_length=15, choices=FollowUp), default=list, blank=True, verbose_name="suites"
    )
    comment = models.TextField("commentaire", blank=True, max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("écrit le")
    updated_at = models.DateTimeField("modifié le")

    class Meta:
        verbose_name = "bilan"
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=MOST_PARTICIPANTS),
                name="attendance_total_bounded",
                violation_error_message="Le nombre de personnes venues va de 0 à 1 000 000.",
            ),
            models.CheckConstraint(
                condition=Q(women_share=None) | Q(women_share__gte=0, women_share__lte=100),
                name="attendance_women_share_percent",
                violation_error_message="La part de filles et de femmes, en pour cent, va de 0 à 100.",
            ),
        ]

    def __str__(self):
        return f"{self.event} : {self.total}"
