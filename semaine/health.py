"""Does this process work, and may it be given visitors? For the machines that watch it."""

from functools import cache as once

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from semaine.celery import app as celery


@never_cache
@require_safe
def health(request):
    """Answer the state of database, cache and queue; 503 when one is down."""
    states = {"database": _database(), "cache": _cache(), "queue": _queue()}
    down = [name for name, up in states.items() if not up]
    words = {name: "ok" if up else "down" for name, up in states.items()}
    return JsonResponse(words, status=503 if down else 200)


@never_cache
@require_safe
def ready(request):
    """Answer whether this process may be given visitors: 503 while the database is away or older than the code.

    Without Redis the pages still answer: only `health` tells it. A newer database than the code is no hindrance, for
    during a release two versions run side by side.
    """
    try:
        missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    words = {"database": "ok", "migrations": "missing" if missing else "ok"}
    return JsonResponse(words, status=503 if missing else 200)


@once
def _known_migrations() -> set[tuple[str, str]]:
    """Return the application and name of each migration of the code."""
    return set(MigrationLoader(None).disk_migrations)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache() -> bool:
    cache.set("health", "up", timeout=5)
    return cache.get("health") == "up"


def _queue() -> bool:
    try:
        with celery.connection_for_read() as queue:
            queue.ensure_connection(max_retries=1, timeout=1)
    except (OSError, KombuError):
        return False
    return True
