import pytest

from tests.organizers.company_register import company_register


@pytest.fixture
def register(settings):
    """A company register on this machine, which knows one foundry."""
    with company_register() as running:
        settings.COMPANY_REGISTER_URL = running.url
        yield running
