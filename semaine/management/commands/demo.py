"""The whole site on one machine: services, data, web server, worker and scheduler, in one terminal.

Ctrl-C, SIGTERM, or the death of one of them stops them all.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from rich.console import Console

from semaine import embedded
from semaine.embedded import EmbeddedError

HOST = "127.0.0.1"
STARTING_TIME = 60  # seconds for the site to answer
GRACE = 10  # seconds from SIGTERM to SIGKILL


class Stopped(KeyboardInterrupt):
    """Somebody asked the demo to stop; no `except Exception` on the way may swallow it."""


class Command(BaseCommand):
    help = "Lance le site de démonstration complet et le garde au premier plan."
    requires_system_checks = ()  # `migrate` makes them, once the database answers

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="repartir de zéro")

    def handle(self, *, port, fresh, **options):
        self.console = Console(file=self.stdout, soft_wrap=True, highlight=False)
        check_port_is_free(port)
        # The links in mails lead here, those of the loading below and those of the children.
        settings.SITE_URL = os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
        try:
            with stoppable(), ExitStack() as stack:
                if fresh:
                    self.erase()
                self.say("PostgreSQL et Redis")
                stack.enter_context(embedded.running(settings.DATA_DIR, **embedded_services()))
                accounts = self.load()
                self.serve(port, accounts, stack)
        except Stopped:
            self.say("Tout est arrêté ; les données sont gardées.")
        except EmbeddedError as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.console.print(f"[bold blue]→[/] {line}")

    def erase(self) -> None:
        self.say("Effacement de la démonstration précédente")
        if not embedded_services()["postgres"]:
            raise CommandError("FRESH n'efface pas la base que désigne DATABASE_URL.")
        embedded.erase(settings.DATA_DIR)
        for folder in (settings.MEDIA_ROOT, settings.DATA_DIR / "mail"):
            # MEDIA_ROOT is "" unless set, and "" is the current folder.
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def load(self) -> str:
        """Bring the database up to date; returns the accounts that load_demo tells."""
        self.say("Structure de la base")
        call_command("migrate", interactive=False, verbosity=0)
        self.say("Fichiers statiques")
        call_command("collectstatic", interactive=False, verbosity=0)
        self.say("Territoires")
        call_command("load_territories")
        self.say("Éditions")
        call_command("load_editions", demo=True)
        self.say("Événements")
        # What it returns, Django also writes; the accounts belong below the address.
        accounts = call_command("load_demo", stdout=StringIO())
        connections.close_all()
        return accounts or ""

    def serve(self, port: int, accounts: str, stack: ExitStack) -> None:
        self.say("Serveur web, file de tâches et planificateur")
        logs = settings.DATA_DIR / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        children: dict[str, subprocess.Popen] = {}
        stack.callback(stop, children)
        for name, command in commands(port).items():
            children[name] = spawn(command, logs / f"{name}.log")
        deadline = time.monotonic() + STARTING_TIME
        while not answers(port):
            fail_if_one_died(children, logs)
            if time.monotonic() > deadline:
                raise CommandError(f"Le site ne répond pas : voir {logs / 'web.log'}.")
            time.sleep(0.1)
        self.announce(port, accounts, logs)
        while True:
            fail_if_one_died(children, logs)
            time.sleep(0.5)

    def announce(self, port: int, accounts: str, logs: Path) -> None:
        self.console.print(f"\n[bold green]Le site répond : http://{HOST}:{port}/[/]\n")
        if accounts:
            self.console.print(accounts.strip() + "\n", markup=False)
        self.console.print(f"Courriels envoyés : {settings.DATA_DIR / 'mail'}", markup=False)
        self.console.print(f"Journaux : {logs}", markup=False)
        self.console.print("Ctrl-C arrête tout.\n")


def embedded_services() -> dict[str, bool]:
    """Which services the environment gives no address for."""
    return {
        "postgres": not os.environ.get("DATABASE_URL"),
        "redis": not os.environ.get("REDIS_URL"),
    }


def commands(port: int) -> dict[str, list[str]]:
    celery = "celery -A semaine"
    lines = {
        "web": "gunicorn semaine.wsgi --worker-class gthread --workers 2 --threads 4"
        f" --bind {HOST}:{port} --graceful-timeout 5 --no-control-socket --log-level warning",
        # Alone on its queue, the worker has no neighbours to greet for a second.
        "worker": f"{celery} worker --concurrency 1 --loglevel info"
        " --without-gossip --without-mingle --without-heartbeat",
        "beat": f"{celery} beat --loglevel info --pidfile=",
    }
    found = {name: [sys.executable, "-m", *line.split()] for name, line in lines.items()}
    found["beat"] += ["--schedule", str(settings.DATA_DIR / "celerybeat-schedule")]
    return found


def check_port_is_free(port: int) -> None:
    with socket.socket() as trial:
        # As the web server does: a port whose last connections are still closing is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Le port {port} n'est pas libre : choisissez-en un autre, "
                f"par exemple « make demo PORT={8010 if port == 8000 else 8000} »."
            ) from error


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first request to stop into an exception; the rest must not cut the stop short."""

    def ask(number, frame):
        for asked in signals:
            signal.signal(asked, signal.SIG_IGN)
        raise Stopped

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def spawn(command: list[str], log: Path) -> subprocess.Popen:
    """A child in a session of its own: the terminal's Ctrl-C is for us, who stop it in order."""
    with log.open("w") as output:
        return subprocess.Popen(  # noqa: S603 - the fixed command lines above
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def fail_if_one_died(children: dict[str, subprocess.Popen], logs: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            log = logs / f"{name}.log"
            raise CommandError(f"« {name} » s'est arrêté, tout s'arrête : voir {log}.")


def stop(children: dict[str, subprocess.Popen]) -> None:
    """Ask every leader, who tells its own; after the grace time, kill whoever is left."""
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/sante")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
