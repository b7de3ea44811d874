"""The fields of OpenAgenda's own parameters: each says by its name what is wrong, with the value and the cure."""

import math
from datetime import UTC, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from events.api.shaping import NAMES
from events.enums import TermKind
from events.filter_fields import LONGEST_LIST
from events.models import Term
from semaine.dates import PARIS
from semaine.models import Commune, Department, Region
from semaine.text import place_key, sort_key

MOST, USUAL = 300, 20
BIGGEST = 10**18


def wrong(name: str, value: str, wanted: str) -> ValidationError:
    return ValidationError(f"« {name} » : trouvé « {value[:60]} » ; attendu : {wanted}.")


class ListField(forms.Field):
    """Values of one name, given as often as one likes; fifty at most."""

    widget = forms.MultipleHiddenInput

    def clean(self, value) -> list:
        given = [each for each in value or [] if each]
        if len(given) > LONGEST_LIST:
            raise wrong(self.label, f"{len(given)} valeurs", f"{LONGEST_LIST} valeurs au plus")
        return self.read(given)

    def read(self, given: list[str]) -> list:
        return given


class MappedField(ListField):
    """Codes of OpenAgenda, each with what it stands for here."""

    def __init__(self, *, codes: dict, **kwargs):
        self.codes = codes
        super().__init__(**kwargs)

    def read(self, given):
        for each in given:
            if each not in self.codes:
                raise wrong(self.label, each, f"parmi {', '.join(self.codes)}")
        return [self.codes[each] for each in given]


class NumbersField(ListField):
    def read(self, given):
        for each in given:
            if not (each.isascii() and each.isdecimal() and int(each[:20]) < BIGGEST):
                raise wrong(self.label, each, "l’identifiant « uid » d’un événement")
        return [int(each) for each in given]


class KeywordsField(ListField):
    """Keywords of events, as they are told; cleaned to one condition for each. One query."""

    def read(self, given):
        if not given:
            return []
        columns = {TermKind.SECTOR: "sector_codes", TermKind.TOPIC: "topic_codes"}
        known = {
            sort_key(each.label): Q(**{f"{columns[each.kind]}__contains": [each.code]})
            for each in Term.objects.filter(kind__in=columns)
        }
        for each in given:
            if sort_key(each) not in known:
                raise wrong(self.label, each, "le nom d’une filière ou d’un thème : voir /api/v1/facets")
        return [known[sort_key(each)] for each in given]


class FieldNamesField(ListField):
    """Fields of an event, or members of them."""

    def read(self, given):
        for each in given:
            if each not in NAMES:
                raise wrong(self.label, each, "un champ d’un événement, comme title ou location.city")
        return given


class PlacesField(ListField):
    """Names of regions, of départements or of communes, as people write them; cleaned to the rows. One query."""

    def __init__(self, *, model, **kwargs):
        self.model = model
        super().__init__(**kwargs)

    def read(self, given):
        if not given:
            return []
        rows, key = self.model.objects.all(), place_key if self.model is Commune else sort_key
        wanted = {key(each): each for each in given}
        column = "place_key" if self.model is Commune else "sort_key"
        found = list(rows.filter(**{f"{column}__in": list(wanted)}))
        if missing := wanted.keys() - {getattr(each, column) for each in found}:
            raise wrong(
                self.label, wanted[min(missing)], f"le nom d’une {self.kind}, par exemple {self.example}"
            )
        return found

    @property
    def kind(self) -> str:
        kinds = {Region: "région", Department: "division de région, le département,", Commune: "commune"}
        return kinds[self.model]

    @property
    def example(self) -> str:
        names = {Region: "Bretagne", Department: "Morbihan", Commune: "Lorient"}
        return names[self.model]


class MomentField(forms.Field):
    """A moment as ISO 8601 writes it; without an offset it is the time of Paris, a day alone its first moment."""

    def __init__(self, *, ends: bool = False, **kwargs):
        self.ends = ends
        super().__init__(**kwargs)

    def clean(self, value) -> datetime | None:
        if value in self.empty_values:
            return None
        # In an address « + » stands for a space.
        text = value.strip().replace(" ", "+") if "T" in value else value.strip()
        try:
            moment = datetime.fromisoformat(text)
            if len(text) == len("2026-11-16") and self.ends:
                moment = datetime.combine(moment, time.max)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not 1900 < moment.year < 2200:
            raise wrong(self.label, value, "une date comme 2026-11-16 ou 2026-11-16T09:00:00+01:00")
        return moment


class DegreesField(forms.Field):
    def __init__(self, *, most: int, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def clean(self, value) -> float | None:
        if value in self.empty_values:
            return None
        try:
            degrees = float(value)
        except ValueError:
            degrees = math.nan
        if not -self.most <= degrees <= self.most:
            raise wrong(self.label, value, f"des degrés de -{self.most} à {self.most}, comme 47.64")
        return degrees


class SizeField(forms.Field):
    def clean(self, value) -> int:
        if value in self.empty_values:
            return USUAL
        if not (value.isascii() and value.isdecimal() and len(value) < 6 and 1 <= int(value) <= MOST):
            raise wrong(self.label, value, f"un nombre de 1 à {MOST}")
        return int(value)


class CursorField(ListField):
    """The `after` of the answer before: the moment of the first page, then where the next one begins."""

    def read(self, given):
        if given and moment_of(given) is None:
            raise wrong(
                self.label, given[0], "les valeurs « after » de la réponse précédente, dans leur ordre"
            )
        return given


def moment_of(cursor: list[str]) -> datetime | None:
    """Return the moment of the first page, if these are the values of a cursor."""
    try:
        moment = datetime.fromisoformat(cursor[0].strip().replace(" ", "+")) if cursor else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and 2000 < moment.year < 2200 else None
