"""What waits in the events, for Prometheus; `settings.METRICS` names these functions."""

from datetime import datetime

from events.deadlines import overdue
from events.models import Event
from events.models.imports import EventImport
from events.querysets import is_waiting
from semaine.dates import today


def decisions(at: datetime) -> list[tuple[str, str, float]]:
    """How many events of editions under way wait for an answer, and how many have waited too long."""
    waiting = Event.objects.filter(is_waiting(), edition__label_until__gte=today(at))
    return [
        ("semaine_decisions_waiting", "Events that wait for an answer.", waiting.count()),
        ("semaine_decisions_late", "Events whose answer is late.", waiting.filter(overdue(at)).count()),
    ]


def imports(at: datetime) -> list[tuple[str, str, float]]:
    """How many imported files a worker has still to do."""
    return [("semaine_imports_waiting", "Imported files not done.", EventImport.objects.pending().count())]
