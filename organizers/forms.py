from allauth.account import forms as account
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from semaine.forms import PortalRenderer

HOW_TO_CHOOSE = "8 caractères au moins, pas seulement des chiffres, ni un mot de passe courant."
LONGEST_EMAIL = 254
EMAIL_EXAMPLE = "par exemple prenom.nom@entreprise.fr"


def _short_enough(email: str) -> None:
    if len(email) > LONGEST_EMAIL:
        raise ValidationError(
            f"Cette adresse électronique compte {len(email)} caractères : gardez-en {LONGEST_EMAIL} au plus."
        )


class _InOurLook:
    default_renderer = PortalRenderer
    required_css_class = "required"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, form_field in self.fields.items():
            form_field.widget.attrs.pop("placeholder", None)
            if name in WORDS:
                label, autocomplete, missing = WORDS[name]
                form_field.label = label
                form_field.widget.attrs["autocomplete"] = autocomplete
                form_field.error_messages["required"] = missing
            if isinstance(form_field, forms.EmailField):
                wrong = (
                    f"Cette adresse électronique n’est pas complète : écrivez-la en entier, {EMAIL_EXAMPLE}."
                )
                form_field.error_messages["invalid"] = wrong
                form_field.validators = [EmailValidator(wrong), _short_enough]


WORDS = {
    "login": ("Adresse électronique", "email", "Écrivez votre adresse électronique."),
    "email": ("Adresse électronique", "email", "Écrivez votre adresse électronique."),
    "password": ("Mot de passe", "current-password", "Écrivez votre mot de passe."),
    "password1": ("Mot de passe", "new-password", "Choisissez un mot de passe."),
    "password2": ("Mot de passe, une seconde fois", "new-password", "Répétez le mot de passe."),
}


class LoginForm(_InOurLook, account.LoginForm):
    pass


class SignupForm(_InOurLook, account.SignupForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HOW_TO_CHOOSE


class ResetPasswordForm(_InOurLook, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_InOurLook, account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = HOW_TO_CHOOSE
