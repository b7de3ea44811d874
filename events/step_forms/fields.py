"""What the fields of the steps are made of, and how a link, a mail and a call are checked."""

import re
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from semaine.forms import TextField

PHONE = re.compile(r"\+?[ .()/-]*([0-9][ .()/-]*){4,15}")
EMAIL_WRONG = "« {} » n’est pas une adresse électronique : écrivez-la comme contact@exemple.fr."
LINK_WRONG = "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr/page."
LONGEST_LINK = 200


def checkboxes(**kwargs):
    return forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "« %(value)s » n’est pas dans la liste : cochez une case."},
        **kwargs,
    )


def one_of(choices, **kwargs):
    return forms.ChoiceField(
        choices=choices,
        error_messages={
            "invalid_choice": "« %(value)s » n’est pas dans la liste : choisissez-y une valeur.",
            "required": "Choisissez une réponse.",
        },
        **kwargs,
    )


def text(label, max_length, *, autocomplete="off", rows=0, required=False, **kwargs):
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


class LinkField(forms.URLField):
    """A web address, with or without its « https:// »."""

    def __init__(self, **kwargs):
        messages = {"invalid": LINK_WRONG}
        super().__init__(required=False, assume_scheme="https", error_messages=messages, **kwargs)
        # A message of our own says the length that was found.
        self.widget.attrs["maxlength"] = LONGEST_LINK

    def validate(self, value):
        super().validate(value)
        if value and len(value) > LONGEST_LINK:
            raise ValidationError(
                f"« {self.label} » compte {len(value)} caractères : gardez-en {LONGEST_LINK} au plus."
            )


def email(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise ValidationError(EMAIL_WRONG.format(value[:60])) from None
    return value


def phone(value: str) -> str:
    if value and not PHONE.fullmatch(value):
        raise ValidationError(
            f"« {value[:40]} » n’est pas un numéro de téléphone : écrivez-le comme 03 84 00 00 00."
        )
    return value


def link(value: str) -> str:
    field = forms.URLField(assume_scheme="https", error_messages={"invalid": LINK_WRONG})
    return field.clean(value)
