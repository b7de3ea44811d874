"""The base of our forms: one renderer of our own (the admin keeps Django's), and fields that explain themselves."""

import re
import unicodedata
from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from semaine.text import thousands

# Beyond them, a day at the edge of the calendar overflows in another time zone.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)

# An address with its scheme, its « www. » or a path.
LINK = re.compile(r"\S*(?:://|\bwww\.|\w\.[a-z]{2,}/)\S*", re.IGNORECASE)


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class PortalForm(forms.Form):
    """A form in the portal's look; its errors name the field, what was found and the cure."""

    default_renderer = PortalRenderer
    required_css_class = "required"


class PortalModelForm(forms.ModelForm):
    default_renderer = PortalRenderer
    required_css_class = "required"


def required(what: str) -> dict[str, str]:
    """Return the error messages of a field that must not be empty: `required("Écrivez votre nom.")`."""
    return {"required": what}


class TextField(forms.CharField):
    """Text on one line or several: control characters are dropped, the length is said in French."""

    def __init__(self, *, max_length: int, label: str, **kwargs):
        super().__init__(label=label, **kwargs)
        # Not CharField's own max_length: it would say neither the field nor the length found.
        self.longest = max_length
        self.widget.attrs["maxlength"] = max_length

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n")
        keep = "\n" if isinstance(self.widget, forms.Textarea) else ""
        # A line break or a tab still parts two words; other control characters say nothing.
        text = "".join(" " if c in "\t\n\r" and c not in keep else c for c in text)
        return "".join(c for c in text if c in keep or unicodedata.category(c) != "Cc")

    def validate(self, value):
        super().validate(value)
        self.check_length(value)

    def check_length(self, value):
        if len(value) > self.longest:
            raise ValidationError(
                f"« {self.label} » compte {len(value)} caractères : gardez-en {self.longest} au plus."
            )


class NameField(TextField):
    """The name of a person or of an organization: mails bear it, so it must lead nowhere."""

    def validate(self, value):
        super().validate(value)
        if found := LINK.search(unicodedata.normalize("NFKC", value)):
            raise ValidationError(
                f"« {self.label} » contient l’adresse d’un site, « {found[0]} » : écrivez le nom seul."
            )


class PostalCodeField(TextField):
    """Five digits, with or without spaces."""

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "postal-code", "inputmode": "numeric"}
        super().__init__(max_length=10, widget=forms.TextInput(attrs), **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace(" ", "")

    def validate(self, value):
        super().validate(value)
        if value and not re.fullmatch(r"[0-9]{5}", value):
            raise ValidationError(
                f"« {value} » n’est pas un code postal : il compte 5 chiffres, par exemple 90000."
            )


class VersionField(forms.Field):
    """The version of a row that the page showed; what is no number was never read, and so has changed since."""

    NEVER_READ = -1
    widget = forms.HiddenInput

    def to_python(self, value) -> int:
        text = str(value)
        readable = text.isascii() and text.isdigit() and len(text) < 9
        return int(text) if readable else self.NEVER_READ


class CountField(forms.IntegerField):
    """A whole number, of people where nothing else is said: from 1 to a million."""

    def __init__(self, *, smallest: int = 1, largest: int = 1_000_000, **kwargs):
        super().__init__(**kwargs)
        self.smallest, self.largest = smallest, largest
        self.widget.attrs |= {"min": smallest, "max": largest, "inputmode": "numeric"}

    def to_python(self, value) -> int | None:
        if value in self.empty_values:
            return None
        text = "".join(str(value).split())
        readable = text.isascii() and text.isdigit() and len(text) < 9
        if not (readable and self.smallest <= int(text) <= self.largest):
            raise ValidationError(
                f"{self.label} : « {str(value)[:40]} » n’est pas un nombre de {self.smallest} à "
                f"{thousands(self.largest)}, par exemple 25."
            )
        return int(text)


class DegreeField(forms.CharField):
    """A latitude or a longitude in degrees, with a point or a comma for the decimals."""

    def __init__(self, *, most: int, **kwargs):
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}

    def to_python(self, value) -> float | None:
        text = super().to_python(value).replace(",", ".").replace("−", "-")
        if not text:
            return None
        if not re.fullmatch(r"[-+]?[0-9]{1,3}(\.[0-9]{1,15})?", text) or abs(float(text)) > self.most:
            raise ValidationError(
                f"{self.label} : « {str(value)[:40]} » n’est pas un nombre de -{self.most} à {self.most}, "
                "par exemple 47.64."
            )
        # A metre is enough; adding 0 turns -0.0 into 0.0.
        return round(float(text), 5) + 0


class DayField(forms.DateField):
    """A day, typed or chosen, as 2025-11-20; the error repeats what was typed."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def to_python(self, value) -> date | None:
        try:
            day = super().to_python(value)
        except (ValidationError, ValueError, OverflowError):
            raise ValidationError(
                f"« {str(value)[:40]} » n’est pas une date : écrivez-la comme 2025-11-20."
            ) from None
        if day and not EARLIEST <= day <= LATEST:
            raise ValidationError(f"Le {day:%d/%m/%Y} est trop loin : vérifiez l’année.")
        return day


class HourField(forms.TimeField):
    """An hour of the day, as 14:30 or « 14 h 30 »."""

    def __init__(self, **kwargs):
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)

    def to_python(self, value) -> time | None:
        try:
            return super().to_python(self._as_clock(value))
        except (ValidationError, ValueError, OverflowError):
            raise ValidationError(
                f"« {str(value)[:40]} » n’est pas une heure : écrivez-la comme 14:30."
            ) from None

    @staticmethod
    def _as_clock(value):
        if not isinstance(value, str):
            return value
        hours, mark, minutes = value.lower().partition("h")
        return f"{hours.strip()}:{minutes.strip() or '00'}" if mark else value
