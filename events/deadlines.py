"""When is an answer due, and how late is it, in working days of the event's territory?"""

from datetime import date, datetime, timedelta

from django.db.models import Q

from semaine import working_days
from semaine.dates import today


def overdue(at: datetime) -> Q:
    """Return the condition that the day of the answer lies at least one working day back."""
    day = today(at)
    late = Q(due_on__lt=_last_working_day(day, ""))
    # Where a holiday is kept there only, what was due the day before it is not late yet.
    apart = {code: _last_working_day(day, code) for code in working_days.SUBDIVISIONS}
    elsewhere = [code for code, last in apart.items() if last != _last_working_day(day, "")]
    if not elsewhere:
        return late
    condition = late & (Q(department=None) | ~Q(department__in=elsewhere))
    for code in elsewhere:
        condition |= Q(department=code, due_on__lt=apart[code])
    return condition


def _last_working_day(day: date, code: str) -> date:
    return working_days.shift(day + timedelta(days=1), -1, code)
