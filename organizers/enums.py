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
