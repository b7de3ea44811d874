"""The query string of programme, map and exports, always over a queryset that a door has scoped.

A wrong value is said, naming the field, and then nothing is shown: never silently the whole programme.
"""

from datetime import datetime
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict

from events import presets, search
from events.enums import Accessibility, AccessMode, AttendanceMode, Audience
from events.filter_choices import filter_choices
from events.filter_fields import (
    BoxField,
    ChoiceField,
    ChoicesField,
    CommunesField,
    NamedDayField,
    NearField,
    RadiusField,
    TypedPlaceField,
    not_listed,
)
from events.models import Event
from events.querysets import EventQuerySet, open_between, within_box
from semaine.forms import TextField
from semaine.models import Edition, SiteRevision

YES = "oui"
RADIUS_KM = 30
BY_DATE, BY_DISTANCE, BY_RELEVANCE = "date", "distance", "pertinence"
ORDERS = [(BY_DATE, "Par date"), (BY_DISTANCE, "Par distance"), (BY_RELEVANCE, "Par pertinence")]
# What says where: a purely online event takes place everywhere, and these leave it out.
PLACES = ("region", "departement", "commune", "pres", "bbox")


class Setting(django_filters.Filter):
    """A parameter that chooses no event by itself: it completes another, or says how to show them."""

    def __init__(self, field_class: type[forms.Field], **kwargs):
        self.field_class = field_class
        super().__init__(**kwargs)


class Condition(django_filters.Filter):
    """A filter whose effect is a condition, so that the counts beside the choices can put it aside."""

    field_class = ChoicesField

    def __init__(self, lookup: str = "in", *, field_class=ChoicesField, **kwargs):
        self.field_class = field_class
        super().__init__(lookup_expr=lookup, **kwargs)

    def condition(self, value) -> Q:
        return Q(**{f"{self.field_name}__{self.lookup_expr}": value})


class TerritoryCondition(Condition):
    """A territory's own events: a purely online one takes place everywhere, not there."""

    def condition(self, value) -> Q:
        return super().condition(value) & Q(commune__isnull=False)


class WordsCondition(Condition):
    def condition(self, value) -> Q:
        return search.matches(value)


class BoxCondition(Condition):
    def condition(self, value) -> Q:
        return within_box(*value)


class ProgrammeForm(forms.Form):
    """The parameters together. `structure`: that of the site whose choices and labels these are."""

    structure: int
    format_labels: dict[str, str]
    edition_shown: Edition | None = None
    organizer_name: str | None = None

    def clean_edition(self):
        year = self.cleaned_data["edition"]
        if year and (self.edition_shown is None or year != str(self.edition_shown.year)):
            raise forms.ValidationError(not_listed("Édition", year))
        return year

    def clean_organisateur(self):
        slug = self.cleaned_data["organisateur"]
        if not slug:
            return slug
        events = Event.objects.public()
        names = events.filter(organization__slug=slug).values_list("organization__name", flat=True)
        self.organizer_name = names.first()
        if self.organizer_name is None and (kept := events.organizations().at(slug).first()):
            self.organizer_name, slug = kept.name, kept.slug
        if self.organizer_name is None:
            raise forms.ValidationError(
                f"Organisateur : « {slug[:60]} » n’a pas d’événement au programme. Vérifiez l’adresse."
            )
        return slug

    def clean(self):
        data = super().clean()
        first, last = data.get("du"), data.get("au")
        if first and last and first > last:
            self.add_error(
                "au", f"Au : le {last:%d/%m/%Y} précède le {first:%d/%m/%Y}. Inversez les deux dates."
            )
        return data


