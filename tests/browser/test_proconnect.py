"""Signing in and out by an identity provider, in a browser that holds our pages to their policy."""

import re
from copy import deepcopy

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from semaine.settings import CONTENT_SECURITY_POLICY
from tests import factories
from tests.organizers.identity_provider import configure, running_provider

pytestmark = [
    pytest.mark.browser,
    # The provider's own library, which runs in this process.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
# The provider's pages take a style sheet from elsewhere, which no test may reach.
FOREIGN = ("jsdelivr", "ERR_FAILED")


@pytest.fixture
def provider(settings):
    with running_provider() as running:
        configure(settings, running.url)
        running.person("s-1", email="camille@example.org", email_verified=True, given_name="Camille")
        yield running


def allow(settings, *origins):
    policy = deepcopy(CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] += origins
    settings.CONTENT_SECURITY_POLICY = policy


@pytest.fixture
def camille(season):
    person = factories.user("camille@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_provider_signs_in_and_out_under_our_policy(provider, camille, open_page, settings):
    allow(settings, provider.url)
    page = open_page(expected=FOREIGN, also=[provider.url])
    page.goto("/compte/connexion/?next=/compte/")
    page.get_by_role("button", name="ProConnect").click()
    page.get_by_placeholder("sub").fill("s-1")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    expect(page.locator("main")).to_contain_text("camille@example.org")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="End session").click()
    expect(page).to_have_url(re.compile("/compte/proconnect/deconnecte/|/compte/connexion/|/$"))
    page.goto("/compte/")
    expect(page).to_have_url(re.compile("/compte/connexion/"))


def test_policy_that_does_not_name_the_provider_stops_the_form(provider, camille, open_page):
    page = open_page(expected=(*FOREIGN, "CSP: form-action", "form-action"), also=[provider.url])
    page.goto("/compte/connexion/")
    with page.expect_console_message(lambda each: "CSP: form-action refuses" in each.text):
        page.get_by_role("button", name="ProConnect").click()
