"""Whose turn is it? The turn orders the work; it never gives or takes the right to decide.

The département's office comes first if somebody is at work there, else the region's, else the nation's; each working
day overdue moves the file one step up. What one office hands over to another is the other's turn, and of the late
ones everybody's turn as before.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, CharField, F, Q, QuerySet, Value

from organizers.enums import OfficeKind
from organizers.models import Office, OfficeMembership
from semaine import working_days
from semaine.dates import today
from semaine.models import Department
from semaine.text import sort_key

DAYS_TO_ANSWER = 4
NATION = (OfficeKind.NATIONAL, None)


def due_on(at: datetime, department: Department | None) -> date:
    """Return the day by which what was sent at `at` is to be answered: four working days later."""
    return working_days.shift(today(at), DAYS_TO_ANSWER, department.code if department else "")


@dataclass(frozen=True)
class Turns:
    """Who is at work on a day, and where: read once, then asked for any number of offices.

    `at_work`: the seats of the offices with somebody at work, deputies included. `deputies`: the offices for which
    each deputy answers, by their keys.
    """

    day: date
    departments: list[Department]
    at_work: set[tuple[str, str | None]]
    deputies: dict[int, list[Office]]

    def answered_by(self, agent) -> set[Office]:
        """Return the offices for which a person answers: their own, and the absent agents' whose deputy they are."""
        return {*agent.held_offices, *self.deputies.get(agent.pk, ())}

    def of(self, office: Office) -> Q:
        """Return the condition that a waiting event is this office's to examine."""
        # What happens nowhere is the nation's from the first day.
        condition = Q(department=None) if office.kind == OfficeKind.NATIONAL else Q(pk__in=[])
        # On a Sunday, nothing is later than it was on Friday.
        for (step, is_last, calendar), departments in self._steps(_seat(office)).items():
            condition |= _late_by(step, is_last, self.day, calendar) & Q(department__in=departments)
        elsewhere = Q(handed_to__isnull=False) & ~Q(handed_to=office) & Q(due_on__gte=self.day)
        return condition & ~elsewhere | Q(handed_to=office) & _territory_of(office)

    def _steps(self, seat: tuple[str, str | None]) -> dict[tuple[int, bool, str], list[str]]:
        """Return the départements for which an office has a turn, by its step and whether it is the last one."""
        steps = defaultdict(list)
        for code, region in ((each.pk, each.region_id) for each in self.departments):
            above = [(OfficeKind.DEPARTMENTAL, code), (OfficeKind.REGIONAL, region), NATION]
            chain = [each for each in above if each in self.at_work]
            if seat in chain:
                step = chain.index(seat)
                # Territories with the same holidays share one condition.
                calendar = code if code in working_days.SUBDIVISIONS else ""
                steps[step, step == len(chain) - 1, calendar].append(code)
        return steps


def turns_on(at: datetime) -> Turns:
    """Return who is at work on the day of `at`. One query, for three short lists."""
    found = Turns(today(at), [], {NATION}, defaultdict(list))
    for name, department, region, kind, office, deputy in _rows(found.day):
        if name:
            found.departments.append(Department(pk=department, region_id=region, name=name))
            continue
        found.at_work.add((kind, department or region))
        if deputy:
            held = Office(pk=office, kind=kind, department_id=department, region_id=region)
            found.deputies[deputy].append(held)
    found.departments.sort(key=lambda each: sort_key(each.name))
    return found


def _rows(day: date) -> QuerySet:
    """Return, in no order, the départements, which have a name, the offices at work, and those that have a deputy."""
    agents = OfficeMembership.objects.order_by()
    no_name, nobody = Value("", CharField()), Value(None, BigIntegerField())
    # All of them as expressions, which alone keep their places in a union.
    seat = (no_name, F("office__department"), F("office__region"), F("office__kind"))
    at_work = agents.at_work(day).values_list(*seat, nobody, nobody)
    replaced = agents.replaced(day).values_list(*seat, F("office"), F("deputy"))
    departments = Department.objects.order_by().values_list(
        F("name"), F("pk"), F("region"), no_name, nobody, nobody
    )
    # First those that have keys, by which PostgreSQL knows what kind of column it is.
    return replaced.union(at_work, departments)


def turn_of(office: Office, at: datetime) -> Q:
    """Return the condition that a waiting event is this office's to examine at `at`. One query."""
    return turns_on(at).of(office)


def _territory_of(office: Office) -> Q:
    if office.kind == OfficeKind.NATIONAL:
        return Q()
    if office.kind == OfficeKind.REGIONAL:
        return Q(department__region=office.region_id)
    return Q(department=office.department_id)


def _late_by(step: int, is_last: bool, today: date, calendar: str) -> Q:
    """Late by exactly `step` working days, or by as many and more where nobody stands above."""
    day = working_days.shift(today + timedelta(days=1), -1, calendar)
    at_least = Q(due_on__lte=working_days.shift(day, -step, calendar)) if step else Q()
    if is_last:
        return at_least
    return at_least & Q(due_on__gt=working_days.shift(day, -step - 1, calendar))


def _seat(office: Office) -> tuple[str, str | None]:
    return office.kind, office.department_id or office.region_id
