"""A territory as the public sees it: its events, its part of the nation, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from events.event_sets import EventSet
from organizers.models import Office, Partner
from semaine.models import Department, Region
from semaine.text import count


@dataclass(frozen=True)
class Territory:
    """What differs between a région and a département. `parameter`: the filter that names it, `here` its condition."""

    place: Region | Department
    parameter: str
    here: Q
    offices: Sequence[Office]
    partners: Sequence[Partner]
    neighbours: Sequence[Region | Department]
    parts: Sequence[Department] = ()

    def among(self, events: EventSet) -> EventSet:
        """Its own of these events."""
        return events.having(self.parameter, self.place.code)

    @property
    def query(self) -> dict[str, str]:
        """What names it in the query string of the programme."""
        return {self.parameter: self.place.code}


@dataclass(frozen=True)
class Counted:
    """A territory and how many events are on show there."""

    place: Region | Department
    number: int

    @property
    def words(self) -> str:
        return count(self.number, "événement")


def of_region(region: Region) -> Territory:
    parts, neighbours = Department.objects.around(region)
    return Territory(
        region,
        "region",
        Q(department__region=region),
        Office.objects.for_region(region),
        Partner.objects.of_region(region),
        neighbours,
        parts,
    )


def of_department(department: Department) -> Territory:
    return Territory(
        department,
        "departement",
        Q(department=department),
        Office.objects.for_department(department),
        Partner.objects.of_department(department),
        department.neighbours.select_related("region"),
    )


def counted(departments: Sequence[Department], numbers: dict[str | None, int]) -> list[Counted]:
    return [Counted(each, numbers.get(each.code, 0)) for each in departments]
