"""A site with as many events as asked, as `make demo` would have them."""

import gc

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event


def fill(number: int) -> None:
    """The structure, all territories, the edition of demonstrations and so many events; what is there stays."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    for name in ("load_territories", "load_terms", "load_offices"):
        call_command(name, verbosity=0)
    call_command("load_editions", demo=True)
    there = Event.objects.count()
    if there < number:
        call_command("synthesize", events=number - there, seed=there + 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    gc.collect()


def queries(path: str) -> int:
    """Return how many statements an address takes when nothing is kept."""
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert Client(headers={"host": "localhost"}).get(path).status_code == 200, path
    return len(found)
