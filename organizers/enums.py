from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    COMPANY = "entreprise", "Entreprise"
    SCHOOL = "scolaire", "Établissement scolaire ou supérieur"
    TRAINING = "formation", "CFA, organisme de formation"
    EMPLOYMENT = "emploi", "Service public de l’emploi"
    CHAMBER = "consulaire", "Chambre consulaire"
    FEDERATION = "federation", "Fédération, syndicat professionnel"
    LOCAL = "collectivite", "Collectivité territoriale"
    ASSOCIATION = "association", "Association"
    STATE = "etat", "Service de l’État"
    OTHER = "autre", "Autre"


class MembershipRole(TextChoices):
    OWNER = "owner", "Responsable"
    EDITOR = "editor", "Rédacteur"


class JoinState(TextChoices):
    PENDING = "pending", "En attente"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"


class OfficeKind(TextChoices):
    NATIONAL = "national", "National"
    REGIONAL = "regional", "Régional"
    DEPARTMENTAL = "departmental", "Départemental"


class LogKind(TextChoices):
    """What the log of access keeps."""

    SIGNED_IN = "signed_in", "Connexion"
    SIGN_IN_FAILED = "sign_in_failed", "Connexion refusée"
    FACTOR_USED = "factor_used", "Second facteur donné"
    FACTOR_FAILED = "factor_failed", "Second facteur refusé"
    FACTOR_ADDED = "factor_added", "Second facteur ajouté"
    FACTOR_REMOVED = "factor_removed", "Second facteur retiré"
    AGENT_ADDED = "agent_added", "Agent ajouté à un service"
    AGENT_SUSPENDED = "agent_suspended", "Agent mis en retrait d’un service"
    AGENT_BACK = "agent_back", "Agent de retour dans un service"
    STAFF_GIVEN = "staff_given", "Accès à l’examen donné"
    STAFF_TAKEN = "staff_taken", "Accès à l’examen retiré"
    ACCOUNT_OPENED = "account_opened", "Compte rouvert"
    ACCOUNT_CLOSED = "account_closed", "Compte fermé"
    INVITED = "invited", "Invitation envoyée"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation retirée"
