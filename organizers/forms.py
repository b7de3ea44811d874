from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from organizers import siret
from organizers.enums import MembershipRole, OrganizationKind
from organizers.models import Membership, Organization
from semaine.communes import resolve
from semaine.forms import PortalForm, PostalCodeField, TextField, required


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
