"""The query string of programme, map and exports, always over a queryset that a door has scoped.

A wrong value is said, naming the field, and then nothing is shown: never silently the whole programme.
"""

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from events import search
from events.enums import AttendanceMode, Audience, TermKind
from events.models import Event, Term
from semaine.forms import DayField, TextField
from semaine.models import Department, Region

YES = "oui"
TERRITORIES = ("region", "departement")


class ChoicesField(forms.MultipleChoiceField):
    """Codes to choose among; a wrong one is repeated with the name of the field."""

    def __init__(self, *, null_value=None, **kwargs):
        super().__init__(**kwargs)

    def to_python(self, value):
        # « Tous les territoires » sends an empty value.
        return [each for each in super().to_python(value) if each]

    def validate(self, value):
        unknown = [each for each in value if not self.valid_value(each)]
        if unknown:
            raise ValidationError(
                f"{self.label} : « {unknown[0][:60]} » n’est pas dans la liste. Choisissez-y une valeur."
            )


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """Any of the values. Without the DISTINCT that django-filter would add."""

    field_class = ChoicesField

    def __init__(self, **kwargs):
        super().__init__(distinct=False, **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(**{f"{self.field_name}__in": value}) if value else queryset


class OverlapFilter(ChoicesFilter):
    """Any of the values in an array column."""

    def filter(self, queryset, value):
        return queryset.filter(**{f"{self.field_name}__overlap": value}) if value else queryset


class TerritoryFilter(ChoicesFilter):
    """A territory's own events: a purely online one takes place everywhere, not there."""

    def filter(self, queryset, value):
        return super().filter(queryset, value).filter(commune__isnull=False) if value else queryset


class NamedDayField(DayField):
    """A day whose error names the field: above a list, nothing else tells which one it was."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(f"{self.label} : {error.message[0].lower()}{error.message[1:]}") from None


class DayFilter(django_filters.Filter):
    field_class = NamedDayField


class WordsFilter(django_filters.Filter):
    field_class = TextField

    def filter(self, queryset, value):
        return queryset.filter(search.matches(value)) if value else queryset


class ProgrammeForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            # A callable would be asked again, by a query, each time that the choices are looked at.
            if isinstance(each, ChoicesField):
                each.choices = list(each.choices)

    def clean(self):
        data = super().clean()
        first, last = data.get("du"), data.get("au")
        if first and last and first > last:
            self.add_error(
                "au", f"Au : le {last:%d/%m/%Y} précède le {first:%d/%m/%Y}. Inversez les deux dates."
            )
        return data


def _regions():
    return [*Region.objects.values_list("code", "name")]


def _departments():
    return [(code, f"{name} ({code})") for code, name in Department.objects.values_list("code", "name")]


def _formats():
    return Term.objects.choices(TermKind.FORMAT)


class ProgrammeFilter(django_filters.FilterSet):
    q = WordsFilter(label="Mots", max_length=100)
    region = TerritoryFilter(field_name="department__region", label="Région", choices=_regions)
    departement = TerritoryFilter(field_name="department", label="Département", choices=_departments)
    du = DayFilter(label="Du", method="by_day")
    au = DayFilter(label="Au", method="by_day")
    public = OverlapFilter(field_name="audience_codes", label="Public", choices=Audience.choices)
    nature = ChoicesFilter(field_name="format_code", label="Nature", choices=_formats)
    mode = ChoicesFilter(field_name="attendance_mode", label="Mode", choices=AttendanceMode.choices)
    passes = ChoicesFilter(
        label="Terminés", choices=[(YES, "Voir aussi les événements terminés")], method="no_op"
    )

    class Meta:
        model = Event
        form = ProgrammeForm
        fields = []

    def by_day(self, queryset, name, value):
        """Apply both dates together, once: an event open on any day between them."""
        if name == "au" and self.form.cleaned_data.get("du"):
            return queryset
        return queryset.between(*(self.form.cleaned_data.get(each) for each in ("du", "au")))

    def no_op(self, queryset, name, value):
        return queryset

    def everywhere(self):
        """What the other filters leave of the online events, which a territory leaves out."""
        queryset = self.queryset.online_only()
        for name in self.filters:
            if name not in TERRITORIES:
                queryset = self.filters[name].filter(queryset, self.form.cleaned_data[name])
        return queryset

    @property
    def names_a_territory(self) -> bool:
        return self.is_valid() and any(self.form.cleaned_data[name] for name in TERRITORIES)

    @property
    def qs(self):
        return super().qs if self.is_valid() else self.queryset.none()

    @property
    def shows_past(self) -> bool:
        return self.is_valid() and self.form.cleaned_data["passes"] == [YES]
