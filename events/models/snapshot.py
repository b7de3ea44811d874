from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from semaine.dates import day_words, moment_words


class SnapshotQuerySet(models.QuerySet):
    def public(self):
        """Those that anybody may read, the last first."""
        return self.filter(edition__is_published=True).select_related("edition").order_by("-taken_at", "-pk")

    def on(self, day):
        """The last one of a day, in Paris; None when there is none."""
        return self.filter(taken_on=day).first()

    def last_of_each_edition(self):
        """The last one of each edition."""
        return self.order_by("edition", "-taken_at", "-pk").distinct("edition")


class FiguresSnapshot(models.Model):
    """The figures of an edition at a moment, with what they mean. The database refuses to change or delete it."""

    edition = models.ForeignKey(
        "semaine.Edition", models.PROTECT, related_name="snapshots", verbose_name="édition"
    )
    taken_at = models.DateTimeField("relevé le")
    # The day in Paris, by which a published number is found again.
    taken_on = models.DateField("jour", db_index=True)
    definition = models.TextField("définition")
    # As `events.public_figures.measured` returns them.
    figures = models.JSONField("chiffres")
    # Nobody, for one of the calendar.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandé par",
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé de chiffres"
        verbose_name_plural = "relevés de chiffres"
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "taken_on"],
                condition=Q(by=None),
                name="snapshot_of_the_calendar_once",
                violation_error_message="Le relevé de ce jour est déjà fait pour cette édition.",
            )
        ]

    def __str__(self):
        return f"{self.edition}, {self.taken_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("snapshot", args=[self.pk])

    @property
    def moment(self) -> str:
        return moment_words(self.taken_at)

    @property
    def day(self) -> str:
        return day_words(self.taken_on, weekday=False, year=True)
