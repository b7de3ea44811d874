"""Fourth step: for whom, how one comes, and whom to ask."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import RadioSelect

from events.enums import Accessibility, AccessMode, Audience, RegistrationKind
from events.step_forms.base import StepForm
from events.step_forms.fields import checkboxes, email, link, one_of, phone, text
from semaine.forms import CountField

FREE = {"oui": True, "non": False}
CHECKS = {RegistrationKind.LINK: link, RegistrationKind.EMAIL: email, RegistrationKind.PHONE: phone}


class WhoForm(StepForm):
    audience_codes = checkboxes(label="Publics", choices=Audience.choices)
    is_free = one_of(
        [("oui", "Oui"), ("non", "Non")],
        label="L’événement est-il gratuit ?",
        required=False,
        widget=RadioSelect,
        help_text="Seul un événement gratuit peut recevoir le label.",
    )
    access_mode = one_of(AccessMode.choices, label="Comment vient-on ?", required=False, widget=RadioSelect)
    reserved_to = text(
        "Réservé à", 200, help_text="Si l’accès est réservé. Par exemple : collégiens inscrits."
    )
    registration_kind = one_of(
        [("", "Choisissez…"), *RegistrationKind.choices], label="Comment s’inscrire", required=False
    )
    registration_value = text(
        "Lien, courriel ou téléphone d’inscription", 300, help_text="Il est visible par tous."
    )
    capacity = CountField(
        label="Nombre de places", required=False, help_text="Pour un créneau, si elles sont comptées."
    )
    is_full = forms.BooleanField(
        label="Complet : il n’y a plus de place",
        required=False,
        help_text="Le programme le dit aussitôt, et n’invite plus à s’inscrire.",
    )
    expected_participants = CountField(
        label="Participants attendus", required=False, help_text="En tout, sur l’ensemble des créneaux."
    )
    age_min = CountField(label="Âge minimum", required=False, largest=120)
    age_max = CountField(label="Âge maximum", required=False, largest=120)
    accessibility_codes = checkboxes(label="Accessible avec un handicap", choices=Accessibility.choices)
    public_contact = text(
        "Contact pour le public", 200, help_text="Visible par tous : un service, un téléphone, un courriel."
    )
    contact_name = text("Nom", 100, autocomplete="name")
    contact_email = text("Adresse électronique", 254, autocomplete="email")
    contact_phone = text("Téléphone", 20, autocomplete="tel")

    for_label = ("audience_codes", "is_free", "access_mode", "contact_email")

    @classmethod
    def initial_of(cls, contents) -> dict:
        words = {True: "oui", False: "non", None: ""}
        return super().initial_of(contents) | {"is_free": words[contents.event.is_free]}

    def clean_is_free(self):
        return FREE.get(self.cleaned_data["is_free"])

    def clean_contact_email(self):
        return email(self.cleaned_data["contact_email"])

    def clean_contact_phone(self):
        return phone(self.cleaned_data["contact_phone"])

    def clean(self):
        data = super().clean()
        self._check_registration(data)
        self._check_ages(data)
        return data

    def _check_ages(self, data: dict) -> None:
        youngest, oldest = data.get("age_min"), data.get("age_max")
        if youngest and oldest and youngest > oldest:
            self.add_error(
                "age_max",
                f"Âge maximum : {oldest} ans est moins que l’âge minimum ({youngest} ans). Corrigez l’un des deux.",
            )
        if "age_min" not in data or "age_max" not in data:
            # Alone, the other one could contradict what is stored.
            data.pop("age_min", None)
            data.pop("age_max", None)

    def _check_registration(self, data: dict) -> None:
        value, check = data.get("registration_value"), CHECKS.get(data.get("registration_kind"))
        if not value or not check:
            return
        try:
            data["registration_value"] = check(value)
            # A link typed without "https://" has just grown by it.
            self.fields["registration_value"].check_length(data["registration_value"])
        except ValidationError as error:
            self.add_error("registration_value", error)
