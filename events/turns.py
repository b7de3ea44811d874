"""Whose turn is it? The turn orders the work; it never gives or takes the right to decide.

The département's office comes first if somebody is at work there, else the region's, else the nation's; each working
day overdue moves the file one step up. What one office hands over to another is the other's turn, and of the late
ones everybody's turn as before.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from organizers.enums import OfficeKind
from organizers.models import Office
from semaine import working_days
from semaine.dates import today
from semaine.models import Department

DAYS_TO_ANSWER = 4
NATION = (OfficeKind.NATIONAL, None)


def due_on(at: datetime, department: Department | None) -> date:
    """Return the day by which what was sent at `at` is to be answered: four working days later."""
    return working_days.shift(today(at), DAYS_TO_ANSWER, department.code if department else "")


@dataclass(frozen=True)
class Turns:
    """Who is at work on a day, and where: read once, then asked for any number of offices."""

    day: date
    at_work: frozenset[tuple[str, str | None]]
    regions: dict[str, str | None]  # of each département, by their codes

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
        for code, region in self.regions.items():
            above = [(OfficeKind.DEPARTMENTAL, code), (OfficeKind.REGIONAL, region), NATION]
            chain = [each for each in above if each in self.at_work]
            if seat in chain:
                step = chain.index(seat)
                # Territories with the same holidays share one condition.
                calendar = code if code in working_days.SUBDIVISIONS else ""
                steps[step, step == len(chain) - 1, calendar].append(code)
        return steps


def turns_on(at: datetime) -> Turns:
    """Return who is at work on the day of `at`. Two queries."""
    at_work = {_seat(each) for each in Office.objects.with_active_agent(at)} | {NATION}
    return Turns(today(at), frozenset(at_work), dict(Department.objects.values_list("pk", "region")))


def turn_of(office: Office, at: datetime) -> Q:
    """Return the condition that a waiting event is this office's to examine at `at`. Two queries."""
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
