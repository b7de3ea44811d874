"""How a person signs in, in the tests that do not go through the page for it."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from organizers.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, person: User, *, factor: str = Authenticator.Type.TOTP) -> Client:
    """Open a session of this person, as after the sign-in page and the second step; return the client.

    `factor`: the kind of second factor that the session has used.
    """
    client.force_login(person)
    used = person.authenticator_set.filter(type=factor).first() or with_factor(person, factor)
    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "email": person.email},
        {"method": "mfa", "at": time.time(), "id": used.pk, "type": used.type},
    ]
    session.save()
    return client


def with_factor(person: User, factor: str = Authenticator.Type.TOTP) -> Authenticator:
    """Give a person a second factor, which no session has used yet."""
    if factor == Authenticator.Type.TOTP:
        return TOTP.activate(person, SECRET).instance
    return Authenticator.objects.create(user=person, type=factor, data={})


def digits(secret: str = SECRET, step: int = 0) -> str:
    """The code before the present one, the present one, or the next: each serves once."""
    return f"{hotp_value(secret, list(yield_hotp_counters_from_time())[step]):06d}"
