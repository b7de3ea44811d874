import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from events.enums import Source
from events.imports.states import FileFormat, ImportState, LineOutcome, LinePlan, LineVerdict
from organizers.models import Organization
from semaine.models import Edition

# A job that stops so often without a line done will not do better by itself.
MOST_ATTEMPTS = 3


class ImportQuerySet(models.QuerySet):
    def editable_by(self, user):
        """The imports of a person's organizations; nobody else sees a file or a line."""
        return self.filter(organization__memberships__user=user)

    def pending(self):
        """What a worker has to do, the oldest first."""
        running = [ImportState.RECEIVED, ImportState.QUEUED]
        return self.filter(state__in=running, attempts__lt=MOST_ATTEMPTS).order_by("queued_at", "pk")

    def for_list(self):
        """With what a list shows, the latest first, and not the file."""
        return self.select_related("organization").defer("content").order_by("-created_at", "-pk")


class EventImport(models.Model):
    """A file of many events: received, checked line by line, then imported. The row is the job itself."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="imports")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # What the creations of its lines are named after: done twice, a line makes one event.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("reçu le")
    queued_at = models.DateTimeField("à faire depuis")
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    refusal = models.CharField("motif du refus", max_length=500, blank=True)

    source = models.CharField("origine", max_length=10, choices=Source)
    format = models.CharField("format", max_length=4, choices=FileFormat, blank=True)
    file_name = models.CharField("nom du fichier", max_length=100)
    # In the database, where neither the web server nor a backup of pictures shows it.
    content = models.BinaryField("fichier")
    digest = models.CharField("empreinte", max_length=64)
    header = ArrayField(models.TextField(), verbose_name="colonnes", default=list, blank=True)

    submits = models.BooleanField("envoie les événements", default=False)
    replaces = models.BooleanField("remplace ce qui a été modifié sur le site", default=False)
    all_or_nothing = models.BooleanField("tout ou rien", default=False)
    total = models.PositiveIntegerField("lignes", default=0)
    done = models.PositiveIntegerField("lignes faites", default=0)
    attempts = models.PositiveSmallIntegerField("essais sans avancer", default=0)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["organization", "digest"], name="import_same_file"),
            models.Index(
                fields=["queued_at"],
                name="import_pending",
                condition=Q(state__in=[ImportState.RECEIVED, ImportState.QUEUED]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.REFUSED) & ~Q(refusal="")
                | ~Q(state=ImportState.REFUSED) & Q(refusal=""),
                name="import_refusal_explained",
                violation_error_message="Un fichier refusé porte un motif, les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                condition=Q(source__in=[Source.SPREADSHEET, Source.OPENAGENDA, Source.FRANCE_TRAVAIL]),
                name="import_source",
                violation_error_message="Un import vient d’un tableur, d’OpenAgenda ou de France Travail.",
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("import", args=[self.pk])

    @property
    def has_own_lists(self) -> bool:
        """Do its audiences and natures come from the lists of another site?"""
        return self.source in (Source.OPENAGENDA, Source.FRANCE_TRAVAIL)

    @property
    def stands(self) -> ImportState:
        return ImportState(self.state)

    @property
    def is_running(self) -> bool:
        return self.stands in (ImportState.RECEIVED, ImportState.QUEUED)

    @property
    def is_stuck(self) -> bool:
        return self.is_running and self.attempts >= MOST_ATTEMPTS

    @property
    def is_checked(self) -> bool:
        return self.stands == ImportState.CHECKED

    @property
    def is_done(self) -> bool:
        return self.stands == ImportState.DONE

    @property
    def is_refused(self) -> bool:
        return self.stands == ImportState.REFUSED


class ImportLine(models.Model):
    """One line of the file: its cells as text, what the check said, and what became of it."""

    event_import = models.ForeignKey(EventImport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    cells = ArrayField(models.TextField(), verbose_name="cellules")
    title = models.CharField("titre", max_length=140, blank=True)
    external_id = models.CharField("identifiant dans le fichier", max_length=100, blank=True)
    verdict = models.CharField("verdict", max_length=12, choices=LineVerdict)
    plan = models.CharField("effet", max_length=10, choices=LinePlan)
    # A list of {column, found, wanted, message, is_error, is_lack}.
    remarks = models.JSONField("remarques", default=list, blank=True)
    outcome = models.CharField("résultat", max_length=12, choices=LineOutcome, blank=True)
    was_sent = models.BooleanField("envoyé au référent", default=False)
    event = models.ForeignKey("events.Event", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["number"]
        indexes = [models.Index(fields=["event_import", "verdict", "number"], name="import_line_verdict")]
        constraints = [
            models.UniqueConstraint(
                fields=["event_import", "number"],
                name="import_line_unique",
                violation_error_message="Cette ligne du fichier est déjà lue.",
            )
        ]

    def __str__(self):
        return f"{self.number} : {self.title}"
