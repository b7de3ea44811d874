"""The forms of passkeys and of the second factor; apart from the others, for they need allauth's models."""

import struct
from collections.abc import Callable

from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizers import log
from organizers.account_forms import InOurLook
from organizers.enums import LogKind
from organizers.models import User

SIX_DIGITS = "Les 6 chiffres que votre application affiche en ce moment."

UNKNOWN_KEY = "Cette clé n’a pas été reconnue. Réessayez, ou connectez-vous autrement."
# What the library that reads a key's answer stumbles over when parts of it are missing or of another kind.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


def _read(answer: Callable):
    """Return what a key answered; say in words of keys that it is wrong, where allauth speaks of a code."""
    try:
        return answer()
    except ValidationError as error:
        if error.code != "incorrect_code":
            raise
    except MALFORMED:
        pass
    raise ValidationError(UNKNOWN_KEY)


class KeyForm(InOurLook):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages = {"required": UNKNOWN_KEY, "invalid": UNKNOWN_KEY}


class AddKeyForm(KeyForm, webauthn.AddWebAuthnForm):
    hide_optional = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        self.fields["name"].help_text = "Pour la reconnaître, par exemple « Mon téléphone »."
        alone = self.fields["passwordless"]
        alone.label = "Me connecter avec cette clé seule, sans mot de passe"
        alone.help_text = "Elle vous demandera votre code ou votre empreinte."
        alone.initial = True

    def clean(self):
        return _read(super().clean)


class RenameKeyForm(InOurLook, webauthn.EditWebAuthnForm):
    pass


class ShownKeyForm(KeyForm):
    """A key that is shown to come in: one that an agent is refused is in the log."""

    refused = LogKind.FACTOR_FAILED

    def clean_credential(self):
        try:
            return _read(super().clean_credential)
        except ValidationError:
            person = self.user or _claimed(self.cleaned_data["credential"])
            if person and log.concerns(person):
                log.write(self.refused, at=timezone.now(), by=None, person=person, detail="clé d’accès")
            raise


class LoginKeyForm(ShownKeyForm, webauthn.LoginWebAuthnForm):
    refused = LogKind.SIGN_IN_FAILED


class SecondFactorKeyForm(ShownKeyForm, webauthn.AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(ShownKeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass


def _claimed(credential) -> User | None:
    """Return the person whose key a program says that it shows; it may lie, as may who types an address."""
    try:
        return extract_user_from_response(credential)
    except (ValidationError, *MALFORMED):
        return None


class SecondFactorForm(InOurLook, factor.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = f"{SIX_DIGITS} Ou un de vos codes de secours."


class SecondFactorAgainForm(InOurLook, factor.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = f"{SIX_DIGITS} Ou un de vos codes de secours."


class ActivateAppForm(InOurLook, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = SIX_DIGITS
