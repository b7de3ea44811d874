"""docker-compose.yml as Docker reads it, and its commands as plain processes on this machine.

Only packaging is replaced: the containers' own names and folders become those of this machine.
"""

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import yaml
from django.conf import settings

from semaine import embedded

FILE = settings.BASE_DIR / "docker-compose.yml"
# https://docs.docker.com/reference/compose-file/interpolation/
VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:?[-?])([^}]*))?\})")
# The containers' own.
FOLDERS = re.compile(r"(?<![\w./])(/static|/media|/backups|/tmp/|/leaked-passwords\.txt)")
PATIENCE = 120  # seconds, on a machine that does ten other things


def services(environment: dict[str, str]) -> dict[str, dict]:
    """Return the services of the file with its variables filled in from `environment`, as Docker does."""

    def filled(value):
        if isinstance(value, dict):
            return {name: filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        return VARIABLE.sub(fill, value) if isinstance(value, str) else value

    def fill(match: re.Match) -> str:
        dollar, name, operator, default = match.groups()
        if dollar:
            return "$"
        value = environment.get(name)
        missing = value is None or (value == "" and (operator or "").startswith(":"))
        if not missing:
            return value
        if operator and "?" in operator:
            raise KeyError(name)
        return default or ""

    return filled(yaml.safe_load(FILE.read_text())["services"])


class Machine:
    """The processes of the containers, with the services and folders that `data_dir` gives them."""

    def __init__(self, data_dir: Path, port: int, environment: dict[str, str], **told: str):
        self.data_dir, self.port = data_dir, port
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / "leaked-passwords.txt").touch()
        # Of the services that listen elsewhere.
        self.ports: dict[str, int] = {}
        self.services = services(environment)
        self.told = told
        self.processes: list[subprocess.Popen] = []

    def local(self, text: str) -> str:
        """Return a text of the file with this machine's own folders and addresses."""
        return FOLDERS.sub(rf"{self.data_dir}\1", text)

    def environment(self, service: str) -> dict[str, str]:
        said = self.services[service]["environment"]
        found = {name: self.local(str(value)) for name, value in said.items()}
        return found | {
            "DATABASE_URL": embedded.database_url(self.data_dir),
            "REDIS_URL": embedded.redis_url(self.data_dir),
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.ports.get(service, self.port)} --no-control-socket",
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            **self.told,
        }

    def start(self, service: str) -> subprocess.Popen:
        log = (self.data_dir / f"{service}.log").open("a")
        process = subprocess.Popen(
            shlex.split(self.local(self.services[service]["command"])),
            cwd=settings.BASE_DIR,
            env=self.environment(service),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def run(self, service: str) -> None:
        code = self.start(service).wait(timeout=300)
        assert code == 0, self.log(service)

    def log(self, service: str) -> str:
        return (self.data_dir / f"{service}.log").read_text()

    def get(self, path: str, port: int = 0, **headers) -> http.client.HTTPResponse:
        """Ask the web server as the proxy in front of it does; the body is at `.content`."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=PATIENCE)
        proxied = {"Host": "semaine.example.org", "X-Forwarded-Proto": "https"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", path, headers=proxied | named)
            response = connection.getresponse()
            response.content = response.read().decode()
            return response
        finally:
            connection.close()

    def answers(self, path: str, port: int = 0) -> bool:
        try:
            return self.get(path, port).status == 200
        except OSError:
            return False

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_until(true: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Ask again and again: these processes tell nobody when they are done."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)


def url_of(folder: Path, port: int) -> str:
    return f"postgresql://semaine@:{port}/semaine?host={quote(str(folder), safe='')}"
