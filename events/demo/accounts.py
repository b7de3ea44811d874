"""The accounts of the demonstration, and where they act."""

import base64

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.utils.crypto import salted_hmac

from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership, Office, OfficeMembership, Organization, User

DEPARTMENT = "59"
REGION = "32"
ORGANIZER = "organizer@example.org"
# e-mail: name, what it may do, and its office
REFERENTS = {
    "referent.departement@example.org": (
        "Dominique Duval",
        "Référent du département (Nord)",
        {"kind": OfficeKind.DEPARTMENTAL, "department": DEPARTMENT},
    ),
    "referent.region@example.org": (
        "Claude Lambert",
        "Référent de la région (Hauts-de-France)",
        {"kind": OfficeKind.REGIONAL, "region": REGION},
    ),
    "referent.national@example.org": (
        "Camille Roux",
        "Référent national, administrateur du site",
        {"kind": OfficeKind.NATIONAL},
    ),
}


def load() -> None:
    """Create the demo's accounts that are missing, or give them back their password. Needs the offices."""
    _account(ORGANIZER, "Alix Moreau")
    for email, (name, _, seat) in REFERENTS.items():
        agent = _account(email, name, is_staff=True)
        OfficeMembership.objects.get_or_create(user=agent, office=Office.objects.get(**seat))
        if not agent.authenticator_set.filter(type=Authenticator.Type.TOTP).exists():
            totp.TOTP.activate(agent, secret())
    User.objects.filter(email="referent.national@example.org").update(is_superuser=True)


def table() -> str:
    """Return the accounts with their password, as French lines to read in a terminal."""
    rows = [(ORGANIZER, "Organisateur"), *((email, row[1]) for email, row in REFERENTS.items())]
    lines = [f"  {email:<34}{role}" for email, role in rows]
    lines += [
        "Les référents donnent aussi un code, qui change toutes les 30 secondes\u00a0: « make code » l’affiche.",
        f"Ou ajoutez cette clé à une application de codes\u00a0: {secret()}",
    ]
    return "\n".join([f"Comptes de démonstration (mot de passe\u00a0: {password()})", *lines])


def password() -> str:
    """Return the demo's password: the same at each start, and different on each installation.

    The national account rules the site, so that no password may stand in the code.
    """
    return f"demo-{salted_hmac('events.demo', 'password').hexdigest()[:12]}"


def secret() -> str:
    """Return what the demo's agents share with an application of codes: their second factor, 32 letters and digits."""
    return base64.b32encode(salted_hmac("events.demo", "second factor").digest()[:20]).decode()


def code() -> str:
    """Return the six digits that the application would show now."""
    now = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret(), now[len(now) // 2]))


def _account(email: str, name: str, **flags) -> User:
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name, **flags})
    # To set it again would end the sessions that are open.
    if not user.check_password(password()):
        user.set_password(password())
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def silent(email: str, name: str) -> User:
    """Return an account that writes events but cannot sign in and is sent no mail."""
    existing = User.objects.filter(email=email).first()
    return existing or User.objects.create_user(email, name=name, is_active=False)


def own(organization: Organization, user: User) -> None:
    Membership.objects.get_or_create(
        user=user, organization=organization, defaults={"role": MembershipRole.OWNER}
    )
