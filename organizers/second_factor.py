"""The second factor of who works for the State: was one used in this session, and where is it asked for?"""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse

# A working day: asked for once in the morning, and a session left open is worth nothing the next day.
HOLDS = timedelta(hours=12)
# Where the person was going when they were led to set up their factor; a key of the session.
ONWARD = "second_factor_onward"

SET_UP = (
    "L’examen des événements demande un second facteur. Ajoutez une clé d’accès ou reliez une application : "
    "c’est à faire une fois."
)
GIVE = "L’examen des événements demande votre second facteur, une fois par jour."


def is_used(request, at: datetime) -> bool:
    """Did this session see, within a working day, a factor that the person still has? One query per request."""
    if not hasattr(request, "second_factor_used"):
        request.second_factor_used = _is_used(request, at)
    return request.second_factor_used


def _is_used(request, at: datetime) -> bool:
    since = (at - HOLDS).timestamp()
    records = get_authentication_records(request, request.user)
    # A passkey that signed in alone is recorded the same way, and so is a recovery code.
    seen = [each["id"] for each in records if each["method"] == "mfa" and each["at"] > since]
    return bool(seen) and request.user.authenticator_set.filter(pk__in=seen).exists()


def way(request, there: str) -> tuple[str, str]:
    """Return the address that asks for the factor, or where one is set up, and a sentence that says why.

    `there`: where the person was going, an address of ours. Who sets up a factor goes there after several pages,
    so that the session keeps it.
    """
    if request.user.authenticator_set.exists():
        asked = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
        return f"{asked}?{urlencode({REDIRECT_FIELD_NAME: there})}", GIVE
    request.session[ONWARD] = there
    return reverse("mfa_index"), SET_UP


def onward(request, at: datetime) -> str:
    """Return where the person was going, once their factor is set up; else nothing."""
    there = request.session.get(ONWARD, "")
    return there if there and is_used(request, at) else ""
