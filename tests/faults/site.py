"""A whole site of production on this machine, with people who are signed in."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from django.core.management import call_command
from django.utils import timezone

from semaine import embedded
from semaine.embedded import servers
from semaine.embedded.servers import place_of
from semaine.models import Edition
from tests.production.compose import Machine, free_port, wait_until
from tests.production.conftest import ENVIRONMENT
from tests.semaine.address_server import address_server
from tests.semaine.mail_server import mail_server


class Site:
    """The processes, the two services, the mail and address servers; `port`: where a proxy would send a visitor now."""

    def __init__(self, machine: Machine, mails, addresses):
        self.machine, self.mails, self.addresses = machine, mails, addresses
        self.place = place_of(machine.data_dir)
        self.port = machine.port
        self.running = {}

    def start(self, *services: str) -> list:
        """Start services; the last of a name is the one that `restart` ends."""
        started = {each: self.machine.start(each) for each in services}
        self.running |= started
        return [*started.values()]

    def start_more(self, *services: str) -> list:
        return [self.machine.start(each) for each in services]

    def start_workspace(self) -> int:
        """Start the servers of who is signed in, and return their port."""
        port = self.machine.ports["workspace"] = free_port()
        self.start("workspace")
        wait_until(lambda: self.machine.answers("/sante/pret", port))
        return port

    def restart(self, service: str, end, *, before: str = "") -> None:
        """End a service and start it again, its command after `before`."""
        end(self.running[service])
        usual = self.machine.services[service]
        self.machine.services[service] = usual | {"command": before + usual["command"]}
        self.start(service)
        self.machine.services[service] = usual

    def kill_children(self, service: str) -> None:
        for process in psutil.Process(self.running[service].pid).children():
            process.kill()

    def ready(self) -> None:
        wait_until(lambda: self.machine.answers("/sante/pret"))

    def pause_postgres(self) -> None:
        servers.stop_postgres(self.place)

    def kill_postgres(self) -> None:
        """As when the power fails: no process of it has time to say goodbye."""
        cluster = str(self.place.cluster)
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and _cwd(process) == cluster:
                process.kill()
        wait_until(lambda: not servers._postmaster_lives(self.place))

    def resume_postgres(self) -> None:
        servers.start_postgres(self.place, durable=True)

    def kill_redis(self) -> None:
        servers._end_strays(self.place, "redis-server")

    def resume_redis(self) -> None:
        servers.start_redis(self.place)

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        where = {
            "host": str(self.place.sockets),
            "port": servers.PG_PORT,
            "user": "postgres",
            "dbname": database,
        }
        return psycopg.connect(**where, autocommit=True)


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def kill(process) -> None:
    """End a process and its children at once, as a machine that is out of memory does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def site() -> Iterator[Site]:
    """A site that answers, with its worker and its clock; this process may use its database."""
    folder = Path(os.environ["SEMAINE_DATA"])
    for name in ("media", "tmp", "backups"):
        (folder / name).mkdir()
    try:
        with mail_server() as mails, address_server() as addresses, embedded.running(folder):
            # It hangs up in the middle of a mail, on purpose.
            mails.handle_error = lambda *connection: None
            told = ENVIRONMENT | {
                "EMAIL_PORT": str(mails.server_address[1]),
                "SECRET_KEY": os.environ["SECRET_KEY"],
                "GEOCODER_URL": addresses.url,
                "OUTGOING_INTERNAL": urlsplit(addresses.url).netloc,
            }
            machine = Machine(folder, free_port(), told)
            try:
                machine.run("prepare")
                made = Site(machine, mails, addresses)
                made.start("web", "worker", "beat")
                made.ready()
                yield made
            finally:
                machine.stop()
    finally:
        home = place_of(folder).home
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def open_edition():
    """An edition that takes proposals now, and a day of its week as YYYY-MM-DD."""
    call_command("load_editions", demo=True, verbosity=0, stdout=StringIO())
    edition, now = Edition.objects.get(is_demo=True), timezone.now()
    edition.submissions_open_at, edition.submissions_close_at = now - timedelta(1), now + timedelta(30)
    edition.is_published = True
    edition.save()
    return edition, f"{edition.starts_on + timedelta(1)}"
