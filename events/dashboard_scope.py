"""What a dashboard is asked for: a part of an agent's territory, an edition, and of a list the figure and the line."""

from dataclasses import dataclass, replace

from django import forms
from django.http import Http404

from events import steering
from events.enums import Audience, Rule, TermKind
from events.filter_fields import ChoiceField
from events.models import Event, Term
from events.querysets import EventQuerySet, departments_of
from organizers.enums import OfficeKind
from organizers.models import Office
from semaine.models import Department, Edition, Region
from semaine.text import join_words


class DashboardForm(forms.Form):
    """What an address asks of a dashboard: the edition, and of a list the figure and the line."""

    edition = ChoiceField(label="Édition", required=False)
    chiffre = ChoiceField(label="Chiffre", required=False, choices=list(steering.FIGURES.items()))
    par = ChoiceField(label="Tableau", required=False, choices=[(each, each) for each in steering.GROUPS])
    valeur = ChoiceField(label="Ligne", required=False)

    def __init__(self, data, *, editions: list[Edition], lines: dict[str, dict[str, str]]):
        super().__init__(data)
        self.editions, self.lines = editions, lines
        self.fields["edition"].choices = [(f"{each.year}", f"{each}") for each in editions]
        names = lines.get(data.get("par", ""), {})
        self.fields["valeur"].choices = list(names.items())

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data["par"]) != bool(data["valeur"]):
            raise forms.ValidationError("Ligne : choisissez une ligne du tableau.")
        return data

    @property
    def chosen(self) -> Edition | None:
        """The edition asked for, else the one that runs or comes next; None when there is none at all."""
        year = self.cleaned_data["edition"]
        return next((each for each in self.editions if not year or f"{each.year}" == year), None)

    @property
    def sentences(self) -> list[str]:
        """What is wrong in the address."""
        return [sentence for sentences in self.errors.values() for sentence in sentences]

    @property
    def heading(self) -> str:
        """What a list is of: « En retard – Visite d’entreprise »."""
        if not self.is_valid():
            return "Événements"
        figure = steering.FIGURES[self.cleaned_data["chiffre"] or steering.SENT]
        line = self.lines.get(self.cleaned_data["par"], {}).get(self.cleaned_data["valeur"])
        return f"{figure} – {line}" if line else figure


@dataclass(frozen=True)
class Scope:
    """The part of an agent's territory that is looked at."""

    user: object
    departments: tuple[Department, ...]
    is_nation: bool
    own_regions: frozenset[str]
    region: Region | None = None
    department: Department | None = None

    @property
    def name(self) -> str:
        if self.department or self.region:
            return f"{self.department or self.region}"
        if self.is_nation:
            return "France"
        regions = {each.region for each in self.departments if each.region_id in self.own_regions}
        others = [each for each in self.departments if each.region_id not in self.own_regions]
        return join_words(f"{each}" for each in [*sorted(regions, key=lambda r: r.sort_key), *others])

    @property
    def there(self) -> list[Department]:
        """The départements in it."""
        if self.department:
            return [self.department]
        return [each for each in self.departments if not self.region or each.region_id == self.region.pk]

    @property
    def regions(self) -> dict[str, Region]:
        """The regions that can be looked at whole, by code."""
        found = {each.region_id: each.region for each in self.departments if each.region_id}
        return found if self.is_nation else {code: found[code] for code in found if code in self.own_regions}

    @property
    def parameters(self) -> dict[str, str]:
        if self.department:
            return {"departement": self.department.pk}
        return {"region": self.region.pk} if self.region else {}

    @property
    def trail(self) -> list["Scope"]:
        """The larger parts that this one lies in, the whole territory first."""
        if not self.parameters:
            return []
        region = self.department and self.regions.get(self.department.region_id)
        above = [replace(self, region=region, department=None)] if region else []
        return [replace(self, region=None, department=None), *above]

    @property
    def events(self) -> EventQuerySet:
        """The events once sent that are examined there."""
        events = Event.objects.examinable_by(self.user)
        if self.department:
            return events.filter(department=self.department)
        return events.filter(department__region=self.region) if self.region else events


def scope_of(user, region: str, department: str) -> Scope:
    """Return the part of an agent's territory that an address names; 404 for what is not theirs. Two queries."""
    offices = list(Office.objects.of(user))
    whole = Scope(
        user,
        tuple(departments_of(user).select_related("region")),
        is_nation=any(each.kind == OfficeKind.NATIONAL for each in offices),
        own_regions=frozenset(each.region_id for each in offices if each.region_id),
    )
    places = {each.pk: each for each in whole.departments}
    if (region and region not in whole.regions) or (department and department not in places):
        raise Http404
    return replace(whole, region=whole.regions.get(region), department=places.get(department))


def line_names(scope: Scope) -> dict[str, dict[str, str]]:
    """Return the lines that each table may have, by code, in their order. One query."""
    terms = Term.objects.by_kind()
    nowhere = {steering.ONLINE: "En ligne, ou sans lieu"}
    none = {steering.NONE: "Non précisé"}
    departments = sorted(scope.departments, key=lambda each: each.sort_key)
    regions = sorted({each.region for each in departments if each.region}, key=lambda each: each.sort_key)
    return {
        "region": {each.pk: each.name for each in regions} | {steering.OVERSEAS: "Outre-mer"} | nowhere,
        "departement": {each.pk: f"{each.name} ({each.pk})" for each in departments} | nowhere,
        "nature": {each.code: each.label for each in terms[TermKind.FORMAT]} | none,
        "filiere": {each.code: each.label for each in terms[TermKind.SECTOR]} | none,
        "public": dict(Audience.choices) | none,
        "regle": dict(Rule.choices),
    }
