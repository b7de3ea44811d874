"""The mails about who is in an organization: one action, and why the mail was sent."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from organizers.enums import JoinState
from organizers.models import FormerOrganization, Invitation, JoinRequest, Membership, OfficeInvitation, User
from semaine import outbox
from semaine.dates import day_words, today
from semaine.text import NBSP, count


def tell_invited(invitation: Invitation, token: str) -> None:
    """Send the link, the only place that holds its token."""
    name = invitation.organization.name
    until = day_words(today(invitation.expires_at), year=True)
    write(
        invitation.email,
        f"Rejoignez « {name} » sur le site de la Semaine de l’industrie",
        f"{invitation.invited_by} vous invite à préparer les événements de « {name} » pour la Semaine de "
        f"l’industrie. L’invitation vaut jusqu’au {until} et sert une fois.",
        action="Répondre à l’invitation",
        url=reverse("invitation", args=[token]),
        why=f"Vous recevez ce message car un responsable de « {name} » a donné votre adresse. Si vous ne le "
        "connaissez pas, ne faites rien.",
        key=f"invitation-{invitation.pk}",
        at=invitation.created_at,
    )


def tell_invited_agent(invitation: OfficeInvitation, token: str) -> None:
    """Send the link, the only place that holds its token."""
    until = day_words(today(invitation.expires_at), year=True)
    write(
        invitation.email,
        "Examinez les événements de la Semaine de l’industrie",
        f"{invitation.invited_by} vous invite à examiner, au nom de « {invitation.office} », les événements de la "
        f"Semaine de l’industrie. L’invitation vaut jusqu’au {until} et sert une fois. Avant d’entrer, vous "
        "créerez un second facteur : une clé d’accès, ou une application de codes.",
        action="Répondre à l’invitation",
        url=reverse("agent_invitation", args=[token]),
        why="Vous recevez ce message car l’équipe nationale a donné votre adresse. Si vous n’êtes pas agent de "
        "l’État, ne faites rien.",
        key=f"agent-invitation-{invitation.pk}",
        at=invitation.created_at,
    )


def tell_owners(request: JoinRequest) -> None:
    organization = request.organization
    for owner in organization.memberships.owners().select_related("user").order_by("pk"):
        write(
            owner.user.email,
            f"Une personne demande à rejoindre « {organization} »",
            f"{_who(request.user)} demande à préparer avec vous les événements de « {organization} ».",
            message=request.message,
            action="Accepter ou refuser",
            url=reverse("organization_request", args=[organization.slug, request.pk]),
            why=f"Vous recevez ce message car vous êtes responsable de « {organization} ».",
            key=f"join-{request.pk}-{owner.pk}",
            at=request.created_at,
        )


def tell_requester(request: JoinRequest) -> None:
    organization = request.organization
    accepted = request.state == JoinState.ACCEPTED
    write(
        request.user.email,
        f"Votre demande pour rejoindre « {organization} » est {'acceptée' if accepted else 'refusée'}",
        f"Vous êtes maintenant membre de « {organization} » : vous pouvez préparer ses événements."
        if accepted
        else f"Un responsable de « {organization} » a refusé votre demande. Parlez-en avec votre organisation.",
        action="Ouvrir mon espace",
        url=reverse("organizations"),
        why=f"Vous recevez ce message car vous avez demandé à rejoindre « {organization} ».",
        key=f"join-answer-{request.pk}",
        at=request.answered_at,
    )


def tell_removed(member: Membership, at: datetime) -> None:
    organization = member.organization
    write(
        member.user.email,
        f"Vous n’êtes plus membre de « {organization} »",
        f"Un responsable de « {organization} » vous a retiré de ses membres. Ses événements restent à elle.",
        action="Ouvrir mon espace",
        url=reverse("organizations"),
        why=f"Vous recevez ce message car vous étiez membre de « {organization} ».",
        key=f"member-removed-{member.pk}",
        at=at,
    )


def tell_merged(former: FormerOrganization, owners: list[User], renamed: int) -> None:
    """Tell the owners of two organizations that they are one now; `renamed`: identifiers of files that changed."""
    kept = former.organization
    number = count(renamed, "identifiant de fichier servait", "identifiants de fichier servaient")
    clash = (
        f" {number} aux deux{NBSP}: relisez vos événements avant de renvoyer un fichier." if renamed else ""
    )
    for owner in owners:
        write(
            owner.email,
            f"« {former} » et « {kept} » ne font plus qu’une organisation",
            f"Un référent a constaté que « {former} » et « {kept} » sont la même organisation. Ses événements, ses "
            f"membres, ses imports et ses jetons sont maintenant réunis dans « {kept} », et les anciennes adresses y "
            f"mènent.{clash}",
            action="Voir l’organisation",
            url=reverse("organization", args=[kept.slug]),
            why=f"Vous recevez ce message car vous êtes responsable de « {kept} ». Si ce sont deux organisations "
            "différentes, écrivez tout de suite à votre référent.",
            key=f"organizations-merged-{former.pk}-{owner.pk}",
            at=former.at,
        )


def _who(user) -> str:
    return f"{user.name} ({user.email})" if user.name else user.email


def write(recipient, subject, sentence, *, action, url, why, key, at, message="") -> None:
    """Put a mail of one action in the outbox; `url` is a path of ours, `key` what it is told once under."""
    context = {
        "subject": subject,
        "sentence": sentence,
        "message": message,
        "action": action,
        "url": settings.SITE_URL + url,
        "why": why,
    }
    outbox.enqueue(
        recipient,
        subject[:250],
        render_to_string("emails/organization.txt", context),
        html=render_to_string("emails/organization.html", context),
        dedupe_key=key,
        at=at,
    )
