"""A real Chromium before the real site: no request leaves the machine, and whatever goes wrong in a page fails."""

import os
from functools import partial
from pathlib import Path

import pytest
from django.test import Client

from tests.browser.mailbox import Mailbox, running_worker
from tests.browser.season import Season
from tests.browser.watch import Watch
from tests.sessions import sign_in

CHROMIUM = Path("/usr/bin/chromium")
# Playwright runs an event loop in the tests' own thread; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium. Without it the tests are skipped, except where CI must not pass for less."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: apt install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return browser_type_launch_args | {"executable_path": str(CHROMIUM)}


@pytest.fixture
def season(live_server, settings):
    """A published edition around today, an empty programme, and the site's own address in its links."""
    settings.SITE_URL = live_server.url
    return Season()


@pytest.fixture
def open_page(browser, live_server):
    """Return a function that opens a page for somebody, in a browser session of their own.

    `expected`: texts that a console error may hold, such as the status of a page that must be missing.
    `also`: other servers of the test, where our pages may lead.
    """
    watches = []

    def open_one(user=None, *, expected=(), also=(), **options):
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR"} | options
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        watches.append(Watch(context, live_server.url, expected, also))
        if user:
            _sign_in(context, user, live_server.url)
        return context.new_page()

    yield open_one
    for watch in watches:
        watch.context.close()
    assert [problem for watch in watches for problem in watch.problems] == []


def _sign_in(context, user, url):
    client = Client()
    # Who works for the State signs in with a second factor, as the admin asks.
    sign_in(client, user) if user.is_staff else client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


@pytest.fixture
def page(open_page):
    """A visitor's page."""
    return open_page()


@pytest.fixture
def mailbox_of(transactional_db, tmp_path):
    """Return the mailbox of an address; a real Celery worker fills it from the same database and the same Redis."""
    with running_worker(tmp_path) as worker:
        yield partial(Mailbox, tmp_path / "mail", worker)
