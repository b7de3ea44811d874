"""The organizations of the examples: every territory has one, then people decide how many."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from events.demo.words import vocabulary, weighted
from organizers.enums import OrganizationKind
from organizers.models import Organization
from semaine.models import Commune, Department
from semaine.text import sort_key

# Fewer events where nobody lives.
UNINHABITED = 0.1


@dataclass
class Territory:
    """The communes of a département or of the nation, to draw from by their population."""

    codes: list[str]
    cumulated: list[int]

    def draw(self, rng: Random) -> str:
        return rng.choices(self.codes, cum_weights=self.cumulated)[0]


@dataclass
class Organizer:
    """An organization, the filière it works in, and how many events it has for one of the others'."""

    row: Organization
    sector: str
    weight: float


def territory(communes: list[tuple[str, str, int]]) -> Territory:
    """Return what to draw from; `communes`: (INSEE code, département, population)."""
    return Territory(
        [code for code, _, _ in communes],
        list(accumulate(max(population, 1) for _, _, population in communes)),
    )


def load(rng: Random, number: int, communes: list[tuple[str, str, int]]) -> list[Organizer]:
    """Write about `number` organizations and return them: some of the same name in one commune are one."""
    codes = _headquarters(rng, number, communes)
    places = Commune.objects.select_related("department").in_bulk(codes)
    drawn = [_drawn(rng, places[code]) for code in codes] + _online(rng)
    by_slug = {organizer.row.slug: organizer for organizer in drawn}
    rows = (organizer.row for organizer in by_slug.values())
    Organization.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    stored = Organization.objects.select_related("headquarters__department")
    for row in stored.filter(slug__in=by_slug):
        by_slug[row.slug].row = row
    return list(by_slug.values())


def _headquarters(rng: Random, number: int, communes: list) -> list[str]:
    """Return INSEE codes: one in each département, those that stand for a region first, then by population."""
    by_department = {}
    for commune in communes:
        by_department.setdefault(commune[1], []).append(commune)
    first = [territory(by_department[code]).draw(rng) for code in _departments() if code in by_department]
    nation = territory(communes)
    return (first + [nation.draw(rng) for _ in range(number - len(first))])[:number]


def _departments() -> list[str]:
    rows = list(Department.objects.order_by("code").values_list("code", "region"))
    first_of = {}
    for code, region in rows:
        first_of.setdefault(region or code, code)
    rest = (code for code, _ in rows if code not in first_of.values())
    return [*first_of.values(), *rest]


def _drawn(rng: Random, commune: Commune) -> Organizer:
    kinds = vocabulary()["kinds"]
    kind = weighted(rng, {name: each["organizations"] for name, each in kinds.items()})
    kind = kind if commune.population else OrganizationKind.STATE.value
    sector = rng.choice(list(vocabulary()["sectors"]))
    name = rng.choice(kinds[kind]["names"]).format(
        firm=rng.choice(vocabulary()["sectors"][sector]["firms"]),
        nearby=rng.choice(vocabulary()["nearby"]),
        city=commune.name,
        of_department=commune.department.of_name,
    )
    weight = kinds[kind]["events"] if commune.population else UNINHABITED
    return Organizer(_row(name, kind, commune), sector, weight)


def _online(rng: Random) -> list[Organizer]:
    """The organizations without headquarters, whose events are the nation's."""
    sectors = list(vocabulary()["sectors"])
    names = vocabulary()["online"]
    return [
        Organizer(_row(name, OrganizationKind.FEDERATION, None), rng.choice(sectors), 1) for name in names
    ]


def _row(name: str, kind: str, commune: Commune | None) -> Organization:
    slug = sort_key(f"{name} {commune.code if commune else ''}").replace(" ", "-")
    return Organization(name=name, slug=slug, kind=kind, headquarters=commune)
