"""The form by which an organizer proposes an event. It checks shapes; `eligibility` judges, `workflow` decides."""

import re
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from events.enums import (
    Accessibility,
    AccessMode,
    AttendanceMode,
    Audience,
    RegistrationKind,
    TermKind,
)
from events.models import Event, Term
from semaine.communes import resolve
from semaine.forms import CountField, PortalForm, PostalCodeField, TextField, VersionField, required

PHONE = re.compile(r"\+?[ .()/-]*([0-9][ .()/-]*){4,15}")
EMAIL_WRONG = "« {} » n’est pas une adresse électronique : écrivez-la comme contact@exemple.fr."
LINK_WRONG = "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr/page."


# What a draft may leave empty, and the label asks.
FOR_LABEL = ("summary", "city", "audience_codes", "is_free", "access_mode", "contact_email")


def _checkboxes(**kwargs):
    return forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "« %(value)s » n’est pas dans la liste : cochez une case."},
        **kwargs,
    )


def _one_of(choices, **kwargs):
    return forms.ChoiceField(
        choices=choices,
        error_messages={
            "invalid_choice": "« %(value)s » n’est pas dans la liste : choisissez-y une valeur.",
            "required": "Choisissez une réponse.",
        },
        **kwargs,
    )


def _terms(kind: TermKind):
    return lambda: Term.objects.choices(kind)


def _formats():
    return [("", "Choisissez…"), *Term.objects.choices(TermKind.FORMAT)]


def _text(label, max_length, *, autocomplete="off", rows=0, required=False, **kwargs):
    attrs = {"autocomplete": autocomplete}
    widget = forms.Textarea(attrs | {"rows": rows}) if rows else forms.TextInput(attrs)
    return TextField(label=label, max_length=max_length, required=required, widget=widget, **kwargs)


class KeyField(forms.Field):
    """The key of a creation; one that cannot be read is as good as none."""

    widget = forms.HiddenInput

    def to_python(self, value) -> UUID | None:
        try:
            return UUID(str(value))
        except ValueError:
            return None


class EventForm(PortalForm):
    key = KeyField(required=False, initial=uuid4)
    version = VersionField(required=False)

    title = _text(
        "Titre",
        140,
        required=True,
        help_text="Par exemple : Visite des ateliers de la fonderie.",
        error_messages=required("Écrivez un titre : il désigne votre événement partout."),
    )
    format_code = _one_of(_formats, label="Nature", required=False)
    summary = _text("Résumé", 200, rows=2, help_text="Une ou deux phrases, 200 caractères au plus.")
    description = _text(
        "Description",
        10_000,
        rows=8,
        help_text="Le déroulement, les métiers présentés. Listes et **gras** sont possibles.",
    )
    sector_codes = _checkboxes(label="Filières", choices=_terms(TermKind.SECTOR))
    topic_codes = _checkboxes(label="Thèmes", choices=_terms(TermKind.TOPIC))

    attendance_mode = _one_of(
        AttendanceMode.choices,
        label="Comment participe-t-on ?",
        widget=forms.RadioSelect,
        initial=AttendanceMode.ONSITE,
    )
    venue = _text("Nom du lieu", 100, help_text="Par exemple : Fonderie Martin, bâtiment B.")
    address = _text("Numéro et rue", 200, autocomplete="street-address")
    postal_code = PostalCodeField(label="Code postal", required=False)
    city = _text("Commune", 60, autocomplete="address-level2")
    online_url = forms.URLField(
        label="Lien de connexion",
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text="Pour un événement en ligne, par exemple https://visio.exemple.fr/visite.",
        error_messages={"invalid": LINK_WRONG},
    )

    audience_codes = _checkboxes(label="Publics", choices=Audience.choices)
    is_free = _one_of(
        [("oui", "Oui"), ("non", "Non")],
        label="L’événement est-il gratuit ?",
        required=False,
        widget=forms.RadioSelect,
    )
    access_mode = _one_of(
        AccessMode.choices, label="Comment vient-on ?", required=False, widget=forms.RadioSelect
    )
    reserved_to = _text("Réservé à", 200, help_text="Par exemple : collégiens inscrits.")
    registration_kind = _one_of(
        [("", "Choisissez…"), *RegistrationKind.choices],
        label="Comment s’inscrire",
        required=False,
    )
    registration_value = _text(
        "Lien, courriel ou téléphone d’inscription", 300, help_text="Il est visible par tous."
    )
    capacity = CountField(label="Nombre de places", required=False)
    accessibility_codes = _checkboxes(label="Accessible avec un handicap", choices=Accessibility.choices)

    contact_name = _text("Nom", 100, autocomplete="name")
    contact_email = _text("Adresse électronique", 254, autocomplete="email")
    contact_phone = _text("Téléphone", 20, autocomplete="tel")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FOR_LABEL:
            self.fields[name].is_for_label = True

    def clean_is_free(self):
        return {"oui": True, "non": False}.get(self.cleaned_data["is_free"])

    def clean_contact_email(self):
        return _email(self.cleaned_data["contact_email"])

    def clean_contact_phone(self):
        return _phone(self.cleaned_data["contact_phone"])

    def clean(self):
        data = super().clean()
        data["commune"] = self._commune(data)
        value = data.get("registration_value")
        check = {
            RegistrationKind.LINK: _link,
            RegistrationKind.EMAIL: _email,
            RegistrationKind.PHONE: _phone,
        }.get(data.get("registration_kind"))
        if value and check:
            try:
                data["registration_value"] = check(value)
                # A link typed without "https://" has just grown by it.
                self.fields["registration_value"].check_length(data["registration_value"])
            except ValidationError as error:
                self.add_error("registration_value", error)
        return data

    def _commune(self, data):
        if not data.get("city") or data.get("attendance_mode") == AttendanceMode.ONLINE:
            return None
        try:
            return resolve(data["city"], data.get("postal_code", ""))
        except ValidationError as error:
            self.add_error("city", error)
            return None

    @property
    def values(self) -> dict:
        """Return the contents to write, by the names of the event's fields."""
        return {
            name: list(dict.fromkeys(value)) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "version", "city")
        }

    @property
    def creation_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()

    @staticmethod
    def initial_of(event: Event) -> dict:
        """Return the form's values for an event that exists."""
        names = [name for name in EventForm.base_fields if hasattr(event, name)]
        initial = {name: getattr(event, name) for name in names}
        return initial | {
            "key": event.creation_key,
            "city": event.commune.name if event.commune else "",
            "is_free": {True: "oui", False: "non", None: ""}[event.is_free],
        }


def _email(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise ValidationError(EMAIL_WRONG.format(value[:60])) from None
    return value


def _phone(value: str) -> str:
    if value and not PHONE.fullmatch(value):
        raise ValidationError(
            f"« {value[:40]} » n’est pas un numéro de téléphone : écrivez-le comme 03 84 00 00 00."
        )
    return value


def _link(value: str) -> str:
    link = forms.URLField(assume_scheme="https", error_messages={"invalid": LINK_WRONG})
    return link.clean(value)


class CommentForm(PortalForm):
    """The reason that cancels an event."""

    comment = _text(
        "Pourquoi l’annulez-vous ?",
        1000,
        rows=3,
        required=True,
        help_text="Le public lira cette raison sur la page de l’événement, s’il est au programme.",
        error_messages=required("Écrivez la raison : le public et le référent la liront."),
    )
