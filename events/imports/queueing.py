"""What people decide of an import: a change of its row, which a worker then finds. No broker is asked."""

from collections import Counter
from datetime import datetime

from django.db.models import Count

from events.imports.forms import ALL, SEND, DecisionForm
from events.imports.states import ImportState, LinePlan, LineVerdict
from events.models import EventImport
from events.models.imports import MOST_ATTEMPTS
from semaine.dates import HOME_ZONE, day_words, last_local_day, today
from semaine.text import count


def decision_form(event_import: EventImport, at: datetime, data=None) -> DecisionForm | None:
    """Return the form that imports a checked file; None when nothing is to be decided. One query."""
    if not event_import.is_checked:
        return None
    lines = _counts(event_import)
    wrong = lines[LineVerdict.ERROR]
    if wrong == event_import.total:
        return None
    return DecisionForm(
        data,
        why_not_all=_why_not_all(wrong),
        why_not_send=why_not_send(event_import.edition, at),
        incomplete=lines[LineVerdict.INCOMPLETE],
        changed_here=lines[LinePlan.REPLACE],
    )


def _counts(event_import: EventImport) -> Counter:
    """Return how many lines have each verdict, and how many that are not wrong each effect."""
    counts = Counter()
    rows = event_import.lines.order_by().values_list("verdict", "plan").annotate(Count("pk"))
    for verdict, plan, number in rows:
        counts[verdict] += number
        counts[plan] += number if verdict != LineVerdict.ERROR else 0
    return counts


def _why_not_all(wrong: int) -> str:
    if not wrong:
        return ""
    return f"« Tout ou rien » n’est pas possible : {count(wrong, 'ligne')} à corriger."


def why_not_send(edition, at: datetime) -> str:
    if edition.accepts_submissions(at):
        return ""
    opens = day_words(today(edition.submissions_open_at), year=True)
    closes = day_words(last_local_day(edition.submissions_close_at, HOME_ZONE), year=True)
    return (
        f"Les événements ne s’envoient pas aujourd’hui : les propositions sont reçues du {opens} au {closes}."
    )


def decide(event_import: EventImport, form: DecisionForm, at: datetime) -> bool:
    """Ask for the import of a checked file, once: a second click finds it asked for."""
    answers = form.cleaned_data
    return bool(
        _rows(event_import, ImportState.CHECKED).update(
            state=ImportState.QUEUED,
            queued_at=at,
            done=0,
            attempts=0,
            all_or_nothing=answers["what"] == ALL,
            submits=answers["then"] == SEND,
            replaces=answers.get("replaces", False),
        )
    )


def take_up(event_import: EventImport, at: datetime) -> bool:
    """Let workers try again an import that they have given up."""
    return bool(_given_up(event_import).update(attempts=0, queued_at=at))


def forget(event_import: EventImport) -> bool:
    """Erase an import that no worker is at, or that they have given up; its events stay."""
    at_rest = _rows(event_import, ImportState.CHECKED, ImportState.DONE, ImportState.REFUSED)
    deleted, _ = (at_rest | _given_up(event_import)).only("pk").delete()
    return bool(deleted)


def _given_up(event_import: EventImport):
    return _rows(event_import, ImportState.RECEIVED, ImportState.QUEUED).filter(attempts__gte=MOST_ATTEMPTS)


def _rows(event_import: EventImport, *states: ImportState):
    return EventImport.objects.filter(pk=event_import.pk, state__in=states)
