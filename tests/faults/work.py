"""The main job, by HTTP: organizers send, referents label, the public reads. What was answered is a promise."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from string import ascii_lowercase
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from events.models import Event
from organizers.enums import OfficeKind
from semaine.models import Edition
from tests import factories
from tests.faults.site import Site, open_edition
from tests.sessions import sign_in

HOST = "semaine.example.org"
TOKEN = "t" * 32
PATIENCE = 90  # seconds, for one person to have one thing done
AGAIN = 0.3  # seconds, before somebody who was told to try again does
PUBLIC = ("/", "/programme/", "/carte/", "/accessibilite/")


@dataclass
class Person:
    cookie: str

    @classmethod
    def signed_in(cls, account) -> "Person":
        session = sign_in(Client(headers={"host": HOST}), account).session
        return cls(f"__Host-sessionid={session.session_key}; __Host-csrftoken={TOKEN}")


@dataclass
class Job:
    """Who does what. The events of `drafts` wait to be sent, those of `files` to be labelled."""

    site: Site
    organizers: list[tuple[Person, list[int]]]
    referents: list[tuple[Person, list[int]]]
    edition: Edition
    day: str  # of its week
    readers: int = 2
    spread: float = 0  # seconds, about, over which each does what there is to do
    imported: tuple[int, int] = (0, 0)  # lines, and the events that they became
    sent: set[int] = field(default_factory=set)
    labelled: set[int] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def failures(self) -> int:
        """How often somebody was told to try again, or told nothing at all."""
        return sum(number for status, number in self.statuses.items() if status == 0 or status >= 500)


def prepare(site: Site, *, organizers: int, referents: int, each: int, files: int = 0) -> Job:
    """Write accounts, drafts and files that wait: `each` of them for each person, or `files` for each referent."""
    edition, day = open_edition()
    given = {"at": timezone.now(), "in_edition": edition, "slots": [factories.slot(day)]}
    # The tasks ask for its point.
    given["address"] = "1 rue de l’Usine"
    nation = [factories.referent(OfficeKind.NATIONAL, "France") for _ in range(referents)]
    senders, deciders = [], []
    for _ in range(organizers):
        account = factories.verified(factories.user())
        made = [factories.draft(account, title=_title(), **given) for _ in range(each)]
        senders.append((Person.signed_in(account), [event.pk for event in made]))
    for account in nation:
        author = factories.verified(factories.user())
        made = [factories.submitted(author, title=_title(), **given) for _ in range(files or each)]
        deciders.append((Person.signed_in(account), [event.pk for event in made]))
    return Job(site, senders, deciders, edition, day)


def _title() -> str:
    """A title that no other event has: those that look alike are another matter."""
    return f"Visite {''.join(random.choices(ascii_lowercase, k=12))}"


@contextmanager
def under_way(job: Job):
    """Everybody works while the body runs; at its end, whoever has something left to do ends it."""
    done = threading.Event()
    people = [*((_send, each) for each in job.organizers), *((_label, each) for each in job.referents)]
    with ThreadPoolExecutor(len(people) + job.readers) as pool:
        busy = [pool.submit(act, job, *who) for act, who in people]
        reading = [pool.submit(_read, job, done) for _ in range(job.readers)]
        try:
            yield
        finally:
            errors = [each.exception() for each in busy]
            done.set()
            errors += [each.exception() for each in reading]
    for error in filter(None, errors):
        raise error


def _send(job: Job, person: Person, keys: list[int]) -> None:
    for key in keys:
        _think(job, len(keys))
        began = time.monotonic()
        path = f"/espace/evenements/{key}/"
        _persist(job, person, f"{path}envoyer/", {}, lambda found, path=path: found == (302, path))
        job.seconds.append(time.monotonic() - began)
        job.sent.add(key)


def _label(job: Job, person: Person, keys: list[int]) -> None:
    for key in keys:
        _think(job, len(keys))
        data = {"decision": "label", "purpose_confirmed": "on", "version": "1"}
        path = f"/admin/events/event/{key}/examiner/"
        _persist(
            job, person, path, data, lambda found: found[0] == 302 and found[1].startswith("/admin/events/")
        )
        job.labelled.add(key)


def _think(job: Job, things: int) -> None:
    threading.Event().wait(random.uniform(0.5, 1.5) * job.spread / things)


def _persist(job: Job, person: Person, path: str, data: dict, is_done: Callable[[tuple], bool]) -> None:
    """Send a form until it is taken, as somebody does who is told to try again."""
    deadline = time.monotonic() + PATIENCE
    while not is_done(found := _ask(job, "POST", path, person, data)):
        assert found[0] == 0 or found[0] >= 500, f"{path}: {found}"
        assert time.monotonic() < deadline, f"{path}: {found}, for {PATIENCE} s"
        threading.Event().wait(AGAIN)


def _read(job: Job, done: threading.Event) -> None:
    number = 0
    while not done.wait(0.05):
        _ask(job, "GET", f"{PUBLIC[number % len(PUBLIC)]}", None, None)
        number += 1


def _ask(job: Job, method: str, path: str, person: Person | None, data: dict | None) -> tuple[int, str]:
    """Return the status and where it leads; (0, "") when nobody answered."""
    told = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "X-Real-IP": "192.0.2.1",
        "Origin": f"https://{HOST}",
        "Accept": "text/html",
    }
    body = None
    if person:
        told["Cookie"] = person.cookie
    if data is not None:
        body = urlencode({**data, "csrfmiddlewaretoken": TOKEN})
        told["Content-Type"] = "application/x-www-form-urlencoded"
    asked = http.client.HTTPConnection("127.0.0.1", job.site.port, timeout=60)
    try:
        asked.request(method, path, body=body, headers=told)
        response = asked.getresponse()
        response.read()
        found = response.status, response.headers.get("Location", "")
    except (OSError, http.client.HTTPException):
        found = 0, ""
    finally:
        asked.close()
    job.statuses[found[0]] += 1
    return found


def public_path(key: int) -> str:
    return Event.objects.get(pk=key).get_absolute_url()
