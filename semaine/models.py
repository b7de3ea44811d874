"""The frame of the week: when (editions), where (territories), and what is kept for later (mails).

A little long: its parts name each other, and one file tells them all.
"""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Greatest
from django.urls import reverse

from semaine.dates import LabelWindow, period_words, today
from semaine.querysets import DepartmentQuerySet, EditionQuerySet, SiteRevisionManager

# Where the collectivités that belong to no region stand, in addresses.
OVERSEAS = "outre-mer"


class DateRange(Func):
    function = "daterange"
    output_field = models.DateField()


# The range is built before the order of its ends is checked, and PostgreSQL refuses one that is upside down.
ORDERED = ("label_from", Greatest("label_from", "label_until"))


class Edition(models.Model):
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("numéro", null=True, blank=True)
    theme = models.CharField("thème", max_length=200, blank=True)
    starts_on = models.DateField("premier jour de la semaine")
    ends_on = models.DateField("dernier jour de la semaine")
    label_from = models.DateField("premier jour labellisable")
    label_until = models.DateField("dernier jour labellisable")
    submissions_open_at = models.DateTimeField("ouverture des propositions")
    submissions_close_at = models.DateTimeField("clôture des propositions")
    is_published = models.BooleanField("publiée", default=False)
    is_demo = models.BooleanField("édition de démonstration", default=False)
    # What the State said of the edition; our own programme may hold less.
    announced_events = models.PositiveIntegerField("événements annoncés", null=True, blank=True)
    announced_participants = models.PositiveIntegerField("participants annoncés", null=True, blank=True)
    announced_note = models.CharField("précision sur ces chiffres", max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ["-label_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(is_published=True),
                name="edition_year_unique",
                violation_error_message="Une édition publiée existe déjà pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(label_from__lte=F("starts_on"))
                & Q(starts_on__lte=F("ends_on"))
                & Q(ends_on__lte=F("label_until")),
                name="edition_dates_ordered",
                violation_error_message=(
                    "Les dates doivent se suivre : premier jour labellisable, premier puis dernier "
                    "jour de la semaine, dernier jour labellisable."
                ),
            ),
            models.CheckConstraint(
                condition=Q(submissions_open_at__lt=F("submissions_close_at")),
                name="edition_submissions_ordered",
                violation_error_message="L’ouverture des propositions doit précéder leur clôture.",
            ),
            ExclusionConstraint(
                name="edition_windows_disjoint",
                expressions=[(DateRange(*ORDERED, Value("[]")), "&&")],
                condition=Q(is_published=True),
                violation_error_message=(
                    "Les jours labellisables de cette édition recouvrent ceux d’une autre édition publiée."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.year} (démonstration)" if self.is_demo else str(self.year)

    @property
    def week(self) -> str:
        return period_words(self.starts_on, self.ends_on)

    def label_window(self, department: "Department | None" = None) -> LabelWindow:
        """Return the label window in force in a département: its own week, its region's, or the edition's.

        One query when a département is given (a territory may hold its week on other days).
        """
        week = self if department is None else self.territory_week(department) or self
        return LabelWindow(self.year, week.label_from, week.label_until)

    def territory_week(self, place: "Region | Department") -> "TerritoryWeek | None":
        """Return the week that a territory holds on other days: its own, or its region's.

        One query, none where `territory_weeks` were prefetched. An edition has a handful of them.
        """
        region = place.pk if isinstance(place, Region) else place.region_id
        weeks = self.territory_weeks.all()
        own = [each for each in weeks if isinstance(place, Department) and each.department_id == place.pk]
        regional = [each for each in weeks if each.region_id and each.region_id == region]
        return next(iter(own + regional), None)

    def accepts_submissions(self, at: datetime) -> bool:
        return self.is_published and self.submissions_open_at <= at < self.submissions_close_at

    def is_over(self, at: datetime) -> bool:
        return today(at) > self.label_until


class Region(models.Model):
    code = models.CharField("code INSEE", max_length=2, primary_key=True)
    name = models.CharField("nom", max_length=60)
    of_name = models.CharField("nom précédé de « de »", max_length=70)
    slug = models.SlugField(unique=True)
    sort_key = models.CharField(max_length=60, db_index=True)

    class Meta:
        verbose_name = "région"
        ordering = ["sort_key"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("region", args=[self.slug])


class Department(models.Model):
    """A département, or one of the eight overseas collectivités, which belong to no region."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    of_name = models.CharField("nom précédé de « de »", max_length=70)
    slug = models.SlugField(unique=True)
    sort_key = models.CharField(max_length=60, db_index=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="departments")
    timezone = models.CharField("fuseau horaire", max_length=40)
    neighbours = models.ManyToManyField("self", blank=True, verbose_name="voisins")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "département"
        ordering = ["sort_key"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("department", args=[self.region.slug if self.region else OVERSEAS, self.slug])


class PostalWords(Func):
    """Postal codes as words of a text search, which finds them by their beginning."""

    function = "array_to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, codes):
        super().__init__(Cast(codes, ArrayField(models.TextField())))


class Commune(models.Model):
    """A commune, or an arrondissement of Paris, Lyon or Marseille (`parent` names its commune)."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=60)
    sort_key = models.CharField(max_length=60)
    place_key = models.CharField(max_length=60, db_index=True)
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(default=0)
    timezone = models.CharField("fuseau horaire", max_length=40)

    class Meta:
        verbose_name = "commune"
        ordering = ["sort_key", "code"]
        indexes = [
            GinIndex(fields=["postal_codes"], name="commune_postal_codes"),
            GinIndex(PostalWords("postal_codes"), name="commune_postal_words"),
            GinIndex(fields=["place_key"], opclasses=["gin_trgm_ops"], name="commune_words"),
            models.Index(F("population").desc(), "code", condition=Q(parent=None), name="commune_largest"),
        ]

    def __str__(self):
        return self.name


class TerritoryWeek(models.Model):
    """A region or département that holds the week on other days (La Réunion in 2018)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="territory_weeks")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True)
    starts_on = models.DateField("premier jour de la semaine")
    ends_on = models.DateField("dernier jour de la semaine")
    label_from = models.DateField("premier jour labellisable")
    label_until = models.DateField("dernier jour labellisable")

    class Meta:
        verbose_name = "semaine d’un territoire"
        verbose_name_plural = "semaines des territoires"
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) ^ Q(department__isnull=True),
                name="territory_week_one_territory",
                violation_error_message="Choisissez une région ou un département, pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(label_from__lte=F("starts_on"))
                & Q(starts_on__lte=F("ends_on"))
                & Q(ends_on__lte=F("label_until")),
                name="territory_week_dates_ordered",
                violation_error_message=(
                    "Les dates doivent se suivre : premier jour labellisable, premier puis dernier "
                    "jour de la semaine, dernier jour labellisable."
                ),
            ),
            models.UniqueConstraint(
                fields=["edition", "region", "department"],
                nulls_distinct=False,
                name="territory_week_unique",
                violation_error_message="Ce territoire a déjà une semaine à lui dans cette édition.",
            ),
        ]

    def __str__(self):
        return f"{self.edition} – {self.place}"

    @property
    def place(self) -> Region | Department:
        return self.department or self.region

    @property
    def week(self) -> str:
        return period_words(self.starts_on, self.ends_on)


class SiteRevision(models.Model):
    """One row, made by the first change: how many times what the public sees has changed.

    `structure`: the same, without the changes of a single event (see `semaine.structure`).
    """

    ONLY = 1

    number = models.BigIntegerField(default=0)
    structure = models.BigIntegerField(default=0, db_default=0)

    objects = SiteRevisionManager()

    class Meta:
        verbose_name = "révision du site"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="site_revision_single",
                violation_error_message="Il n’y a qu’une révision du site.",
            )
        ]

    def __str__(self):
        return str(self.number)


class Erasure(models.Model):
    """One line of one run of `semaine.retention`: how many of what were erased."""

    at = models.DateTimeField("le")
    what = models.CharField("quoi", max_length=100)
    number = models.PositiveIntegerField("nombre")

    class Meta:
        verbose_name = "effacement"
        verbose_name_plural = "effacements"
        ordering = ["-at", "pk"]

    def __str__(self):
        return f"{self.what}\u00a0: {self.number}"


class OutboxMessage(models.Model):
    """A mail, written in the transaction of what caused it and sent later by `semaine.outbox`."""

    recipient = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    dedupe_key = models.CharField("clé", max_length=120, unique=True)
    not_before = models.DateTimeField("pas avant")
    created_at = models.DateTimeField("créé le")
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=500, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["not_before", "pk"]
        indexes = [models.Index(fields=["not_before"], name="outbox_due", condition=Q(sent_at__isnull=True))]

    def __str__(self):
        return self.subject
