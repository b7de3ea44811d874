import pytest

from tests.organizers.company_register import company_register
from tests.organizers.identity_provider import configure, running_provider


@pytest.fixture
def register(settings):
    """A company register on this machine, which knows one foundry."""
    with company_register() as running:
        settings.COMPANY_REGISTER_URL = running.url
        yield running


@pytest.fixture
def provider(settings):
    with running_provider() as running:
        configure(settings, running.url)
        running.person("s-1", email="Camille@example.org", email_verified=True, given_name="Camille")
        yield running
