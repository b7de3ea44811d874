"""What the events erase with time: see `semaine.retention`."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from events.contacts import NOBODY
from events.models import Event, EventImport
from semaine.dates import today
from semaine.retention import Line

CONTACTS_KEPT, IMPORTS_KEPT = timedelta(days=365), timedelta(days=30)


def _contacts(at: datetime) -> QuerySet:
    over = Event.objects.filter(edition__label_until__lt=today(at) - CONTACTS_KEPT)
    return over.exclude(**NOBODY)


def _imports(at: datetime) -> QuerySet:
    return EventImport.objects.filter(created_at__lt=at - IMPORTS_KEPT).only("pk")


LINES = (
    Line(
        "contacts des événements",
        "un an après la fin de l’édition",
        _contacts,
        lambda events, at: events.update(**NOBODY),
    ),
    Line("fichiers importés et leurs lignes", "30 jours après l’import", _imports),
)
