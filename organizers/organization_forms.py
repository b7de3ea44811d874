"""The forms that describe an organization. Nothing but its name and its type is needed."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from organizers import membership, siret
from organizers.companies import Company
from organizers.enums import OrganizationKind
from organizers.models import FormerOrganization, Organization
from semaine.communes import resolve
from semaine.forms import NameField, PortalForm, PostalCodeField, TextField, required
from semaine.models import Commune

NAF = re.compile(r"([0-9]{2})\.?([0-9]{2}[A-Z])")


class NafField(TextField):
    """The code of an activity, in capitals and with its dot."""

    def __init__(self, **kwargs):
        super().__init__(max_length=10, required=False, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        written = NAF.fullmatch("".join(text.split()).upper())
        if text and not written:
            raise ValidationError(f"« {text} » n’est pas un code NAF : il s’écrit comme 24.51Z.")
        return ".".join(written.groups()) if written else ""


class SiretForm(PortalForm):
    """The first step of a new organization: which establishment, if it has a number."""

    siret = TextField(
        label="SIRET",
        max_length=40,
        required=False,
        help_text="14 chiffres, par exemple 552 081 317 66522.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    taken = None  # the organization that has this SIRET already

    def others(self):
        return Organization.objects.all()

    def clean_siret(self):
        number = siret.normalize(self.cleaned_data["siret"])
        if number and (message := siret.fault(number)):
            raise ValidationError(message)
        self.taken = self.others().with_siret(number).first() if number else None
        if self.taken:
            raise ValidationError(
                f"Une organisation est déjà inscrite avec le SIRET {number} : demandez à la rejoindre."
            )
        return number


class OrganizationForm(SiretForm):
    """What an organization is; `organization` is the one that changes, none when it is new."""

    name = NameField(
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
    address = TextField(
        label="Numéro et rue du siège",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = PostalCodeField(label="Code postal du siège", required=False)
    city = TextField(
        label="Commune du siège",
        max_length=60,
        required=False,
        help_text="Elle désigne le référent de vos événements en ligne.",
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    naf_rev2 = NafField(label="Code d’activité (NAF rév. 2)", help_text="Par exemple 24.51Z.")
    naf_2025 = NafField(label="Code d’activité (NAF 2025)", help_text="Le nouveau code, à partir de 2027.")

    def __init__(self, *args, by, organization: Organization | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.organization = by, organization

    def others(self):
        # Posted twice, a new organization is its author's already.
        if self.organization is None:
            return Organization.objects.exclude(members=self.by)
        return Organization.objects.exclude(pk=self.organization.pk)

    def clean(self):
        data = super().clean()
        data["headquarters"] = None
        if data.get("city"):
            try:
                data["headquarters"] = resolve(data["city"], data.get("postal_code", ""))
            except ValidationError as error:
                self.add_error("city", error)
        return data

    @property
    def values(self) -> dict:
        """Return the description, by the names of the organization's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "city"}

    def alike(self):
        """The organizations of a similar name that are not the author's, the nearest first."""
        seat = self.cleaned_data["headquarters"]
        others = Organization.objects.exclude(members=self.by)
        return list(others.alike(self.cleaned_data["name"], seat and seat.department))

    def save(self) -> Organization:
        """Create the organization, owned by its author; posted twice, it is the same one."""
        if existing := Organization.objects.of(self.by).filter(**self.values).first():
            return existing
        slug = free_slug(self.cleaned_data["name"])
        return membership.found(Organization(slug=slug, **self.values), by=self.by)

    @staticmethod
    def initial_of(organization: Organization) -> dict:
        """Return the form's values for an organization that exists."""
        names = [name for name in OrganizationForm.base_fields if hasattr(organization, name)]
        seat = organization.headquarters
        return {name: getattr(organization, name) for name in names} | {"city": seat.name if seat else ""}


def prefilled(company: Company) -> dict:
    """Return the form's values for an establishment of the company register."""
    commune = Commune.objects.select_related("parent").filter(pk=company.commune_code).first()
    # Paris, and not its arrondissement.
    city = (commune.parent or commune).name if commune else company.city
    values = {name: getattr(company, name, "") for name in OrganizationForm.base_fields}
    return {name: value for name, value in values.items() if value} | ({"city": city} if city else {})


def free_slug(name: str) -> str:
    """Return an address for a new organization, with a number when another bears the name."""
    slug = slugify(name)[:100] or "organisation"
    # The address of one that was merged still leads somewhere.
    known = (Organization.objects, FormerOrganization.objects)
    taken = {
        each for rows in known for each in rows.filter(slug__startswith=slug).values_list("slug", flat=True)
    }
    number = 2
    candidate = slug
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
