"""What every test stands on: the real services, a closed network, and the fixtures of `tests.factories`."""

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection

from semaine import embedded

_services = ExitStack()


def pytest_configure(config):
    """Start PostgreSQL and Redis once, in the process that leads the workers."""
    if settings.LOCAL and not hasattr(config, "workerinput"):
        _services.enter_context(embedded.running(settings.DATA_DIR, durable=False))


def pytest_unconfigure(config):
    _services.close()


@pytest.fixture(autouse=True)
def _clean_cache():
    from django.core.cache import cache

    from events import bits, drawn_cards
    from semaine import structure

    cache.clear()
    for kept in (bits, drawn_cards, structure):
        kept.forget()


@pytest.fixture(scope="session", autouse=True)
def _nobody_stays(django_db_setup, django_db_blocker):
    """End the connections of live servers' threads, which would keep the test database from going."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
