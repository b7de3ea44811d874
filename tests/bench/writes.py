"""What changes cost, and how soon the public sees them, while it reads."""

import http.client
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from events import drafting, workflow
from events.models import Event
from events.steps import contents
from organizers.enums import OfficeKind
from organizers.models import User
from tests import factories
from tests.bench import servers
from tests.production.compose import free_port
from tests.production.proxy import proxy

FEW, MANY = 50, 200
READERS, DECIDERS, SECONDS = 100, 10, 60
# A label is public within so many seconds of its commit (design: three).
SOON = 3
COMMENT = "Mesure."


def measured(folder: Path) -> dict:
    """Return the ms of a submission and of a label, labels a second by two processes, and what readers saw."""
    nation = person(is_staff=True)
    nation.offices.add(factories.office(OfficeKind.NATIONAL, ""))
    drafts = [_copy(each) for each in _some(FEW)]
    submitted = [_timed(lambda each=each: _submit(each)) for each in drafts]
    labelled = [_timed(lambda each=each: _label(each.pk, nation.pk)) for each in drafts]
    return {
        "submission_ms": round(median(submitted), 1),
        "label_ms": round(median(labelled), 1),
        "labels_a_second": round(_together(nation), 1),
        "readers": watched(folder, nation),
    }


def person(**fields) -> User:
    return factories.user(f"{uuid4().hex}@example.org", **fields)


def _some(number: int):
    return Event.objects.public().upcoming(timezone.now()).placed().prefetch_related("slots")[:number]


def _copy(event: Event) -> Event:
    """Return a draft of the same contents, one of the person's own organizations."""
    names = (
        "title", "summary", "description", "format_code", "sector_codes", "audience_codes", "attendance_mode",
        "commune_id", "is_free", "access_mode", "reserved_to", "registration_kind", "registration_value", "online_url",
        "contact_name", "contact_email", "contact_phone", "expected_participants",
    )  # fmt: skip
    values = {name: getattr(event, name) for name in names}
    values["commune"] = event.commune
    del values["commune_id"]
    slots = contents(event)[1]
    owner = person()
    slug = f"banc-{uuid4().hex}"
    home = factories.organization(owner, headquarters="", name=slug, slug=slug)
    made = drafting.draft(
        home, event.edition, by=owner, at=timezone.now(), key=uuid4(), values=values, slots=slots
    )
    made.owner = owner
    return made


def _submit(event: Event) -> None:
    workflow.submit(event, by=event.owner, at=timezone.now())


def _label(key: int, nation: int) -> None:
    event = Event.objects.get(pk=key)
    workflow.label(event, by=_agent(nation), at=timezone.now(), version=event.version, purpose_confirmed=True)


def _agent(key: int):
    return User.objects.get(pk=key)


def _timed(act) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _together(nation) -> float:
    """Return how many labels a second two processes give."""
    made = [_copy(each) for each in _some(MANY)]
    for each in made:
        _submit(each)
    keys = [each.pk for each in made]
    connection.close()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        # Both begin before the clock does.
        list(pool.map(_nothing, range(8)))
        began = time.perf_counter()
        list(pool.map(_label, keys, [nation.pk] * len(keys), chunksize=5))
        return len(keys) / (time.perf_counter() - began)


def _nothing(_) -> None:
    time.sleep(0.2)


@dataclass
class Standing:
    """One event that deciders label and withdraw: since when, on the clock of this process, it is public or not."""

    event: Event
    path: str
    changes: list[tuple[float, bool]] = field(default_factory=list)

    def late(self, shown: bool, began: float, ended: float) -> float:
        """Return for how many seconds before the request it had no longer been as shown; 0 for what was true then."""
        was_so = 0.0
        for (_, is_public), (until, _) in pairwise([*self.changes, (ended, None)]):
            if is_public == shown:
                was_so = until
        return max(0.0, began - was_so)


def watched(folder: Path, nation, *, seconds=SECONDS, readers=READERS, deciders=DECIDERS) -> dict:
    """Label and withdraw events while the public reads their pages; count who saw what is over for three seconds."""
    standings = []
    for each in [_copy(each) for each in _some(deciders)]:
        _submit(each)
        _label(each.pk, nation.pk)
        each.refresh_from_db()
        standings.append(Standing(each, each.get_absolute_url(), [(time.monotonic() - 60, True)]))
    with (
        servers.gunicorn() as web,
        proxy(folder, web=web.port, port=free_port(), visits="1000000r/s", workers=2) as port,
        ThreadPoolExecutor(readers + deciders) as pool,
    ):
        until = time.monotonic() + seconds
        base = f"http://127.0.0.1:{port}"
        reading = [pool.submit(_read, base, standings, until, seed) for seed in range(readers)]
        deciding = [pool.submit(_decide, each, nation.pk, until) for each in standings]
        decisions = sum(each.result() for each in deciding)
        late = [seconds for each in reading for seconds in each.result()]
    wrong = sum(each > SOON for each in late)
    return {
        "seconds": seconds,
        "read": len(late),
        "decisions": decisions,
        "wrong": wrong,
        "latest": round(max(late), 2),
    }


def _read(base: str, standings: list[Standing], until: float, seed: int) -> list[float]:
    """Read one page after the other; return how late each was."""
    drawn, late = random.Random(seed), []
    pause = threading.Event()
    while time.monotonic() < until:
        each = drawn.choice(standings)
        began = time.monotonic()
        shown = _is_public(base + each.path)
        late.append(each.late(shown, began, time.monotonic()))
        pause.wait(drawn.random() / 2)
    return late


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    asked = http.client.HTTPConnection(parts.netloc, timeout=60)
    asked.request("GET", parts.path)
    status = asked.getresponse().status
    asked.close()
    if status not in (200, 404, 410):
        raise ValueError(f"{url}: {status}")
    return status == 200


def _decide(each: Standing, nation: int, until: float) -> int:
    """Withdraw, examine again and label, again and again, with the moments before and after each commit."""
    pause, done = threading.Event(), 0
    agent = _agent(nation)
    while time.monotonic() < until:
        event = Event.objects.get(pk=each.event.pk)
        workflow.withdraw(event, by=agent, at=timezone.now(), comment=COMMENT)
        each.changes.append((time.monotonic(), False))
        pause.wait(4)
        workflow.reinstate(event, by=agent, at=timezone.now(), comment=COMMENT)
        _label(event.pk, nation)
        each.changes.append((time.monotonic(), True))
        pause.wait(4)
        done += 3
    connection.close()
    return done
