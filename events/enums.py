"""The closed lists of the domain. Codes are stored and appear in addresses: they never change."""

from django.db.models import TextChoices

# The codes of two terms that the published figures count apart.
JOB_DATING = "job-dating"
GENDER_BALANCE = "mixite"


class Status(TextChoices):
    """Where an event stands; the labels are those the organizer reads."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Envoyé"
    CHANGES_REQUESTED = "changes_requested", "À compléter"
    LABELLED = "labelled", "Labellisé"
    REFUSED = "refused", "Refusé"
    WITHDRAWN = "withdrawn", "Label retiré"
    CANCELLED = "cancelled", "Annulé"
    MERGED = "merged", "Regroupé"

    @classmethod
    def sent(cls) -> list["Status"]:
        """Return those that a referent meets."""
        return [each for each in cls if each is not cls.DRAFT]

    @property
    def referent_label(self) -> str:
        return _REFERENT_LABELS.get(self, self.label)

    @property
    def tone(self) -> str:
        return _TONES.get(self, "neutral")


# The colour that says at a glance who is to act; the word always stands beside it.
_TONES = {
    Status.CHANGES_REQUESTED: "wait",
    Status.LABELLED: "good",
    Status.REFUSED: "bad",
    Status.WITHDRAWN: "bad",
    Status.CANCELLED: "bad",
}

_REFERENT_LABELS = {
    Status.SUBMITTED: "À examiner",
    Status.CHANGES_REQUESTED: "En attente de l’organisateur",
}


class Transition(TextChoices):
    """What was done to an event, as its history tells it."""

    SUBMIT = "submit", "Envoi"
    TAKE_BACK = "take_back", "Reprise de l’examen"
    REQUEST_CHANGES = "request_changes", "Demande de compléments"
    LABEL = "label", "Label accordé"
    REFUSE = "refuse", "Refus"
    UNDO = "undo", "Décision annulée"
    WITHDRAW = "withdraw", "Retrait du label"
    REINSTATE = "reinstate", "Remise à l’examen"
    MERGE = "merge", "Regroupement"
    CANCEL = "cancel", "Annulation"
    REOPEN = "reopen", "Rétablissement"
    DELETE = "delete", "Suppression"
    EDIT = "edit", "Modification"
    SEE = "see", "Modification vue"
    AMEND = "amend", "Modification proposée"
    ACCEPT_AMENDMENT = "accept_amendment", "Modification acceptée"
    REFUSE_AMENDMENT = "refuse_amendment", "Modification refusée"
    DROP_AMENDMENT = "drop_amendment", "Modification abandonnée"


class AmendmentState(TextChoices):
    """Where the proposal of a change to a labelled event stands."""

    OPEN = "open", "En attente"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    DROPPED = "dropped", "Abandonnée"
    # With the event: cancelled, merged, or its label withdrawn.
    CLOSED = "closed", "Sans suite"


class Rule(TextChoices):
    """The four rules of the label, then what a file needs to be complete."""

    DATES = "dates", "Dates"
    FREE = "free", "Gratuité"
    AUDIENCE = "audience", "Public"
    PURPOSE = "purpose", "Objet"
    PRESENTATION = "presentation", "Présentation"
    PLACE = "place", "Lieu"
    LINK = "link", "Lien de connexion"
    TERRITORY = "territory", "Territoire"
    ACCESS = "access", "Accès"
    CONTACT = "contact", "Contact"
    ATTENDANCE = "attendance", "Participants attendus"


class Verdict(TextChoices):
    PASSED = "passed", "Conforme"
    FAILED = "failed", "À corriger"
    NEEDS_REVIEW = "needs_review", "À vérifier par le référent"


class Audience(TextChoices):
    PUPILS = "scolaires", "Scolaires (collégiens, lycéens)"
    YOUTH = "jeunes", "Jeunes, apprentis"
    STUDENTS = "etudiants", "Étudiants"
    JOB_SEEKERS = "demandeurs-emploi", "Demandeurs d’emploi"
    EDUCATORS = "communaute-educative", "Communauté éducative"
    RECRUITERS = "professionnels-rh", "Professionnels des ressources humaines"
    EVERYONE = "grand-public", "Grand public"


class AttendanceMode(TextChoices):
    ONSITE = "sur-place", "Sur place"
    ONLINE = "en-ligne", "En ligne"
    MIXED = "mixte", "Sur place et en ligne"

    @property
    def has_place(self) -> bool:
        return self is not AttendanceMode.ONLINE

    @property
    def has_link(self) -> bool:
        return self is not AttendanceMode.ONSITE


class AccessMode(TextChoices):
    OPEN = "libre", "Entrée libre"
    REGISTRATION = "inscription", "Sur inscription"
    RESERVED = "reserve", "Réservé à un public précis"


class RegistrationKind(TextChoices):
    LINK = "lien", "Par un lien"
    EMAIL = "courriel", "Par courriel"
    PHONE = "telephone", "Par téléphone"
    FRANCE_TRAVAIL = "france-travail", "Auprès de France Travail"


class Accessibility(TextChoices):
    HEARING = "hi", "Handicap auditif"
    MIND = "ii", "Handicap intellectuel"
    SIGHT = "vi", "Handicap visuel"
    PSYCHIC = "pi", "Handicap psychique"
    MOBILITY = "mi", "Handicap moteur"


class Precision(TextChoices):
    """How exactly the point on the map is known."""

    ADDRESS = "address", "à l’adresse"
    STREET = "street", "à la rue"
    COMMUNE = "commune", "au centre de la commune"


class FollowUp(TextChoices):
    """What came of an event, as its organizer reports it."""

    INTERNSHIPS = "stages", "Des stages ou des immersions"
    APPLICATIONS = "candidatures", "Des candidatures"
    HIRINGS = "embauches", "Des embauches ou des contrats d’apprentissage"
    SCHOOLS = "ecole", "Un projet avec une école, un collège ou un lycée"
    VISITS = "visites", "D’autres visites prévues"


class PointSource(TextChoices):
    """Who says where the point is; without one it is the commune's centre."""

    ADDRESS_SERVICE = "ban", "Base adresse nationale"
    HAND = "hand", "placé à la main"


class Source(TextChoices):
    """Where an event comes from."""

    FORM = "form", "Formulaire"
    SPREADSHEET = "tableur", "Fichier de tableur"
    OPENAGENDA = "openagenda", "Fichier OpenAgenda"
    FRANCE_TRAVAIL = "travail", "Fichier France Travail"
    API = "api", "Logiciel de l’organisation"
    PRESS = "press", "Documents publics de l’État"
    EXAMPLE = "example", "Exemple"


class Stage(TextChoices):
    """The events whose organizers the national team may write to."""

    SENT = "envoyes", "Tous les événements envoyés"
    DRAFTS = "brouillons", "Les brouillons qui n’ont pas été envoyés"
    WAITING = "a-examiner", "Les événements qui attendent la réponse d’un référent"
    TO_COMPLETE = "a-completer", "Les événements à compléter"
    LABELLED = "labellises", "Les événements labellisés"
    UNREPORTED = "sans-bilan", "Les événements terminés dont le bilan manque"


class TermKind(TextChoices):
    SECTOR = "sector", "Filière"
    FORMAT = "format", "Nature"
    TOPIC = "topic", "Thème transversal"
