"""The parameters of the API: those of the programme, and OpenAgenda's own, which become conditions of the same kind.

Each is declared once, here or in `events.filters`; the documentation reads them from there.
"""

from datetime import datetime
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from events.api.fields import (
    CursorField,
    DegreesField,
    FieldNamesField,
    KeywordsField,
    ListField,
    MappedField,
    MomentField,
    NumbersField,
    PlacesField,
    SizeField,
    wrong,
)
from events.api.shaping import FRENCH
from events.conditions import is_cancelled, timed_between
from events.enums import Accessibility, AttendanceMode
from events.filter_fields import ChoiceField
from events.filters import Condition, ProgrammeFilter, Setting, TerritoryCondition, WordsCondition
from events.imports.openagenda import MODES
from events.querysets import within_box
from semaine.forms import TextField
from semaine.models import Commune, Department, Region

EITHER, ONLY, NONE = "null", "1", "0"
PASSED, CURRENT, UPCOMING = "passed", "current", "upcoming"
CORNERS = tuple(f"geo[{corner}][{axis}]" for corner in ("southWest", "northEast") for axis in ("lng", "lat"))
# Who asks by one of these says the time, or names the event: what is over is then found too.
SAYS_WHEN = ("relative", "timings[gte]", "timings[lte]", "updatedAt[gte]", "updatedAt[lte]", "uid", "slug")
BY_TIMING = ("timings.asc", "timingsWithFeatured.asc")
BY_CHANGE, BY_CHANGE_DOWN = "updatedAt.asc", "updatedAt.desc"
BY_END = ("lastTiming.asc", "lastTimingWithFeatured.asc")
BY_PLACE = {
    "location.region.asc": "commune__department__region__sort_key",
    "location.department.asc": "commune__department__sort_key",
    "location.city.asc": "commune__sort_key",
}
FEATURED_FIRST = ("timingsWithFeatured.asc", "lastTimingWithFeatured.asc")
SORTS = [(each, each) for each in (*BY_TIMING, *BY_END, BY_CHANGE, BY_CHANGE_DOWN, *BY_PLACE)]
STATUSES = {
    "1": Q(is_full=False) & ~is_cancelled(),
    "5": Q(is_full=True) & ~is_cancelled(),
    "6": is_cancelled(),
}
FEATURED = {ONLY: Q(featured__isnull=False), NONE: Q(featured=None)}
NO_STATUS = {code: Q(pk__in=[]) for code in ("2", "3", "4")}


class AnyOf(Condition):
    """Codes that stand for conditions, one of which is to hold."""

    def condition(self, value) -> Q:
        return reduce(or_, value)


class AllOf(Condition):
    """Conditions, all of which are to hold."""

    def condition(self, value) -> Q:
        return reduce(and_, value)


def _setting(name: str, field, **kwargs) -> Setting:
    return Setting(field, label=name, **kwargs)


def _places(name: str, field_name: str, model, kind=Condition) -> Condition:
    return kind(field_name=field_name, label=name, field_class=PlacesField, model=model)


AGENDA = {
    "search": WordsCondition(label="search", field_class=TextField, max_length=100),
    "relative": _setting(
        "relative",
        MappedField,
        codes={each: each for each in (PASSED, CURRENT, UPCOMING)} | {"ongoing": CURRENT},
    ),
    "timings[gte]": _setting("timings[gte]", MomentField),
    "timings[lte]": _setting("timings[lte]", MomentField, ends=True),
    "updatedAt[gte]": _setting("updatedAt[gte]", MomentField),
    "updatedAt[lte]": _setting("updatedAt[lte]", MomentField, ends=True),
    **{name: _setting(name, DegreesField, most=180 if "lng" in name else 90) for name in CORNERS},
    "adminLevel1": _places("adminLevel1", "department__region", Region, TerritoryCondition),
    "adminLevel2": _places("adminLevel2", "department", Department, TerritoryCondition),
    "adminLevel4": _places("adminLevel4", "commune", Commune),
    "department": _places("department", "department", Department, TerritoryCondition),
    "city": _places("city", "commune", Commune),
    "uid": Condition(field_name="pk", label="uid", field_class=NumbersField),
    "slug": Condition(field_name="slug", label="slug", field_class=ListField),
    "accessibility": Condition(
        "contains",
        field_name="accessibility_codes",
        label="accessibility",
        field_class=MappedField,
        codes={code: code for code in Accessibility.values},
    ),
    "attendanceMode": Condition(
        field_name="attendance_mode",
        label="attendanceMode",
        field_class=MappedField,
        codes={str(code): AttendanceMode(mode) for code, mode in MODES.items()},
    ),
    "status": AnyOf(label="status", field_class=MappedField, codes=STATUSES | NO_STATUS),
    "featured": AnyOf(label="featured", field_class=MappedField, codes=FEATURED),
    "keyword": AllOf(label="keyword", field_class=KeywordsField),
}
PAGES = {
    "removed": _setting("removed", ChoiceField, choices=[(each, each) for each in (NONE, ONLY, EITHER)]),
    "sort": _setting("sort", ChoiceField, choices=SORTS),
    "size": _setting("size", SizeField),
    "after": _setting("after", CursorField),
    "monolingual": _setting("monolingual", ChoiceField, choices=[(FRENCH, FRENCH)]),
    "includeFields": _setting("includeFields", FieldNamesField),
    "if": _setting("if", FieldNamesField),
}


class AgendaFilter(ProgrammeFilter):
    """What the public sees in a state of the parameters, OpenAgenda's own included."""

    @classmethod
    def get_filters(cls):
        return super().get_filters() | AGENDA | PAGES

    def _conditions(self, since: datetime | None) -> dict[str, Q]:
        found, value = super()._conditions(since), self.values.get
        if value("relative"):
            found["relative"] = reduce(or_, (relative(each, self.at) for each in value("relative")))
        if value("timings[gte]") or value("timings[lte]"):
            found["timings"] = timed_between(value("timings[gte]"), value("timings[lte]"))
        if value("updatedAt[gte]"):
            found["updatedAt[gte]"] = Q(updated_at__gte=value("updatedAt[gte]"))
        if value("updatedAt[lte]"):
            found["updatedAt[lte]"] = Q(updated_at__lte=value("updatedAt[lte]"))
        if value(CORNERS[0]) is not None:
            found["geo"] = within_box(*(value(each) for each in CORNERS))
        return found

    def is_valid(self) -> bool:
        valid = super().is_valid()
        corners = [each for each in CORNERS if self.form.cleaned_data.get(each) is not None] if valid else ()
        if 0 < len(corners) < len(CORNERS):
            missing = next(each for each in CORNERS if each not in corners)
            self.form.add_error(missing, wrong(missing, "", "les quatre coins de la zone, ou aucun"))
            valid = False
        return valid

    @property
    def shows_past(self) -> bool:
        return super().shows_past or self.tells_removed or any(self.values.get(each) for each in SAYS_WHEN)

    @property
    def fields_told(self) -> list[str]:
        """The names of the fields that are asked for; none stands for all."""
        return [*self.values.get("includeFields", ()), *self.values.get("if", ())]

    @property
    def tells_removed(self) -> bool:
        return self.values.get("removed") in (EITHER, ONLY)


def relative(word: str, at: datetime) -> Q:
    if word == PASSED:
        return Q(last_ends_at__lte=at)
    begun = Q(first_starts_at__lte=at)
    return Q(last_ends_at__gt=at) & (begun if word == CURRENT else ~begun)


# What an address of the API reads.
PARAMETERS = tuple(AgendaFilter.base_filters)