class ProgrammeFilter(django_filters.FilterSet):
    q = WordsCondition(label="Mots", field_class=TextField, max_length=100)
    edition = Setting(TextField, label="Édition", max_length=100)
    region = TerritoryCondition(field_name="department__region", label="Région")
    departement = TerritoryCondition(field_name="department", label="Département")
    commune = Condition(field_name="commune", label="Commune", field_class=CommunesField)
    pres = Setting(NearField, label="Près de", max_length=120)
    # What people type: a postal code before an INSEE code. The pages lead to the same state with « pres ».
    ou = Setting(TypedPlaceField, label="Près de", max_length=120)
    rayon = Setting(RadiusField, label="Distance")
    du = Setting(NamedDayField, label="Du")
    au = Setting(NamedDayField, label="Au")
    jour = Setting(ChoiceField, label="Jour", choices=presets.CHOICES)
    public = Condition("overlap", field_name="audience_codes", label="Public", choices=Audience.choices)
    nature = Condition(field_name="format_code", label="Nature")
    filiere = Condition("overlap", field_name="sector_codes", label="Filière")
    theme = Condition("overlap", field_name="topic_codes", label="Thème")
    mode = Condition(field_name="attendance_mode", label="Mode", choices=AttendanceMode.choices)
    acces = Condition(field_name="access_mode", label="Accès", choices=AccessMode.choices)
    accessibilite = Condition(
        "contains",
        field_name="accessibility_codes",
        label="Accessibilité",
        choices=Accessibility.choices,
    )
    organisateur = Condition(
        "exact",
        field_name="organization__slug",
        label="Organisateur",
        field_class=TextField,
        max_length=120,
    )
    passes = Setting(ChoicesField, label="Terminés", choices=[(YES, "Événements terminés")])
    bbox = BoxCondition(label="Zone de la carte", field_class=BoxField)
    tri = Setting(ChoiceField, label="Tri", choices=ORDERS)

    class Meta:
        model = Event
        form = ProgrammeForm
        fields = []

    def __init__(self, data: QueryDict, events: EventQuerySet, *, edition: Edition, at: datetime):
        super().__init__(data, events.filter(edition=edition))
        self.edition, self.at = edition, at
        self.form.edition_shown = edition

    def get_form_class(self) -> type[ProgrammeForm]:
        """Made once for a structure of the site, with its choices. One query, and two more when it has changed."""
        number = SiteRevision.objects.structure()
        choices = filter_choices(number)
        made = choices.forms.get(type(self))
        if made is None:
            made = super().get_form_class()
            for name, found in choices.by_field.items():
                made.base_fields[name].choices = found
            made.structure, made.format_labels = number, choices.formats
            choices.forms[type(self)] = made
        return made

    @cached_property
    def values(self) -> dict:
        """The cleaned values by parameter; none at all when one is wrong."""
        return self.form.cleaned_data if self.is_valid() else {}

    @cached_property
    def conditions(self) -> dict[str, Q]:
        """The conditions asked for, by parameter; « du » and « au » are one, and so are « pres » and « rayon ».

        On the days asked for there is a slot to come, unless what is over is shown too: in the evening,
        what is over for today is not « Aujourd’hui », though it opens again another day.
        """
        return self._conditions(None if self.shows_all else self.at)

    @cached_property
    def conditions_with_past(self) -> dict[str, Q]:
        """The same as if what is over were shown too."""
        return self._conditions(None)

    def _conditions(self, since: datetime | None) -> dict[str, Q]:
        found = {
            name: each.condition(self.values[name])
            for name, each in self.filters.items()
            if isinstance(each, Condition) and self.values.get(name)
        }
        if self.values.get("du") or self.values.get("au"):
            found["du"] = open_between(self.values["du"], self.values["au"], since)
        if self.values.get("jour"):
            found["jour"] = presets.condition(self.values["jour"], self.at, since)
        if self.near:
            found["pres"] = search.within(self.near.latitude, self.near.longitude, self.radius)
        return found

    def filter_queryset(self, queryset):
        return queryset.filter(*self.conditions.values())

    @property
    def qs(self) -> EventQuerySet:
        return super().qs if self.is_valid() else self.queryset.none()

    @property
    def shown(self) -> EventQuerySet:
        """What a list shows: what is to come while the edition runs, else everything."""
        return self.qs if self.shows_past else self.qs.on_show(self.edition, self.at)

    def everywhere(self) -> EventQuerySet:
        """What the other filters leave of the online events, which a place leaves out."""
        others = [each for name, each in self.conditions.items() if name not in PLACES]
        events = self.queryset if self.is_valid() else self.queryset.none()
        found = events.online_only().filter(*others)
        return found if self.shows_past else found.on_show(self.edition, self.at)

    @property
    def near(self):
        """The point to be near, or None."""
        return self.values.get("ou") or self.values.get("pres")

    @property
    def radius(self) -> int:
        """In km."""
        return self.values.get("rayon") or RADIUS_KM

    @property
    def order(self) -> str:
        """The order that the other parameters allow: a distance is from somewhere, words are relevant to others."""
        asked = self.values.get("tri")
        if asked == BY_DISTANCE and self.near:
            return BY_DISTANCE
        return BY_RELEVANCE if asked == BY_RELEVANCE and self.values["q"] else BY_DATE

    @property
    def names_a_place(self) -> bool:
        return any(name in self.conditions for name in PLACES)

    @property
    def names_days(self) -> bool:
        return bool({"du", "jour"} & self.conditions.keys())

    @property
    def shows_all(self) -> bool:
        return self.edition.is_over(self.at) or self.shows_past

    @property
    def shows_past(self) -> bool:
        return YES in self.values.get("passes", ())


# What a page, the map and an export read of their address.
PARAMETERS = (*ProgrammeFilter.base_filters, "page")
