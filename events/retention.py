"""What the events erase with time: see `semaine.retention`."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from events.imports.jobs import KEPT
from events.models import Event, EventImport
from semaine.dates import today
from semaine.retention import Line

CONTACTS_KEPT = timedelta(days=365)
NO_CONTACT = {"contact_name": "", "contact_email": "", "contact_phone": ""}


def _contacts(at: datetime) -> QuerySet:
    over = Event.objects.filter(edition__label_until__lt=today(at) - CONTACTS_KEPT)
    return over.exclude(**NO_CONTACT)


def _imports(at: datetime) -> QuerySet:
    return EventImport.objects.filter(created_at__lt=at - KEPT).only("pk")


LINES = (
    Line(
        "contacts des événements",
        "un an après la fin de l’édition",
        _contacts,
        lambda events: events.update(**NO_CONTACT),
    ),
    Line("fichiers importés et leurs lignes", "30 jours après l’import", _imports),
)
