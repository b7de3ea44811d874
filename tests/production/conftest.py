"""One production site for the tests of this folder: its own PostgreSQL and Redis, prepared as at each release."""

import shutil

import pytest

from semaine import embedded
from semaine.embedded.servers import place_of
from tests.production.compose import Machine, free_port, wait_until
from tests.semaine.mail_server import mail_server

# What .env gives, and no more.
ENVIRONMENT = {
    "ALLOWED_HOSTS": "semaine.example.org",
    "DEFAULT_FROM_EMAIL": "ne-pas-repondre@example.org",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_USE_TLS": "false",
    "GEOCODER_URL": "",
    "METRICS_TOKEN": "sesame",
    "POSTGRES_PASSWORD": "of-no-use-on-a-socket",
    "SECRET_KEY": "only-for-this-test-only-for-this-test-only-for-this-test-only",
    "SITE_URL": "https://semaine.example.org",
}


@pytest.fixture(scope="package")
def mails():
    with mail_server() as server:
        yield server


@pytest.fixture(scope="package")
def machine(tmp_path_factory, mails):
    """The folder, the services and the database that `prepare` leaves; no server of the site runs yet."""
    data_dir = tmp_path_factory.mktemp("production")
    for name in ("media", "tmp", "backups"):
        (data_dir / name).mkdir()
    environment = ENVIRONMENT | {"EMAIL_PORT": str(mails.server_address[1])}
    with embedded.running(data_dir, durable=False):
        made = Machine(data_dir, free_port(), environment)
        try:
            made.run("prepare")
            yield made
        finally:
            made.stop()
    embedded.erase(data_dir)
    home = place_of(data_dir).home
    if home != data_dir:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def web(machine):
    """The web server of production, ready for visitors."""
    process = machine.start("web")
    wait_until(lambda: process.poll() is not None or machine.answers("/sante/pret"))
    assert process.poll() is None, machine.log("web")
    yield process
    machine.stop()
