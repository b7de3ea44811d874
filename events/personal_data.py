"""What the portal knows of a person, for that person (GDPR, articles 15 and 20)."""

from datetime import datetime

from django.db.models import Q

from events.enums import Transition
from events.models import Decision, Event, EventImport
from events.personal_work import personal_work
from organizers.accounts import ACCOUNT_MAIL
from organizers.models import ApiToken, Invitation, LogLine, User
from organizers.permissions import verified_addresses
from semaine import outbox
from semaine.models import OutboxMessage


def personal_data(person: User, *, at: datetime) -> dict:
    """Return it as JSON can hold it: nothing of anybody else, no secret. Keys in French, for who reads the file."""
    addresses = {person.email, *verified_addresses(person)}
    return {
        "fait_le": at,
        "compte": _account(person),
        "connexions": [
            {"appareil": each.device, "ouverte_le": each.began_at} for each in person.open_sessions.all()
        ],
        "organisations": [_membership(each) for each in person.memberships.select_related("organization")],
        "services_de_l_etat": [
            _office(each) for each in person.office_memberships.select_related("office").order_by("pk")
        ],
        "demandes_pour_rejoindre": [_request(each) for each in _requests(person)],
        "invitations_recues": [_invitation(each) for each in _invitations(addresses)],
        "evenements_crees": [_event(each) for each in _events(person)],
        "contact_d_evenements": [_contact(each) for each in _contacts(person)],
        "imports": [_import(each) for each in _imports(person)],
        "jetons_crees": [_token(each) for each in _tokens(person)],
        "decisions": [_decision(each) for each in _decisions(person)],
        **personal_work(person, addresses),
        "journal_des_acces": [
            {"quoi": each.get_kind_display(), "le": each.at, "detail": each.detail}
            for each in LogLine.objects.filter(Q(person=person) | Q(by=person)).order_by("at", "pk")
        ],
        "courriels": [_mail(each) for each in outbox.written_to(addresses).order_by("pk")],
    }


def _account(person: User) -> dict:
    return {
        "nom": person.name,
        "telephone": person.phone,
        "resume_du_matin": person.wants_digest,
        "inscription": person.date_joined,
        "derniere_connexion": person.last_login,
        "adresses": [
            {"adresse": each.email, "confirmee": each.verified, "principale": each.primary}
            for each in person.emailaddress_set.order_by("pk")
        ],
        "seconds_facteurs": [
            {"type": each.type, "ajoute_le": each.created_at, "dernier_usage": each.last_used_at}
            for each in person.authenticator_set.order_by("pk")
        ],
        "proconnect": [
            {"identifiant": each.uid, "relie_le": each.date_joined}
            for each in person.socialaccount_set.order_by("pk")
        ],
    }


def _membership(each) -> dict:
    return {
        "organisation": each.organization.name,
        "siret": each.organization.siret,
        "role": each.get_role_display(),
    }


def _office(each) -> dict:
    return {
        "service": each.office.name,
        "en_fonction": each.is_active,
        "absent_du": each.absent_from,
        "absent_jusqu_au": each.absent_until,
    }


def _requests(person: User):
    return person.join_requests.select_related("organization").order_by("pk")


def _request(each) -> dict:
    return {
        "organisation": each.organization.name,
        "message": each.message,
        "etat": each.get_state_display(),
        "envoyee_le": each.created_at,
        "repondue_le": each.answered_at,
    }


def _invitations(addresses: set[str]):
    return Invitation.objects.for_addresses(addresses).select_related("organization").order_by("pk")


def _invitation(each: Invitation) -> dict:
    return {
        "organisation": each.organization.name,
        "adresse": each.email,
        "role": each.get_role_display(),
        "envoyee_le": each.created_at,
        "acceptee_le": each.accepted_at,
        "retiree_le": each.withdrawn_at,
    }


def _contacts(person: User):
    return Event.objects.whose_contact_is(person).select_related("edition").order_by("pk")


def _contact(event: Event) -> dict:
    return {
        "titre": event.title,
        "edition": event.edition.year,
        "nom": event.contact_name,
        "courriel": event.contact_email,
        "telephone": event.contact_phone,
    }


def _imports(person: User):
    rows = EventImport.objects.filter(created_by=person)
    return (
        rows.select_related("organization")
        .only("file_name", "created_at", "organization__name")
        .order_by("pk")
    )


def _import(each: EventImport) -> dict:
    return {
        "fichier": each.file_name,
        "organisation": each.organization.name,
        "recu_le": each.created_at,
    }


def _tokens(person: User):
    return ApiToken.objects.filter(issued_by=person).select_related("organization").order_by("pk")


def _token(each: ApiToken) -> dict:
    return {
        "usage": each.name,
        "organisation": each.organization.name,
        "cree_le": each.issued_at,
        "dernier_usage": each.last_used_at,
        "revoque_le": each.revoked_at,
    }


def _events(person: User):
    return Event.objects.filter(created_by=person).select_related("organization", "edition").order_by("pk")


def _event(event: Event) -> dict:
    return {
        "titre": event.title,
        "edition": event.edition.year,
        "organisation": event.organization.name,
        "statut": event.get_status_display(),
        "numero_de_label": event.label_number,
        "resume": event.summary,
        "description": event.description,
        "contact_public": event.public_contact,
        "inscription": event.registration_value,
        "partenaires": event.partners,
        "auteur_de_l_image": event.image_credit,
    }


def _decisions(person: User):
    return Decision.objects.filter(by=person).select_related("event").order_by("at", "pk")


def _decision(decision: Decision) -> dict:
    return {
        "evenement": decision.event.title,
        "decision": Transition(decision.transition).label,
        "le": decision.at,
        "commentaire": decision.comment,
        "remarques": decision.field_comments,
    }


def _mail(message: OutboxMessage) -> dict:
    # A code or a link to a new password must not come out of an open session.
    secret = message.dedupe_key.startswith(ACCOUNT_MAIL)
    return {
        "objet": message.subject,
        "texte": "" if secret else message.text,
        "ecrit_le": message.created_at,
        "envoye_le": message.sent_at,
    }
