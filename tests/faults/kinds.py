"""What breaks, one thing at a time. Each is given the site and the job that is under way, and leaves it whole again."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.cache import cache

from events.tasks import locate_addresses
from semaine import geocoding
from tests.faults import tasks
from tests.faults.site import Site, kill
from tests.faults.work import Job
from tests.production.compose import free_port, wait_until

FAKETIME = Path("/usr/bin/faketime")


class NotRun(Exception):
    """This machine cannot have that fault; the message says why."""


@dataclass(frozen=True)
class Fault:
    """`may_fail`: may somebody be told to try again meanwhile? `is_quick`: is it tried with every run of the tests?"""

    name: str
    act: Callable[[Site, Job], None]
    may_fail: bool = True
    is_quick: bool = False
    while_: str = "envois, labels, lecture"


def _some_time(seconds: float = 1.0) -> None:
    """Let everybody work on: nothing tells when enough of it has been done in the state of the moment."""
    threading.Event().wait(seconds)


def _redis_killed(site: Site, job: Job) -> None:
    site.kill_redis()
    _some_time(3)
    site.resume_redis()


def _postgres_restarted(site: Site, job: Job) -> None:
    site.pause_postgres()
    _some_time(2)
    site.resume_postgres()


def _postgres_killed(site: Site, job: Job) -> None:
    site.kill_postgres()
    _some_time()
    site.resume_postgres()


def _connections_cut(site: Site, job: Job) -> None:
    for _ in range(5):
        with site.superuser() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'semaine'"
            )
        _some_time(0.5)


def _disk_full(site: Site, job: Job) -> None:
    """The history of decisions lies on a disk of some megabytes, which something else fills."""
    if os.geteuid() != 0:
        raise NotRun("seul root monte un petit disque")
    disk = site.place.home / "small-disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        raise NotRun(f"ce disque ne se monte pas : {mounted.stderr.decode().strip()}")
    shutil.chown(disk, site.place.uid, site.place.uid)
    try:
        with site.superuser("semaine") as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
            connection.execute("ALTER TABLE events_decision SET TABLESPACE small")
            connection.execute("CREATE TABLE filler (bytes text) TABLESPACE small")
            _fill(connection)
            _some_time(2)
            connection.execute("DROP TABLE filler")
            _some_time()
            connection.execute("ALTER TABLE events_decision SET TABLESPACE pg_default")
            connection.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", disk], check=False)


def _fill(connection) -> None:
    connection.execute("ALTER TABLE filler ALTER COLUMN bytes SET STORAGE EXTERNAL")
    for size in (1_000_000, 100_000, 7_000):
        try:
            while True:
                connection.execute("INSERT INTO filler SELECT repeat('x', %s)", [size])
        except psycopg.errors.DiskFull:
            continue


def _worker_killed_in_a_mail(site: Site, job: Job) -> None:
    """The mail server holds its answer: the worker dies between the mail and its note that it is sent."""
    with answering(site, tasks.slowly(1.0)):
        before = len(site.mails.tried)
        wait_until(lambda: len(site.mails.tried) > before)
        site.restart("worker", kill)
    _some_time()


def _worker_killed_in_an_import(site: Site, job: Job) -> None:
    with tasks.importing(site, job) as has_begun:
        wait_until(has_begun)
        site.restart("worker", kill)


def _web_killed_in_a_pdf(site: Site, job: Job) -> None:
    with tasks.reading_pdf(site, job):
        _some_time(0.1)
        site.kill_children("web")


def _two_schedulers(site: Site, job: Job) -> None:
    more = site.start_more("beat", "worker")
    _some_time(5)
    for process in more:
        process.terminate()
        process.wait()


def _mail_server(answer: Callable) -> Callable[[Site, Job], None]:
    def act(site: Site, job: Job) -> None:
        with answering(site, answer):
            _some_time(4)

    return act


@contextmanager
def answering(site: Site, answer: Callable):
    usual, site.mails.answer = site.mails.answer, answer
    try:
        yield
    finally:
        site.mails.answer = usual


def _address_service(site: Site, job: Job) -> None:
    """Slow, in trouble, then nonsense; each time the tasks ask it, and do not wait for it."""
    service = site.addresses
    usual = service.status, service.body, service.delay
    for service.status, service.body, service.delay in (
        (200, usual[1], 10),
        (500, "", 0),
        (200, "<p>Panne</p>", 0),
    ):
        asked = len(service.asked)
        cache.delete(geocoding.RESTING)
        locate_addresses.delay()
        wait_until(lambda asked=asked: len(service.asked) > asked)
        _some_time()
    service.status, service.body, service.delay = usual


def _clock_moved(site: Site, job: Job) -> None:
    """The worker and the scheduler believe for some seconds that it is an hour later, then earlier."""
    if not FAKETIME.exists():
        raise NotRun("il y faut libfaketime : apt install faketime")
    for moved in ("+1h", "-1h"):
        site.restart("worker", kill, before=f"faketime -f {moved} ")
        site.restart("beat", kill, before=f"faketime -f {moved} ")
        _some_time(4)
    for service in ("worker", "beat"):
        site.restart(service, kill)


def _deploy(site: Site, job: Job) -> None:
    """As `exploitation.md` says: the new version beside the old one, then the old one is asked to stop."""
    old, port = site.running["web"], free_port()
    site.machine.told["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{port} --no-control-socket"
    site.start("web")
    site.machine.port = port
    site.ready()
    site.port = port
    _some_time()
    old.send_signal(signal.SIGTERM)
    if old.wait(timeout=60) != 0:
        raise ValueError("the web server did not stop gracefully")


FAULTS = (
    Fault("Redis tué, revenu après 3 s", _redis_killed, may_fail=False, is_quick=True),
    Fault("PostgreSQL arrêté 2 s", _postgres_restarted, is_quick=True),
    Fault("PostgreSQL tué (kill -9)", _postgres_killed),
    Fault("connexions à PostgreSQL coupées, 5 fois", _connections_cut, is_quick=True),
    Fault("disque plein", _disk_full),
    Fault("tâches tuées pendant un courriel", _worker_killed_in_a_mail, may_fail=False, is_quick=True),
    Fault(
        "tâches tuées pendant un import",
        _worker_killed_in_an_import,
        may_fail=False,
        while_="import de 200 lignes, envois, labels",
    ),
    Fault("serveur web tué pendant un PDF", _web_killed_in_a_pdf, while_="envois, labels, PDF"),
    Fault("deux ordonnanceurs, deux serveurs de tâches", _two_schedulers, may_fail=False),
    Fault("serveur de courriel lent", _mail_server(tasks.slowly(0.5)), may_fail=False),
    Fault("serveur de courriel qui refuse", _mail_server(tasks.refusing), may_fail=False),
    Fault("serveur de courriel qui prend et raccroche", _mail_server(tasks.hanging_up), may_fail=False),
    Fault("service d’adresses lent, en panne, absurde", _address_service, may_fail=False),
    Fault("horloge des tâches déplacée d’une heure", _clock_moved, may_fail=False),
    Fault("mise à jour pendant un envoi", _deploy, may_fail=False),
)
