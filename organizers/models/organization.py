from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from organizers import siret
from organizers.enums import MembershipRole, OrganizationKind
from organizers.models.user import User
from organizers.names import NameKeyField
from organizers.querysets import MembershipQuerySet, OrganizationQuerySet
from semaine.models import Commune

NAF = r"^\d{2}\.\d{2}[A-Z]$"


def validate_siret(value: str) -> None:
    if message := siret.fault(value):
        raise ValidationError(message)


class Organization(models.Model):
    name = models.CharField("nom", max_length=120)
    # What likeness is looked for in; written with the name.
    name_key = NameKeyField(max_length=120, blank=True, default="", editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    kind = models.CharField("type", max_length=20, choices=OrganizationKind)
    website = models.URLField("site internet", blank=True)
    # The seat: the street and postal code beside the commune.
    address = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    # What it does, in each nomenclature of INSEE: NAF 2025 takes the other's place on 1 January 2027.
    naf_rev2 = models.CharField("code NAF rév. 2", max_length=6, blank=True)
    naf_2025 = models.CharField("code NAF 2025", max_length=6, blank=True)
    headquarters = models.ForeignKey(
        Commune,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="commune du siège",
        related_name="organizations",
    )
    members = models.ManyToManyField(User, through="Membership", related_name="organizations")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["name", "pk"]
        indexes = [GinIndex(fields=["name_key"], name="organization_names", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^\d{14}$"),
                name="organization_siret_digits",
                violation_error_message="Le SIRET compte 14 chiffres.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="organization_siret_unique",
                violation_error_message="Une organisation est déjà inscrite avec ce SIRET.",
            ),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^\d{5}$"),
                name="organization_postal_code_digits",
                violation_error_message="Le code postal compte 5 chiffres.",
            ),
            models.CheckConstraint(
                condition=(Q(naf_rev2="") | Q(naf_rev2__regex=NAF))
                & (Q(naf_2025="") | Q(naf_2025__regex=NAF)),
                name="organization_naf_shape",
                violation_error_message="Un code NAF s’écrit comme 24.51Z.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizer", args=[self.slug])

    def is_known_as(self, number: int) -> bool:
        """Do programs know it by this number: its own, or that of one that was merged into it?"""
        return number == self.pk or self.former.filter(number=number).exists()


class Membership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=10, choices=MembershipRole)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                name="membership_unique",
                violation_error_message="Cette personne est déjà membre de l’organisation.",
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.organization}"

    @property
    def is_owner(self) -> bool:
        return self.role == MembershipRole.OWNER
