from django.conf import settings
from django.db import models
from django.db.models import Q


class Note(models.Model):
    """What an office writes on a file for the other offices; organizers never read it."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    office = models.ForeignKey(
        "organizers.Office", models.PROTECT, null=True, verbose_name="service", related_name="+"
    )
    at = models.DateTimeField("le")
    text = models.TextField("note")
    # The note that goes with a file handed over.
    handed_to = models.ForeignKey(
        "organizers.Office",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="transmis à",
        related_name="+",
    )
    # What the organizer was asked by mail, a code of `quality_asks`: once for an event, whoever asks.
    asked = models.SlugField(max_length=20, blank=True, db_index=False, editable=False)

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="note_written",
                violation_error_message="Écrivez la note.",
            ),
            models.UniqueConstraint(
                fields=["event", "asked"],
                condition=~Q(asked=""),
                name="note_asked_once",
                violation_error_message="C’est déjà demandé à l’organisateur.",
            ),
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y} – {self.event_id}"
