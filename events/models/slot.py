from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Greatest

LONGEST = timedelta(hours=24)


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


# The range is built before the order of its ends is checked, and PostgreSQL refuses one that is upside down.
ORDERED = ("starts_at", Greatest("starts_at", "ends_at"))


class TimeSlot(models.Model):
    """A time at which an event is open; its days are those of the event's own zone."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["event", "ends_at", "starts_at"], name="slot_next"),
            models.Index(fields=["first_day", "last_day", "event"], name="slot_days"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="slot_ordered",
                violation_error_message="La fin du créneau doit suivre son début.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + LONGEST),
                name="slot_at_most_a_day",
                violation_error_message="Un créneau dure 24 heures au plus : faites-en plusieurs.",
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="slot_days_ordered",
                violation_error_message="Le dernier jour du créneau doit suivre le premier.",
            ),
            ExclusionConstraint(
                name="slot_no_overlap",
                expressions=[
                    ("event", RangeOperators.EQUAL),
                    (TsTzRange(*ORDERED), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Deux créneaux se chevauchent.",
            ),
        ]

    def __str__(self):
        return f"{self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%H:%M} UTC"
