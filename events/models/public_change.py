from django.db import models


class PublicChange(models.Model):
    """A revision of the site in which one event changed, and nothing else (see `events.public_changes`)."""

    revision = models.BigIntegerField("révision du site", primary_key=True)
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+", verbose_name="événement")

    class Meta:
        verbose_name = "changement public"
        verbose_name_plural = "changements publics"

    def __str__(self):
        return str(self.revision)
