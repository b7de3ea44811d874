"""First step: what is proposed, in words and in a picture."""

from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from events import pictures
from events.enums import TermKind
from events.models import Term
from events.step_forms.base import StepForm
from events.step_forms.fields import KeyField, LinkField, checkboxes, one_of, text
from semaine.forms import required

NOT_DESCRIBED = "Décrivez l’image en une phrase, pour les personnes qui ne la voient pas."


KINDS = {
    "format_code": TermKind.FORMAT,
    "sector_codes": TermKind.SECTOR,
    "topic_codes": TermKind.TOPIC,
}


class WhatForm(StepForm):
    key = KeyField(required=False, initial=uuid4)

    title = text(
        "Titre",
        140,
        required=True,
        help_text="Par exemple : Visite des ateliers de la fonderie.",
        error_messages=required("Écrivez un titre : il désigne votre événement partout."),
    )
    format_code = one_of((), label="Nature", required=False)
    sector_codes = checkboxes(label="Filières")
    topic_codes = checkboxes(label="Thèmes")
    summary = text("Résumé", 200, rows=2, help_text="Une ou deux phrases, 200 caractères au plus.")
    description = text(
        "Description",
        10_000,
        rows=8,
        help_text=(
            "Le déroulement, les métiers présentés. Une ligne vide sépare deux paragraphes, un tiret commence "
            "une ligne de liste, **deux étoiles** mettent en gras."
        ),
    )
    more_info_url = LinkField(
        label="Page à consulter", help_text="Par exemple https://www.exemple.fr/portes-ouvertes."
    )
    partners = text("Partenaires", 300, help_text="Par exemple : lycée Jules-Ferry, CCI.")
    image = forms.FileField(
        label="Image",
        required=False,
        help_text=(
            "Une photo JPEG, PNG ou WebP, 8 Mo au plus. Elle est montrée entière, sans les données cachées "
            "de l’appareil (lieu, date)."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_image = forms.BooleanField(label="Retirer l’image", required=False)
    image_alt = text(
        "Description de l’image",
        200,
        help_text="Nécessaire avec une image. Par exemple : une ouvrière verse du métal en fusion.",
    )
    image_credit = text("Auteur de l’image", 100, autocomplete="off")

    for_label = ("summary",)
    not_stored = ("base", "key", "image", "remove_image")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_terms()
        if not self.contents.event.image:
            del self.fields["remove_image"]
        if self.contents.event.pk:
            self.initial["key"] = self.contents.event.creation_key

    def _offer_terms(self) -> None:
        """Offer the terms that the national team proposes, and those that the event has had since before."""
        by_kind = Term.objects.by_kind()
        for name, kind in KINDS.items():
            had = [*self.contents.event.sector_codes, *self.contents.event.topic_codes]
            had.append(self.contents.event.format_code)
            choices = [
                (each.code, each.label) for each in by_kind[kind] if each.is_active or each.code in had
            ]
            first = [("", "Choisissez…")] if name == "format_code" else []
            self.fields[name].choices = first + choices

    def clean_image(self):
        upload = self.cleaned_data["image"]
        return pictures.cleaned(upload) if upload else None

    def clean(self):
        data = super().clean()
        removed = data.get("remove_image") and not data.get("image")
        shown = data.get("image") or (self.contents.event.image and not removed)
        if shown and data.get("image_alt") == "":
            self.add_error("image_alt", ValidationError(NOT_DESCRIBED))
        return data

    @property
    def values(self) -> dict:
        values = super().values
        picture = self.cleaned_data.get("image")
        if picture and "image_alt" in values:
            width, height = picture.size_in_pixels
            return values | {"image": picture, "image_width": width, "image_height": height}
        if self.cleaned_data.get("remove_image"):
            return values | pictures.NONE
        return values

    @property
    def creation_key(self) -> UUID:
        return self.cleaned_data.get("key") or uuid4()
