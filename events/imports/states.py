"""Where an import stands, and what is said of each of its lines."""

from django.db.models import TextChoices


class ImportState(TextChoices):
    RECEIVED = "received", "En vérification"
    CHECKED = "checked", "À confirmer"
    QUEUED = "queued", "Import en cours"
    DONE = "done", "Terminé"
    REFUSED = "refused", "Fichier refusé"

    @property
    def tone(self) -> str:
        return _TONES.get(self, "neutral")


_TONES = {ImportState.CHECKED: "wait", ImportState.DONE: "good", ImportState.REFUSED: "bad"}


class FileFormat(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    JSON = "json", "JSON"


class LineVerdict(TextChoices):
    """What the check says of a line; codes appear in addresses.

    The first two can be sent, the third can only be kept as a draft, the last is not imported.
    """

    OK = "correctes", "Prête à envoyer"
    WARNING = "a-verifier", "Prête, à vérifier"
    INCOMPLETE = "a-completer", "Brouillon à compléter"
    ERROR = "a-corriger", "À corriger"

    @property
    def plural(self) -> str:
        return _PLURALS.get(self, self.label)


_PLURALS = {
    LineVerdict.OK: "Prêtes à envoyer",
    LineVerdict.WARNING: "Prêtes, à vérifier",
    LineVerdict.INCOMPLETE: "Brouillons à compléter",
}


class LinePlan(TextChoices):
    """What importing the line would do."""

    CREATE = "nouveau", "nouvel événement"
    UPDATE = "change", "mise à jour"
    SAME = "inchange", "inchangé"
    REPLACE = "remplace", "modifié sur le site"


class LineOutcome(TextChoices):
    """What importing the line did; codes appear in addresses."""

    CREATED = "crees", "Créé"
    UPDATED = "mis-a-jour", "Mis à jour"
    SAME = "inchanges", "Inchangé"
    KEPT = "laisses", "Laissé tel quel"
    REFUSED = "non-importes", "Non importé"

    @property
    def plural(self) -> str:
        return _PLURALS.get(self, f"{self.label}s")


_PLURALS |= {LineOutcome.UPDATED: "Mis à jour", LineOutcome.KEPT: "Laissés tels quels"}
