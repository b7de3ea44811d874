"""One site for all these tests: it takes longer to build and to read than to be asked."""

import os

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.hostile.reading import read
from tests.hostile.site import CLOCK, build
from tests.hostile.visit import Visitor

# As many events more as slow pages need to show.
EVENTS = int(os.environ.get("FUZZ_EVENTS", "0"))
# Seconds. Beside all the other tests a machine is busy, and slow is no bug.
PATIENCE = 2.0 if "FUZZ_REQUESTS" in os.environ else 10.0
# A provider of identities that is away: its button shows.
ISSUER = "http://127.0.0.1:9"
APP = {"name": "ProConnect", "client_id": "semaine", "secret": "s", "settings": {"scope": ["openid"]}}


@pytest.fixture(scope="package")
def visitor(django_db_setup, django_db_blocker, tmp_path_factory):
    """Who visits the site, which is gone afterwards."""
    changes = {
        "MEDIA_ROOT": tmp_path_factory.mktemp("media"),
        "OPERATOR": settings.OPERATOR | {"security_contact": "failles@example.org"},
        "PROCONNECT_ISSUER": ISSUER,
        "SOCIALACCOUNT_PROVIDERS": {"proconnect": {"APPS": [APP]}},
    }
    with (
        django_db_blocker.unblock(),
        override_settings(**changes),
        time_machine.travel(CLOCK, tick=False),
        transaction.atomic(),
    ):
        yield Visitor(build(EVENTS), slowest=PATIENCE)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def seen(visitor):
    """What there is to read on the site."""
    return read(visitor)
