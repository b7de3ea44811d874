from django.db import models

from organizers.models.organization import Organization
from organizers.models.user import User


class FormerOrganization(models.Model):
    """An organization that was merged into another: its address, its number and its SIRET lead there."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="former", verbose_name="regroupée avec"
    )
    # What programs knew it by: its key.
    number = models.BigIntegerField("numéro", unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField("nom", max_length=120)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    at = models.DateTimeField("regroupée le")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="par", related_name="+")

    class Meta:
        verbose_name = "organisation regroupée"
        verbose_name_plural = "organisations regroupées"
        ordering = ["at", "pk"]

    def __str__(self):
        return self.name
