"""What else is under way while something breaks: an import, a PDF, a mail server in a bad mood."""

import time
from contextlib import contextmanager
from datetime import date
from threading import Thread

from tests import factories
from tests.production.compose import wait_until

LINES = 200


def slowly(seconds: float):
    def answer(message) -> str:
        time.sleep(seconds)
        return "250 OK"

    return answer


def refusing(message) -> str:
    return "451 Try again later"


def hanging_up(message) -> str:
    raise ConnectionAbortedError


@contextmanager
def importing(site, job):
    """A file of so many lines is imported by the worker; in the end each line is one event."""
    from events.models import EventImport
    from tests.events.imports import files

    edition = job.edition
    account = factories.verified(factories.user())
    factories.organization(account)
    day = f"{date.fromisoformat(job.day):%d/%m/%Y}"
    content = files.csv_of(*(files.line(number, day=day) for number in range(LINES)))
    received = files.received(account, content, edition)
    mine = EventImport.objects.filter(pk=received.pk)
    wait_until(lambda: mine.get().state == "checked")
    mine.update(state="queued", submits=False, done=0, attempts=0)
    yield lambda: mine.get().done
    wait_until(lambda: mine.get().state == "done")
    job.imported = (LINES, received.organization.events.count())


@contextmanager
def reading_pdf(site, job):
    """Somebody asks for the whole programme as a PDF, and asks again where nobody answered."""
    from tests.faults.work import _ask

    found = []
    reader = Thread(
        target=lambda: found.extend(_ask(job, "GET", "/programme.pdf", None, None) for _ in range(5))
    )
    reader.start()
    yield
    reader.join()
    if not any(status == 200 for status, _ in found):
        raise ValueError(f"no PDF: {found}")
