"""When is an answer due, and how late is it, in working days of the event's territory?"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from events.models import Event
from events.progress import awaits_answer
from semaine import working_days
from semaine.dates import day_words, today
from semaine.text import count

WORKING_DAY = ("jour ouvré", "jours ouvrés")


class Due(NamedTuple):
    """The day in words, and how far it is: « en retard de 2 jours ouvrés »."""

    day: str
    words: str
    is_late: bool = False


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


def due(event: Event, at: datetime) -> Due | None:
    """Return when the answer is due; nothing when none is awaited. The event is read with `with_proposals()`."""
    if event.due_on is None or not awaits_answer(event):
        return None
    day, code = today(at), event.department_id or ""
    words = day_words(event.due_on)
    if event.due_on == day:
        return Due(words, "réponse due aujourd’hui")
    if event.due_on > day:
        return Due(words, f"il reste {count(working_days.between(day, event.due_on, code), *WORKING_DAY)}")
    if late := working_days.between(event.due_on, day, code):
        return Due(words, f"en retard de {count(late, *WORKING_DAY)}", is_late=True)
    return Due(words, "réponse due le dernier jour ouvré")
