"""What the filter form shows of a filter state: every choice with its count, and what it must not lose."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.dateparse import parse_date

from events.facets import Counts
from events.filters import ProgrammeFilter
from semaine.text import thousands

GROUPS = ("public", "nature", "filiere", "theme", "mode", "acces", "accessibilite")
# The question that visitors come with: "may I come?"
FIRST = "public"
TERRITORIES = ("region", "departement")
RADII_KM = (5, 10, 20, 30, 50, 100)
# Kept by the form when it is sent again, though it has no field for them.
CARRIED = ("edition", "commune", "organisateur", "bbox", "tri")


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    checked: bool
    number: int

    @property
    def count(self) -> str:
        return thousands(self.number)


@dataclass(frozen=True)
class Group:
    """The choices of one parameter; `active`: how many are chosen."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def active(self) -> int:
        return sum(choice.checked for choice in self.choices)

    @property
    def is_open(self) -> bool:
        return bool(self.active) or self.name == FIRST


def group(filterset: ProgrammeFilter, counts: Counts, name: str) -> Group:
    """Return a parameter's choices. `templatetags.choices` draws them, at a tenth of what form widgets cost."""
    field = filterset.form.fields[name]
    asked = filterset.data.getlist(name)
    # A list of options shows one value; `_carried` keeps the others.
    chosen = set(asked[:1] if name in TERRITORIES else asked)
    numbers = counts.by_choice.get(name, {})
    choices = [
        Choice(value, label, value in chosen, numbers.get(value, 0))
        for value, label in field.choices
        if value
    ]
    return Group(name, field.label, choices)


def panel(filterset: ProgrammeFilter, counts: Counts) -> dict:
    """Return what the filter form shows, for its template."""
    data = filterset.data
    near = filterset.near
    return {
        "groups": [group(filterset, counts, name) for name in GROUPS],
        "territories": [group(filterset, counts, name) for name in TERRITORIES],
        "days": None if filterset.edition.is_over(filterset.at) else group(filterset, counts, "jour"),
        "day": data.get("jour", ""),
        "q": data.get("q", ""),
        "period": [_day_field(filterset, name) for name in ("du", "au")],
        "place": near.label if near else data.get("ou") or data.get("pres", ""),
        "place_code": near.code if near else "",
        "place_error": " ".join(filterset.form.errors.get("ou", []) + filterset.form.errors.get("pres", [])),
        "radii": [(km, km == filterset.radius) for km in sorted({*RADII_KM, filterset.radius})],
        "carried": [*_carried(data)],
        "shows_past": filterset.shows_past,
        "can_be_past": not filterset.edition.is_over(filterset.at),
    }


def _day_field(filterset: ProgrammeFilter, name: str) -> dict:
    """A field of type "date" would hide what is no date: it is then one of text, to be corrected."""
    day = filterset.form.cleaned_data.get(name)
    value = day.isoformat() if day else filterset.data.get(name, "")
    return {
        "name": name,
        "label": filterset.form.fields[name].label,
        "value": value,
        "type": "date" if not value or _is_day(value) else "text",
    }


def _is_day(text: str) -> bool:
    try:
        return bool(parse_date(text))
    except ValueError:
        return False


def _carried(data: QueryDict):
    """What the form must not lose: parameters without a field, and all but the first of several territories."""
    for name in CARRIED:
        yield from ((name, value) for value in data.getlist(name) if value)
    for name in TERRITORIES:
        yield from ((name, value) for value in data.getlist(name)[1:] if value)
