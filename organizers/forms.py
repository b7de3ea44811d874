from allauth.account import forms as account
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import slugify

from organizers import siret
from organizers.enums import MembershipRole, OrganizationKind
from organizers.models import Membership, Organization
from semaine.communes import resolve
from semaine.forms import PortalForm, PortalRenderer, PostalCodeField, TextField, required

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


class OrganizationForm(PortalForm):
    name = TextField(
        label="Nom de l’organisation",
        max_length=120,
        error_messages=required("Écrivez le nom de votre organisation."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=[("", "Choisissez…"), *OrganizationKind.choices],
        error_messages={
            "required": "Choisissez le type de votre organisation.",
            "invalid_choice": "« %(value)s » n’est pas dans la liste : choisissez-y un type.",
        },
    )
    siret = TextField(
        label="SIRET",
        max_length=40,
        required=False,
        help_text="14 chiffres, par exemple 552 081 317 66522.",
    )
    website = forms.URLField(
        label="Site internet",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={
            "invalid": "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr."
        },
    )
    postal_code = PostalCodeField(label="Code postal du siège", required=False)
    city = TextField(
        label="Commune du siège",
        max_length=60,
        required=False,
        help_text="Elle désigne le référent de vos événements en ligne.",
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_siret(self):
        number = siret.normalize(self.cleaned_data["siret"])
        if number and (message := siret.fault(number)):
            raise ValidationError(message)
        if number and Organization.objects.filter(siret=number).exclude(members=self.owner).exists():
            raise ValidationError(
                f"Une organisation est déjà inscrite avec le SIRET {number}. Écrivez à un de ses membres."
            )
        return number

    def clean(self):
        data = super().clean()
        self.headquarters = None
        if data.get("city"):
            try:
                self.headquarters = resolve(data["city"], data.get("postal_code", ""))
            except ValidationError as error:
                self.add_error("city", error)
        return data

    def save(self) -> Organization:
        """Create the organization, owned by its author; posted twice, it is the same one."""
        data = self.cleaned_data
        facts = {name: data[name] for name in ("name", "kind", "siret", "website")}
        facts["headquarters"] = self.headquarters
        if existing := Organization.objects.of(self.owner).filter(**facts).first():
            return existing
        organization = Organization.objects.create(slug=free_slug(data["name"]), **facts)
        Membership.objects.create(user=self.owner, organization=organization, role=MembershipRole.OWNER)
        return organization


def free_slug(name: str) -> str:
    """Return an address for a new organization, with a number when another bears the name."""
    slug = slugify(name)[:100] or "organisation"
    taken = set(Organization.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number = 2
    candidate = slug
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
