from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from organizers.enums import OfficeKind


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def deputies(self, member):
        """The agents who may stand in for one: those at work in the same office or in the one above."""
        offices = type(member.office).objects.deputising(member.office)
        at_work = self.filter(
            is_active=True, office_memberships__is_active=True, office_memberships__office__in=offices
        )
        return at_work.exclude(pk=member.user_id).order_by("name", "pk").distinct()

    def unconfirmed(self, email: str):
        """Return the open account that waits at this address for its confirmation, if there is one."""
        return self.filter(email__iexact=email, is_active=True).exclude(emailaddress__verified=True).first()

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
    # Only agents of the State get one.
    wants_digest = models.BooleanField("résumé du matin", default=True)
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
    def held_offices(self) -> tuple:
        """The offices of the State for which this person examines. Asked once per request."""
        if not self.is_active:
            return ()
        return tuple(
            each.office for each in self.office_memberships.filter(is_active=True).select_related("office")
        )

    @property
    def office_kinds(self) -> frozenset[str]:
        """The kinds of the offices of the State for which this person examines."""
        return frozenset(each.kind for each in self.held_offices)

    @property
    def is_agent(self) -> bool:
        """Does this person examine for an office of the State?"""
        return bool(self.held_offices)

    @property
    def is_national(self) -> bool:
        """Is this person of the national team, which keeps offices, agents and editions?"""
        return OfficeKind.NATIONAL in self.office_kinds

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name
