"""The State's offices, their agents, and who steers the week of a territory beside them."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from organizers.enums import OfficeKind
from organizers.models.user import User
from organizers.querysets import OfficeMembershipQuerySet, OfficeQuerySet, PartnerQuerySet
from semaine.dates import day_words, today
from semaine.models import Department, Region


class Office(models.Model):
    """An office of the State that examines events: of the nation, of a region or of a département."""

    kind = models.CharField("échelon", max_length=12, choices=OfficeKind)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="département"
    )
    name = models.CharField("nom", max_length=120)
    contact_name = models.CharField("contact", max_length=100, blank=True)
    contact_email = models.EmailField("adresse électronique", blank=True)
    contact_phone = models.CharField("téléphone", max_length=20, blank=True)
    agents = models.ManyToManyField(
        User,
        through="OfficeMembership",
        through_fields=("office", "user"),
        related_name="offices",
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "service référent"
        verbose_name_plural = "services référents"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=OfficeKind.NATIONAL, region=None, department=None)
                | Q(kind=OfficeKind.REGIONAL, region__isnull=False, department=None)
                | Q(kind=OfficeKind.DEPARTMENTAL, region=None, department__isnull=False),
                name="office_territory_matches_kind",
                violation_error_message=(
                    "Un service régional a une région, un service départemental un département, "
                    "le service national n’a ni l’un ni l’autre."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "region", "department"],
                nulls_distinct=False,
                name="office_unique",
                violation_error_message="Ce territoire a déjà un service de cet échelon.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_reachable(self) -> bool:
        return bool(self.contact_email or self.contact_phone)

    def addresses(self, at: datetime) -> list[str]:
        """Return the addresses of the agents at work on that day."""
        agents = self.memberships.at_work(today(at))
        return list(agents.order_by("pk").values_list("user__email", flat=True))


class OfficeMembership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="office_memberships", verbose_name="personne")
    office = models.ForeignKey(Office, models.CASCADE, related_name="memberships", verbose_name="service")
    is_active = models.BooleanField("en fonction", default=True)
    absent_from = models.DateField("absent du", null=True, blank=True)
    absent_until = models.DateField("absent jusqu’au", null=True, blank=True)
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suppléant"
    )

    objects = OfficeMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "agent d’un service"
        verbose_name_plural = "agents des services"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office"],
                name="office_membership_unique",
                violation_error_message="Cette personne est déjà agent de ce service.",
            ),
            models.CheckConstraint(
                condition=Q(absent_from__isnull=True, absent_until__isnull=True)
                | Q(
                    absent_from__isnull=False,
                    absent_until__isnull=False,
                    absent_from__lte=models.F("absent_until"),
                ),
                name="office_membership_absence_ordered",
                violation_error_message="La fin de l’absence doit suivre son début.",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.office}"

    @property
    def until_words(self) -> str:
        return day_words(self.absent_until, weekday=False)


class Partner(models.Model):
    """Who steers the week of a territory beside the State: a line on its page, kept by the national team."""

    name = models.CharField("nom", max_length=120)
    website = models.URLField("site internet", blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="département"
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) ^ Q(department__isnull=True),
                name="partner_one_territory",
                violation_error_message="Choisissez une région ou un département, pas les deux.",
            )
        ]

    def __str__(self):
        return self.name
