"""What a person wrote and did on the portal besides their own events: part of `events.personal_data`.

Whom it concerned is somebody else, and not told.
"""

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from events.models import Amendment, AttendanceReport, FiguresSnapshot, Note, OrganizerMessage
from organizers.models import (
    ApiToken,
    FormerOrganization,
    Invitation,
    JoinRequest,
    OfficeInvitation,
    OfficeMembership,
    User,
)


def personal_work(person: User, addresses: set[str]) -> dict:
    """Return it by section, as `personal_data` does; `addresses`: those known to be theirs. Fourteen queries."""
    return {
        "modifications_proposees": [
            {
                "evenement": each.event.title,
                "le": each.at,
                "etat": each.get_state_display(),
                "changements": each.changes,
            }
            for each in Amendment.objects.filter(by=person).select_related("event").order_by("pk")
        ],
        "bilans": [
            {
                "evenement": each.event.title,
                "personnes_venues": each.total,
                "commentaire": each.comment,
                "modifie_le": each.updated_at,
            }
            for each in AttendanceReport.objects.filter(by=person).select_related("event").order_by("pk")
        ],
        "notes_internes": [
            {"evenement": each.event.title, "note": each.text, "le": each.at}
            for each in Note.objects.filter(by=person).select_related("event").order_by("pk")
        ],
        "messages_aux_organisateurs": [
            {
                "objet": each.subject,
                "texte": each.text,
                "ecrit_le": each.created_at,
                "envoye_le": each.sent_at,
            }
            for each in OrganizerMessage.objects.filter(Q(created_by=person) | Q(sent_by=person)).order_by(
                "pk"
            )
        ],
        "invitations_dans_un_service": [
            {"service": each.office.name, "adresse": each.email, "envoyee_le": each.created_at}
            for each in OfficeInvitation.objects.for_addresses(addresses)
            .select_related("office")
            .order_by("pk")
        ],
        "administration": [
            {"quoi": each.get_action_flag_display(), "sur": f"{each.content_type}", "le": each.action_time}
            for each in LogEntry.objects.filter(user=person).select_related("content_type").order_by("pk")
        ],
        "autres_gestes": _others(person),
    }


def _others(person: User) -> list[dict]:
    """What leaves no more than a name beside a date."""
    kinds = [
        ("Invitation envoyée", Invitation.objects.filter(invited_by=person), "created_at"),
        (
            "Invitation dans un service envoyée",
            OfficeInvitation.objects.filter(invited_by=person),
            "created_at",
        ),
        ("Réponse à une demande", JoinRequest.objects.filter(answered_by=person), "answered_at"),
        ("Jeton révoqué", ApiToken.objects.filter(revoked_by=person), "revoked_at"),
        ("Organisations regroupées", FormerOrganization.objects.filter(by=person), "at"),
        ("Chiffres relevés", FiguresSnapshot.objects.filter(by=person), "taken_at"),
        ("Remplacement d’un collègue", OfficeMembership.objects.filter(deputy=person), "absent_from"),
    ]
    return [
        {"quoi": words, "le": moment}
        for words, rows, column in kinds
        for moment in rows.order_by(column, "pk").values_list(column, flat=True)
    ]
