"""The forms of allauth in the portal's look and words, and the one of a person's own name and phone."""

import re

from allauth.account import forms as account
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from organizers.models import User
from semaine.forms import NameField, PortalForm, PortalRenderer, TextField

HOW_TO_CHOOSE = "12 caractères au moins, pas seulement des chiffres, ni un mot de passe courant."
WITHOUT_PASSWORD = f"{HOW_TO_CHOOSE} Sans mot de passe, un code vous viendra par courriel à chaque connexion."
LONGEST_EMAIL = 254
EMAIL_EXAMPLE = "par exemple prenom.nom@entreprise.fr"
# field: label, autocomplete, what to say when it is empty
WORDS = {
    "login": ("Adresse électronique", "email", "Écrivez votre adresse électronique."),
    "email": ("Adresse électronique", "email", "Écrivez votre adresse électronique."),
    "password": ("Mot de passe", "current-password", "Écrivez votre mot de passe."),
    "oldpassword": ("Mot de passe actuel", "current-password", "Écrivez votre mot de passe actuel."),
    "password1": ("Mot de passe", "new-password", "Choisissez un mot de passe."),
    "password2": ("Mot de passe, une seconde fois", "new-password", "Répétez le mot de passe."),
    "code": ("Code", "one-time-code", "Écrivez le code."),
    "name": ("Nom de la clé", "off", "Donnez un nom à la clé, par exemple « Mon téléphone »."),
}


def _short_enough(email: str) -> None:
    if len(email) > LONGEST_EMAIL:
        raise ValidationError(
            f"Cette adresse électronique compte {len(email)} caractères : gardez-en {LONGEST_EMAIL} au plus."
        )


class InOurLook:
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


class LoginForm(InOurLook, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Its link to a new password stands below the form.
        self.fields["password"].help_text = ""


class SignupForm(InOurLook, account.SignupForm):
    """No password before the address is proved: a stranger's would open the account of whoever proves it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["password1"]

    def try_save(self, request):
        """Make the account; where one waits at this address, not yet confirmed, it is that one.

        Whoever asked for it first has no more right to it than who asks now: the link of the mail decides.
        """
        found = User.objects.unconfirmed(self.cleaned_data["email"]) if self.account_already_exists else None
        return (found, None) if found else super().try_save(request)


class FirstPasswordForm(InOurLook, forms.Form):
    """The password of a new account, whose address is proved by now; it may do without."""

    password1 = account.PasswordField(
        label="", autocomplete="new-password", required=False, help_text=WITHOUT_PASSWORD
    )
    password2 = account.PasswordField(label="", autocomplete="new-password", required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if password:
            validate_password(password, self.user)
        return password

    def clean(self):
        data = super().clean()
        if not self.errors and data["password1"] != data["password2"]:
            self.add_error("password2", "Vous devez saisir deux fois le même mot de passe.")
        return data

    def save(self) -> None:
        if password := self.cleaned_data["password1"]:
            self.user.set_password(password)
            self.user.save(update_fields=["password"])


class ResetPasswordForm(InOurLook, account.ResetPasswordForm):
    pass


class NewPassword(InOurLook):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Nouveau mot de passe"
        self.fields["password1"].help_text = HOW_TO_CHOOSE


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    pass


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    pass


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    pass


class ReauthenticateForm(InOurLook, account.ReauthenticateForm):
    pass


class RequestLoginCodeForm(InOurLook, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(InOurLook, account.ConfirmLoginCodeForm):
    pass


class ChangeEmailForm(InOurLook, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse électronique"


class PhoneField(TextField):
    """A telephone number as people write it; the error repeats what was typed."""

    def __init__(self, **kwargs):
        widget = forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def validate(self, value):
        super().validate(value)
        digits = re.sub(r"[ \u00a0\u202f./()-]", "", value)
        if value and not re.fullmatch(r"\+?[0-9]{6,15}", digits):
            raise ValidationError(
                f"« {value} » n’est pas un numéro de téléphone : écrivez-le comme 01 23 45 67 89."
            )


class ProfileForm(PortalForm):
    name = NameField(
        label="Nom",
        max_length=100,
        required=False,
        help_text="Les référents le lisent. Le public ne le voit pas.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(label="Téléphone", required=False, help_text="Par exemple 01 23 45 67 89.")

    def save(self, person: User) -> None:
        person.name, person.phone = self.cleaned_data["name"], self.cleaned_data["phone"]
        person.save(update_fields=["name", "phone"])
