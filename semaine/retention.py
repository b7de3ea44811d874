"""What is erased with time, in one list: what, after how long, how to find it and how to erase it.

Each application adds its own lines (`RETENTION` in the settings). `manage.py erase_expired` says or does it, and so
does a task every hour; each run is written down, as numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from semaine.models import Erasure, OutboxMessage

MAILS_KEPT = timedelta(days=90)
NOBODY = "efface@supprime.invalid"


@dataclass(frozen=True)
class Line:
    """One thing that is erased. `what` and `after`: French words; `find`: what is due at a moment.

    `erase`: erases what was found at a moment and returns how many; without it the rows themselves go.
    """

    what: str
    after: str
    find: Callable[[datetime], QuerySet]
    erase: Callable[[QuerySet, datetime], int] | None = None

    def apply(self, at: datetime) -> int:
        found = self.find(at)
        if self.erase:
            return self.erase(found, at)
        _, erased = found.delete()
        return erased.get(found.model._meta.label, 0)


def lines() -> Iterator[Line]:
    for name in settings.RETENTION:
        yield from import_string(name)


def due(at: datetime) -> list[tuple[Line, int]]:
    """Return each line with how many it would erase. Changes nothing."""
    return [(line, line.find(at).count()) for line in lines()]


def erase_expired(at: datetime) -> list[tuple[Line, int]]:
    """Erase what is due, line by line, each in its own transaction, and write down how many. Twice is once."""
    return [(line, _erase(line, at)) for line in lines()]


@transaction.atomic
def _erase(line: Line, at: datetime) -> int:
    number = line.apply(at)
    if number:
        Erasure.objects.create(at=at, what=line.what, number=number)
    return number


def _sent_mails(at: datetime) -> QuerySet:
    return OutboxMessage.objects.filter(sent_at__lt=at - MAILS_KEPT).exclude(recipient=NOBODY)


def _empty(mails: QuerySet, at: datetime) -> int:
    """The row stays, by which a mail is told once."""
    return mails.update(recipient=NOBODY, subject="", text="", html="", last_error="")


def _ended_sessions(at: datetime) -> QuerySet:
    return Session.objects.filter(expire_date__lt=at)


LINES = (
    Line("sessions", "dès leur fin", _ended_sessions),
    Line("courriels envoyés", "90 jours après l’envoi", _sent_mails, _empty),
)
