"""A second PostgreSQL that follows the first (`DATABASE_REPLICA_URL`): the public pages are read there.

It is read only while it holds every change that the public should see: its revision of the site is compared with the
primary's, known for a second at most. Late, dead or not answering, it is left alone and the primary serves. Who has a
session reads the primary: people see at once what they have just done. Private pages, writes and tasks never come here,
nor do the files that are sent in pieces, which could not be begun again if the replica failed.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connections
from prometheus_client import Counter
from psycopg.errors import QueryCanceled

from semaine.models import SiteRevision

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

PRIMARY, REPLICA = "default", "replica"
KNOWN_SECONDS = 1
# After a failure, before this process tries again: else each request would wait for the connection to time out.
REST_SECONDS = 5
LOST = (OperationalError, InterfaceError)

read = Counter("semaine_public_reads", "Public pages by the database that they were read from.", ["database"])
_reading: ContextVar[bool] = ContextVar("reading_replica", default=False)
_rests_until = 0.0


class Router:
    """Sends reads to the replica inside `reading()`, and everything else to the primary."""

    def db_for_read(self, model, **hints) -> str:
        return REPLICA if _reading.get() else PRIMARY

    def db_for_write(self, model, **hints) -> str:
        return PRIMARY

    def allow_relation(self, first, second, **hints) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, database, app_label, **hints) -> bool:
        return database == PRIMARY


@contextmanager
def reading() -> Iterator[None]:
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def public_read(request, make: Callable[[], Answer]) -> Answer:
    """Return what `make` returns, read from the replica when it is up to date, else from the primary.

    When the replica fails half-way, `make` runs a second time: it must change nothing.
    """
    answer, database = read_from(request, make)
    read.labels(database).inc()
    return answer


def read_from(request, make: Callable[[], Answer]) -> tuple[Answer, str]:
    """The same, with the name of the database, for who counts only some of the readings."""
    if _may_serve(request):
        try:
            with reading():
                return make(), REPLICA
        except LOST as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise  # too long there is too long here
            _rest(error)
    return make(), PRIMARY


def _may_serve(request) -> bool:
    if REPLICA not in settings.DATABASES or time.monotonic() < _rests_until:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    known = _known_revision()
    try:
        return SiteRevision.objects.db_manager(REPLICA).number() >= known
    except LOST as error:
        _rest(error)
        return False


def _known_revision() -> int:
    """Return the primary's revision, a second old at most; with Redis away it is asked each time.

    0 while the primary does not answer: then an old page is better than none.
    """
    known = cache.get("known-revision")
    if known is None:
        try:
            known = SiteRevision.objects.db_manager(PRIMARY).number()
        except LOST:
            return 0
        cache.set("known-revision", known, timeout=KNOWN_SECONDS)
    return known


def _rest(error: Exception) -> None:
    global _rests_until  # one state per process
    _rests_until = time.monotonic() + REST_SECONDS
    connections[REPLICA].close()
    logger.warning("replica left alone for %s s: %s", REST_SECONDS, error)
