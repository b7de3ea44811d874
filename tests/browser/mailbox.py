"""The mails that really go out: a Celery worker with its clock, in a process of its own, writes them to files."""

import email
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from email.policy import default
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.db.models import F

from semaine.models import OutboxMessage

LONGEST_WAIT = 30  # seconds, of which the worker's start takes most
SEPARATOR = b"-" * 79 + b"\n"
COMMAND = [
    *("celery", "-A", "semaine", "worker", "--beat", "--pool", "solo", "--loglevel", "info"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]


class Mail(NamedTuple):
    subject: str
    to: str
    text: str

    @property
    def link(self) -> str:
        return re.search(r"http\S+", self.text).group()


def let_a_minute_pass() -> None:
    """Send now what waits for its author to undo a decision."""
    OutboxMessage.objects.filter(sent_at__isnull=True).update(not_before=F("created_at"))


class Mailbox:
    """What one person receives, in the order of arrival."""

    def __init__(self, folder: Path, worker: subprocess.Popen, address: str):
        self.folder = folder
        self.worker = worker
        self.address = address
        self.read = 0

    def next(self) -> Mail:
        """Wait for the next mail and return it."""
        deadline = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < deadline:
            assert self.worker.poll() is None, "the worker died: see worker.log in the test's folder"
            let_a_minute_pass()
            messages = self._messages()
            if len(messages) > self.read:
                self.read += 1
                return messages[self.read - 1]
            time.sleep(0.1)
        raise AssertionError(f"no mail after the {self.read} already read")

    @property
    def left(self) -> int:
        """How many mails came that nobody has read."""
        return len(self._messages()) - self.read

    def _messages(self) -> list[Mail]:
        files = sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        # What stands behind the last separator is still being written.
        texts = [text for path in files for text in path.read_bytes().split(SEPARATOR)[:-1]]
        mails = [_mail(email.message_from_bytes(text, policy=default)) for text in texts]
        return [mail for mail in mails if mail.to == self.address]


def _mail(message) -> Mail:
    return Mail(message["Subject"].strip(), message["To"], message.get_body(["plain"]).get_content())


@contextmanager
def running_worker(folder: Path):
    with (folder / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", *COMMAND, "--schedule", str(folder / "schedule")],
            cwd=settings.BASE_DIR,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield worker
    finally:
        # The scheduler too, else it holds the test database open.
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            worker.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _environment(folder: Path) -> dict[str, str]:
    """That of a production worker: the addresses are given, nothing is embedded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EMAIL_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "semaine.settings",
        "DATABASE_URL": _database_url(),
        "REDIS_URL": _redis_url(),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SEMAINE_DATA": str(folder),
    }


def _database_url() -> str:
    values = connection.settings_dict
    user, password, host = (quote(values[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    options = {name: value for name, value in values["OPTIONS"].items() if isinstance(value, str)}
    return f"postgresql://{user}:{password}@{host}:{values['PORT']}/{values['NAME']}?{urlencode(options)}"


def _redis_url() -> str:
    """The tests' Redis, each parallel run of the tests in a database of its own."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1")[2:]) % 15 + 1
    url = settings.REDIS_URL
    if url.startswith("unix://"):
        return f"{url}?db={number}"
    return f"{url.rsplit('/', 1)[0]}/{number}" if url.count("/") > 2 else f"{url}/{number}"
