"""What every test stands on: the real services, a closed network, and the fixtures of `tests.factories`."""

from contextlib import ExitStack

import pytest
from django.conf import settings

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

    cache.clear()
