from django.db import models


class FeaturedEvent(models.Model):
    """An event that the national team shows first on the home page, for as long as the public sees it."""

    event = models.OneToOneField(
        "events.Event", models.CASCADE, related_name="featured", verbose_name="événement"
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "événement à la une"
        verbose_name_plural = "événements à la une"
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.event}"
