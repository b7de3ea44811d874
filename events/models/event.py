import uuid
from functools import partial

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse

from events.enums import (
    Accessibility,
    AccessMode,
    AttendanceMode,
    Audience,
    PointSource,
    Precision,
    RegistrationKind,
    Source,
    Status,
)
from events.querysets import PUBLIC, EventQuerySet
from events.search import search_document
from organizers.models import Organization
from semaine.models import Commune, Department, Edition

Codes = partial(ArrayField, default=list, blank=True)
Text = partial(models.CharField, blank=True)
Link = partial(models.ForeignKey, null=True, blank=True, editable=False)


class Event(models.Model):
    """An event proposed for the label, from its draft to the end of its edition.

    A long file: the columns and what the database refuses are read together.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="events")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="events")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # A creation carries a key: posted twice, it makes one event.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField("origine", max_length=10, choices=Source, default=Source.FORM)
    # The name that the file of an import gives it: the same line sent again is the same event.
    external_id = Text("identifiant dans le fichier", max_length=100)
    # What the last import that changed it made of it; nothing while it is as the first one made it. A later version
    # was written on the site, and no file sent again overwrites it unasked.
    imported_version = models.PositiveIntegerField("version importée", null=True, editable=False)
    imported_at = models.DateTimeField("importé le", null=True, editable=False)
    # Last edition's event of which this one is the next.
    renewed_from = Link("self", models.SET_NULL, related_name="renewals")

    title = Text("titre", max_length=140)
    slug = models.SlugField("adresse", max_length=160, blank=True, db_index=False)
    summary = Text("résumé", max_length=200)
    description = models.TextField("description", blank=True, max_length=10_000)
    format_code = models.SlugField("nature", blank=True, db_index=False)
    sector_codes = Codes(models.SlugField(), verbose_name="filières")
    topic_codes = Codes(models.SlugField(), verbose_name="thèmes")
    audience_codes = Codes(models.CharField(max_length=30, choices=Audience), verbose_name="publics")

    attendance_mode = models.CharField(
        "mode", max_length=10, choices=AttendanceMode, default=AttendanceMode.ONSITE
    )
    venue = Text("nom du lieu", max_length=100)
    address = Text("adresse", max_length=200)
    postal_code = Text("code postal", max_length=5)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="département", related_name="+"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # The same point on the Web-Mercator grid at GRID_ZOOM, so that the map counts by integer shifts.
    tile_x = models.IntegerField(null=True, blank=True)
    tile_y = models.IntegerField(null=True, blank=True)
    precision = Text("précision", max_length=10, choices=Precision)
    point_source = Text("origine du point", max_length=10, choices=PointSource)
    # How sure the address service is, from 0 to 1.
    geocoding_score = models.FloatField("score de l’adresse", null=True, blank=True)
    # What the address service was last asked, so that it is asked once: `locating.to_locate` makes it.
    address_asked = Text(max_length=220, editable=False)
    timezone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    online_url = models.URLField("lien de connexion", blank=True)
    more_info_url = models.URLField("page à consulter", blank=True)
    partners = Text("partenaires", max_length=300)

    # Not an ImageField: it would open the file whenever a row without dimensions is read.
    image = models.FileField("image", upload_to="evenements/", blank=True)
    image_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_alt = Text("description de l’image", max_length=200)
    image_credit = Text("crédit de l’image", max_length=100)

    # Copies for search; `places.settle` writes them with what they copy.
    organizer_name = Text("organisateur", max_length=120)
    place_name = Text("lieu", max_length=200)
    # Title, organizer and place without accents: what a misspelt word is compared with.
    trigram_key = Text(max_length=500, editable=False)

    # Worked out from the slots, in the transaction that writes them.
    first_day = models.DateField("premier jour", null=True, blank=True)
    first_starts_at = models.DateTimeField("premier début", null=True, blank=True)
    first_ends_at = models.DateTimeField("première fin", null=True, blank=True)
    last_ends_at = models.DateTimeField("dernière fin", null=True, blank=True)
    is_lasting = models.BooleanField("ouvert plus de trois jours de suite", default=False)

    access_mode = Text("accès", max_length=12, choices=AccessMode)
    reserved_to = Text("réservé à", max_length=200)
    registration_kind = Text("inscription", max_length=15, choices=RegistrationKind)
    registration_value = Text("lien, courriel ou téléphone", max_length=300)
    capacity = models.PositiveIntegerField("nombre de places", null=True, blank=True)
    is_full = models.BooleanField("complet", default=False)
    expected_participants = models.PositiveIntegerField("participants attendus", null=True, blank=True)
    age_min = models.PositiveSmallIntegerField("âge minimum", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("âge maximum", null=True, blank=True)
    is_free = models.BooleanField("gratuit", null=True, blank=True)
    accessibility_codes = Codes(
        models.CharField(max_length=2, choices=Accessibility), verbose_name="accessibilité"
    )
    public_contact = Text("contact pour le public", max_length=200)
    # Private: shown to the State's agents only.
    contact_name = Text("nom du contact", max_length=100)
    contact_email = models.EmailField("courriel du contact", blank=True)
    contact_phone = Text("téléphone du contact", max_length=20)

    status = models.CharField("statut", max_length=20, choices=Status, default=Status.DRAFT)
    office = models.ForeignKey("organizers.Office", models.PROTECT, null=True, blank=True, related_name="+")
    # The office that another one asked to answer; it has the turn, nobody loses the right.
    handed_to = Link("organizers.Office", models.SET_NULL, related_name="+")
    label_number = models.CharField("numéro de label", max_length=20, null=True, blank=True)
    submitted_at = models.DateTimeField("envoyé le", null=True, blank=True)
    due_on = models.DateField("réponse attendue le", null=True, blank=True)
    labelled_at = models.DateTimeField("labellisé le", null=True, blank=True)
    # Until a referent has seen what changed at once.
    changed_since_label = models.BooleanField("modifié depuis le label", default=False)
    # The rules that a referent is to look into, as they were last judged: a queue of thousands is filtered by it.
    points_to_check = Codes(models.SlugField(), verbose_name="points à vérifier")
    cancelled_from = Text("statut avant l’annulation", max_length=20, choices=Status)
    # The event that stands for this one: they were the same.
    merged_into = Link("self", models.PROTECT, related_name="merged")
    created_at = models.DateTimeField("créé le")
    updated_at = models.DateTimeField("modifié le")
    version = models.PositiveIntegerField("version", default=1)

    search = search_document()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["edition", "last_ends_at"], name="event_public_ends", condition=PUBLIC),
            models.Index(
                fields=["edition", "department", "last_ends_at"],
                name="event_public_department",
                condition=PUBLIC,
            ),
            models.Index(
                fields=["edition", "tile_x", "tile_y"],
                # All that the map counts with, so that it reads no row.
                include=["last_ends_at", "latitude", "longitude"],
                name="event_public_tiles",
                condition=PUBLIC & Q(tile_x__isnull=False),
            ),
            models.Index(
                fields=["department", "due_on"],
                # All that the referents' queue counts with, so that it reads no row.
                include=[
                    "id",
                    "status",
                    "format_code",
                    "handed_to",
                    "changed_since_label",
                    "points_to_check",
                ],
                name="event_files",
                condition=Q(submitted_at__isnull=False),
            ),
            GinIndex(fields=["search"], name="event_search"),
            GinIndex(
                fields=["trigram_key"],
                name="event_trigrams",
                opclasses=["gin_trgm_ops"],
                condition=PUBLIC,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.LABELLED)
                | Q(
                    is_free=True,
                    is_free__isnull=False,
                    labelled_at__isnull=False,
                    office__isnull=False,
                    label_number__isnull=False,
                )
                & ~Q(slug=""),
                name="event_labelled_complete",
                violation_error_message=(
                    "Un événement labellisé est gratuit et porte une date, un service, un numéro et une adresse."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(submitted_at__isnull=False),
                name="event_submitted_dated",
                violation_error_message="Un événement envoyé porte la date de son envoi.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CANCELLED) & ~Q(cancelled_from="")
                | ~Q(status=Status.CANCELLED) & Q(cancelled_from=""),
                name="event_cancelled_from",
                violation_error_message="Un événement annulé garde le statut qu’il avait, les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False) & ~Q(merged_into=models.F("pk"))
                | ~Q(status=Status.MERGED) & Q(merged_into=None),
                name="event_merged_into",
                violation_error_message="Un événement regroupé l’est avec un autre, les autres avec aucun.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUBMITTED, Status.LABELLED])
                | Q(attendance_mode=AttendanceMode.ONSITE)
                | ~Q(online_url=""),
                name="event_online_linked",
                violation_error_message="Un événement en ligne a un lien de connexion.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUBMITTED, Status.LABELLED])
                | Q(attendance_mode=AttendanceMode.ONLINE)
                | Q(commune__isnull=False),
                name="event_onsite_placed",
                violation_error_message="Un événement sur place a une commune.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, tile_x=None, tile_y=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                    tile_x__isnull=False,
                    tile_y__isnull=False,
                ),
                name="event_coordinates_bounded",
                violation_error_message=(
                    "La latitude (−90 à 90) et la longitude (−180 à 180) vont ensemble."
                ),
            ),
            models.UniqueConstraint(
                fields=["edition", "slug"],
                condition=~Q(slug=""),
                name="event_slug_unique",
                violation_error_message="Cette adresse est déjà prise dans cette édition.",
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=models.F("age_max")),
                name="event_ages_ordered",
                violation_error_message="L’âge maximum est égal ou supérieur à l’âge minimum.",
            ),
            models.CheckConstraint(
                condition=Q(image="") | ~Q(image_alt=""),
                name="event_image_described",
                violation_error_message="Une image a une description, pour qui ne la voit pas.",
            ),
            models.UniqueConstraint(
                fields=["organization", "source", "external_id"],
                condition=~Q(external_id=""),
                name="event_external_id_unique",
                violation_error_message="Cet identifiant désigne déjà un événement de l’organisation.",
            ),
            models.UniqueConstraint(
                fields=["renewed_from", "edition"],
                condition=Q(renewed_from__isnull=False),
                name="event_renewed_once",
                violation_error_message="Cet événement est déjà reconduit dans cette édition.",
            ),
            models.UniqueConstraint(
                fields=["label_number"],
                name="event_label_number_unique",
                violation_error_message="Ce numéro de label est déjà donné.",
            ),
        ]

    def __str__(self):
        return self.title or "(sans titre)"

    def get_absolute_url(self):
        return reverse("event", args=[self.edition.year, self.slug])

    @property
    def mode(self) -> AttendanceMode:
        return AttendanceMode(self.attendance_mode)

    @property
    def is_labelled(self) -> bool:
        return self.status == Status.LABELLED

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def is_changed_since_import(self) -> bool:
        return self.version != (self.imported_version or 1)

    @property
    def is_changed_unseen(self) -> bool:
        return self.status == Status.LABELLED and self.changed_since_label

    @property
    def is_merged(self) -> bool:
        return self.status == Status.MERGED

    @property
    def is_renewable(self) -> bool:
        return self.status == Status.LABELLED

    @property
    def is_example(self) -> bool:
        return self.source == Source.EXAMPLE
