"""The people: accounts, organizations, and the State's offices with their agents."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from organizers import siret
from organizers.enums import MembershipRole, OfficeKind, OrganizationKind
from organizers.querysets import OfficeQuerySet, OrganizationQuerySet, PartnerQuerySet
from semaine.dates import today
from semaine.models import Commune, Department, Region


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )
    name = models.CharField("nom", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    is_staff = models.BooleanField("agent de l’État", default=False)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("inscription", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            )
        ]

    def __str__(self):
        return self.name or self.email

    @cached_property
    def is_agent(self) -> bool:
        """Does this person examine for an office of the State? Asked once per request."""
        return self.is_active and Office.objects.of(self).exists()

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name


def validate_siret(value: str) -> None:
    if message := siret.fault(value):
        raise ValidationError(message)


class Organization(models.Model):
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    kind = models.CharField("type", max_length=20, choices=OrganizationKind)
    website = models.URLField("site internet", blank=True)
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
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizer", args=[self.slug])


class Membership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=10, choices=MembershipRole)

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


class Office(models.Model):
    """An office of the State that examines events: of the nation, of a region or of a département."""

    kind = models.CharField("échelon", max_length=12, choices=OfficeKind)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
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
        day = today(at)
        agents = self.memberships.filter(is_active=True, user__is_active=True)
        present = agents.exclude(absent_from__lte=day, absent_until__gte=day)
        return list(present.order_by("pk").values_list("user__email", flat=True))


class OfficeMembership(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="office_memberships")
    office = models.ForeignKey(Office, models.CASCADE, related_name="memberships")
    is_active = models.BooleanField("en fonction", default=True)
    absent_from = models.DateField("absent du", null=True, blank=True)
    absent_until = models.DateField("absent jusqu’au", null=True, blank=True)
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suppléant"
    )

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
