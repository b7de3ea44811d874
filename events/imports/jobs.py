"""Who works on which import? The row of an import is the job; a lock that ends with its worker says it is taken."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.db.models import F

from events.imports.checking import check
from events.imports.states import ImportState
from events.imports.writing import write
from events.models import EventImport

logger = logging.getLogger(__name__)

# The first half of the keys by which PostgreSQL knows the locks of imports.
LOCKS = 1515
EVERY = 10  # lines

Progress = Callable[[int], None]


def work(at: datetime) -> int:
    """Do the imports that wait, the oldest first, but those that another worker does; return how many."""
    worked = 0
    for pk in EventImport.objects.pending().values_list("pk", flat=True):
        with claimed(pk) as progress:
            worked += bool(progress and _do(pk, progress, at))
    return worked


@contextmanager
def claimed(pk: int) -> Iterator[Progress | None]:
    """Hold an import for this worker, and give the function that says how far it is; None: it is taken.

    Both go through a connection of their own. The lock is the connection's: PostgreSQL frees it when the worker
    dies, however it dies. What is said of the progress is seen at once, before the import's own transaction ends.
    """
    side = connection.copy()
    try:
        with side.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, pk])
            is_ours = cursor.fetchone()[0]
            yield teller(cursor, pk) if is_ours else None
            # The end of a connection frees it too, but a moment later.
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, pk])
    finally:
        side.close()


def teller(cursor, pk: int) -> Progress:
    """Return what says how far an import is. Lines that an earlier attempt had reached are no progress."""

    told = 0

    def say(done: int) -> None:
        nonlocal told
        if done >= told + EVERY:
            told = done
            cursor.execute(
                "UPDATE events_eventimport SET done = %s, attempts = 0"
                " WHERE id = %s AND state IN (%s, %s) AND done < %s",
                [done, pk, ImportState.RECEIVED, ImportState.QUEUED, done],
            )

    return say


def _do(pk: int, progress: Progress, at: datetime) -> bool:
    # Read again under the lock: another worker may just have done it.
    rows = EventImport.objects.pending().select_related(
        "created_by", "edition", "organization__headquarters__department"
    )
    event_import = rows.filter(pk=pk).defer("content").first()
    if event_import is None:
        return False
    rows.filter(pk=pk).update(attempts=F("attempts") + 1)
    job = {ImportState.RECEIVED: check, ImportState.QUEUED: write}[event_import.stands]
    try:
        job(event_import, progress, at)
    except Exception:
        # A fault of ours must not hold up the imports of others; the job stays, to be tried again.
        logger.exception("import %s", pk)
        return False
    return True
