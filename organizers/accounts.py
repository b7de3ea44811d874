"""How allauth fits in: its mails go through the outbox like all others, its messages are in our words."""

import logging
import uuid
from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from requests import RequestException

from organizers import log, sessions
from organizers.account_mails import ANYBODY_ASKS, MAILS
from organizers.enums import LogKind
from organizers.models import User
from semaine import outbox, outgoing

logger = logging.getLogger(__name__)

# What the provider signed at the sign-in; it is shown again at the sign-out (OpenID Connect RP-Initiated Logout).
ID_TOKEN = "proconnect_id_token"  # noqa: S105 - a key of the session
# Bytes of one answer of the provider: a description, keys, a token, or what it says of somebody.
LONGEST_ANSWER = 1 << 18
# How the keys of these mails begin: their texts hold codes and links that sign in.
ACCOUNT_MAIL = "account-"
# Seconds that a session lasts which only keeps what somebody typed without one.
UNTIL_SIGN_IN = 3600
OTHER_WAYS = "Connectez-vous avec votre adresse électronique, ou réessayez dans quelques minutes."
WRONG_CODE = "Ce code n’est pas le bon. Vérifiez-le, ou demandez-en un autre."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
        "email_taken": "Un compte existe déjà avec cette adresse.",
        "too_many_login_attempts": "Trop d’essais. Attendez quelques minutes avant de réessayer.",
        "rate_limited": "Trop de demandes. Attendez quelques minutes avant de réessayer.",
    }

    def get_reauthentication_methods(self, user):
        """Say how one proves who one is: once there is a second factor, with it, and no more with the password alone.

        Else a password would be enough to add a factor, or to read the recovery codes. Without an application, the
        passkey comes first.
        """
        ways = super().get_reauthentication_methods(user)
        factors = [each for each in ways if each["id"] != "reauthenticate"]
        has_app = (
            user.is_authenticated and user.authenticator_set.filter(type=Authenticator.Type.TOTP).exists()
        )
        return (factors if has_app else factors[::-1]) or ways

    def send_mail(self, template_prefix, email, context):
        """Write the mail to the outbox: it waits there while the mail server is down."""
        words, at = MAILS[template_prefix], timezone.now()
        context = {"words": words, "url": context.get(words.link, ""), "code": context.get("code", "")}
        outbox.enqueue(
            email,
            words.subject,
            render_to_string("emails/account.txt", context),
            html=render_to_string("emails/account.html", context),
            dedupe_key=ACCOUNT_MAIL + _name_of_mail(template_prefix, email, at),
            at=at,
        )

    def login(self, request, user):
        """Sign in; a session that kept what was typed before lasts as long as any other from now on."""
        super().login(request, user)
        sessions.begin(request, user, at=timezone.now())
        if request.session.get("_session_expiry") == UNTIL_SIGN_IN:
            request.session.set_expiry(None)
        if log.concerns(user):
            log.write(LogKind.SIGNED_IN, at=timezone.now(), by=user, person=user)

    def authentication_failed(self, request, **credentials):
        person = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if person and log.concerns(person):
            log.write(LogKind.SIGN_IN_FAILED, at=timezone.now(), by=None, person=person)

    def logout(self, request):
        """End the session, but for what the provider needs to end its own."""
        token = request.session.get(ID_TOKEN)
        super().logout(request)
        if token:
            request.session[ID_TOKEN] = token

    def get_logout_redirect_url(self, request):
        if request.session.get(ID_TOKEN):
            return reverse("proconnect_logout")
        return super().get_logout_redirect_url(request)


def _name_of_mail(template_prefix: str, email: str, at) -> str:
    """Return the rest of a mail's key. What anybody can have written to an address goes out once an hour."""
    if template_prefix not in ANYBODY_ASKS:
        return str(uuid.uuid4())
    return sha256(f"{template_prefix} {email.lower()} {at:%Y-%m-%d %H}".encode()).hexdigest()


class KeysAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "unverified_email": (
            "Confirmez d’abord votre nouvelle adresse électronique, ou abandonnez le changement d’adresse."
        ),
        "cannot_generate_recovery_codes": (
            "Les codes de secours accompagnent une clé d’accès ou une application : ajoutez-en une d’abord."
        ),
    }

    def generate_authenticator_name(self, user, type):
        return "Ma clé"

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": "Semaine de l’industrie"}


class ProviderAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "Choisissez d’abord un mot de passe : sans lui ni ProConnect, votre compte serait fermé.",
    }

    def generate_state_param(self, state):
        # ProConnect wants 32 characters at least.
        return get_random_string(43)

    def get_requests_session(self):
        """By the one door to services outside."""
        return outgoing.Session(seconds=settings.SOCIALACCOUNT_REQUESTS_TIMEOUT, at_most=LONGEST_ANSWER)

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.email = (data.get("email") or "").lower()
        user.name = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))[:100]
        return user

    def get_connect_redirect_url(self, request, socialaccount):
        return reverse("account")

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """Lead back to the other ways to sign in, with a sentence instead of a page of its own."""
        if error == AuthError.CANCELLED:
            sentence = f"Vous avez quitté {provider.name} sans vous connecter."
        elif isinstance(exception, RequestException):
            sentence = f"{provider.name} ne répond pas. {OTHER_WAYS}"
        else:
            logger.warning("%s refused: %s", provider.id, exception or "no such sign-in in this session")
            sentence = (
                f"La réponse de {provider.name} n’est pas valable : vous n’êtes pas connecté. {OTHER_WAYS}"
            )
        messages.error(request, sentence)
        raise ImmediateHttpResponse(redirect("account_login"))
