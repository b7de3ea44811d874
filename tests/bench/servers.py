"""The web server of production as a process on this machine, with what it costs."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.production.compose import free_port, wait_until

TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


class Server:
    def __init__(self, process: subprocess.Popen, port: int):
        self.process, self.port = process, port
        self.url = f"http://127.0.0.1:{port}"

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in children.split()]

    def processor_seconds(self) -> float:
        """Return what its workers have taken of the processor since they began."""
        return sum(sum(map(int, _stat(number)[11:13])) for number in self.workers) / TICKS

    def megabytes(self) -> int:
        """Return the most memory that one of its workers has held."""
        return max(_peak_kilobytes(number) for number in self.workers) // 1024


def _stat(number: int) -> list[str]:
    """Return the fields of /proc/…/stat after the program's name, which may hold spaces."""
    return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()


def _peak_kilobytes(number: int) -> int:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


@contextmanager
def gunicorn(application="semaine.wsgi", *, path="/robots.txt", **environment: str) -> Iterator[Server]:
    """Run docker-compose's command for an application until the block ends; `path` answers when it is ready."""
    port = free_port()
    told = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port} --no-control-socket",
        "WEB_WORKERS": f"{WORKERS}",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:semaine.web_server", application]
    process = subprocess.Popen(command, env=os.environ | told | environment, stdin=subprocess.DEVNULL)
    try:
        server = Server(process, port)
        wait_until(lambda: _answers(server.url + path))
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def start_seconds() -> float:
    """Return how long a new process of the site takes until it can answer, addresses and all."""
    code = "import semaine.wsgi; from django.urls import get_resolver; get_resolver().check()"
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.monotonic() - began
