"""Deleting an account: the row stays, for the log names it, and says nothing of the person any more."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from organizers import log
from organizers.enums import LogKind
from organizers.models import Invitation, OfficeInvitation, OfficeMembership, Organization, User
from organizers.permissions import verified_addresses
from semaine import outbox

ERASED_NAME = "Compte supprimé"


class StillNeeded(Exception):
    """An organization would be left without an owner."""


@transaction.atomic
def erase(person: User, *, at: datetime) -> None:
    """Anonymise a person; raise StillNeeded when an organization would be left without an owner.

    Effects: name, phone, address, password, passkeys and other factors, links to identity providers, sessions, the
    memberships of organizations and offices, what they asked for or were invited to and the mails written to them
    go; an organization of theirs that has nobody else and nothing goes too. What they made and decided stays, under
    « Compte supprimé ».
    """
    User.objects.select_for_update().get(pk=person.pk)
    # Locked, so that two owners do not go at the same moment, each counting on the other.
    own = [each.pk for each in Organization.objects.of(person).order_by("pk").select_for_update()]
    if Organization.objects.only_owned_by(person).exists():
        raise StillNeeded
    for member in person.office_memberships.filter(is_active=True):
        log.write(LogKind.AGENT_SUSPENDED, at=at, by=person, person=person, office=member.office)
    # Those that are known to be theirs: anybody may write another's into an account.
    addresses = {person.email, *verified_addresses(person)}
    outbox.written_to(addresses).delete()
    for rows in (
        person.memberships,
        person.join_requests,
        person.office_memberships,
        person.emailaddress_set,
        person.authenticator_set,
        person.socialaccount_set,
    ):
        rows.all().delete()
    for invitations in (Invitation, OfficeInvitation):
        invitations.objects.for_addresses(addresses).delete()
    OfficeMembership.objects.filter(deputy=person).update(deputy=None)
    Organization.objects.filter(pk__in=own, memberships=None, events=None).delete()
    _end_sessions(person, at)
    _forget(person)


def _forget(person: User) -> None:
    person.email = f"compte-supprime-{person.pk}@supprime.invalid"
    person.name, person.phone = ERASED_NAME, ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.set_unusable_password()
    person.groups.clear()
    person.user_permissions.clear()
    person.save()


def _end_sessions(person: User, at: datetime) -> None:
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()
