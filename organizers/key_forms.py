"""The forms of passkeys and of the second factor; apart from the others, for they need allauth's models."""

from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from organizers.account_forms import InOurLook

SIX_DIGITS = "Les 6 chiffres que votre application affiche en ce moment."


class AddKeyForm(InOurLook, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        self.fields["name"].help_text = "Pour la reconnaître, par exemple « Mon téléphone »."
        alone = self.fields["passwordless"]
        alone.label = "Me connecter avec cette clé seule, sans mot de passe"
        alone.help_text = "Elle vous demandera votre code ou votre empreinte."
        alone.initial = True


class RenameKeyForm(InOurLook, webauthn.EditWebAuthnForm):
    pass


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
