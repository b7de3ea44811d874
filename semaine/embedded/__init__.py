"""PostgreSQL and Redis from wheels, for a machine that has neither (DATABASE_URL, REDIS_URL unset).

`python -m semaine.embedded <command…>` runs a command while they run.

Several processes share one pair of servers. Each holds a shared lock, which the kernel drops even
on kill -9, so that there is no count to go wrong: whoever comes first starts a server, whoever
leaves last stops it.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import quote

from semaine.embedded import servers
from semaine.embedded.servers import EmbeddedError, Place, place_of

STOP = {"postgres": servers.stop_postgres, "redis": servers.stop_redis}
NAMES = {"postgres": "PostgreSQL", "redis": "Redis"}


def database_url(data_dir: Path) -> str:
    # The port is said, else a PGPORT in the environment would name another socket.
    sockets = quote(str(place_of(data_dir).sockets), safe="")
    return f"postgresql://semaine@:{servers.PG_PORT}/semaine?host={sockets}"


def redis_url(data_dir: Path) -> str:
    return f"unix://{place_of(data_dir).redis_socket}"


@contextmanager
def running(
    data_dir: Path, *, postgres: bool = True, redis: bool = True, durable: bool = True
) -> Iterator[None]:
    """Start what does not run yet; stop it if nobody else uses it in the end.

    `durable=False` gives up safety against a power cut; it is the first comer's choice.
    """
    place = place_of(data_dir)
    with ExitStack() as stack:
        if postgres:
            start = partial(servers.start_postgres, place, durable=durable)
            stack.enter_context(_use(place, "postgres", start))
        if redis:
            stack.enter_context(_use(place, "redis", partial(servers.start_redis, place)))
        yield


def erase(data_dir: Path) -> None:
    """Remove what the servers hold. The locks stay: somebody may be waiting on them."""
    place = place_of(data_dir)
    if not place.services.exists():
        return
    with ExitStack() as stack:
        stack.enter_context(_alone(place))
        for server, stop in STOP.items():
            if not _last(stack.enter_context(_users(place, server))):
                raise EmbeddedError("Ces données servent encore : arrêtez d'abord le site.")
            with _in_french(place, server):
                stop(place)
        for folder in {place.services, place.sockets}:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _use(place: Place, server: str, start: Callable[[], None]) -> Iterator[None]:
    with _in_french(place, server):
        servers.prepare(place)
    with _users(place, server) as users:
        try:
            with _in_french(place, server), _alone(place):
                fcntl.flock(users, fcntl.LOCK_SH)
                start()
            yield
        finally:
            with _in_french(place, server), _alone(place):
                if _last(users):
                    STOP[server](place)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    with (place.home / "servers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _users(place: Place, server: str) -> IO[str]:
    return (place.home / f"{server}.users").open("a")


def _last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _in_french(place: Place, server: str) -> Iterator[None]:
    """Whatever keeps a server from running becomes one sentence."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        reason = f"le détail est dans {place.log(server)}"
        if isinstance(error, PermissionError) and error.filename:
            reason = f"accès refusé à {error.filename}"
        raise EmbeddedError(f"{NAMES[server]} ne fonctionne pas : {reason}.") from error
