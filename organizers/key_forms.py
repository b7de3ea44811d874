"""The forms of passkeys and of the second factor; apart from the others, for they need allauth's models."""

import struct
from collections.abc import Callable

from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError

from organizers.account_forms import InOurLook

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


class LoginKeyForm(KeyForm, webauthn.LoginWebAuthnForm):
    def clean_credential(self):
        return _read(super().clean_credential)


class SecondFactorKeyForm(KeyForm, webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self):
        return _read(super().clean_credential)


class KeyAgainForm(KeyForm, webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self):
        return _read(super().clean_credential)


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
