"""`python -m semaine.embedded <command…>`: run a command while PostgreSQL and Redis run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from semaine.embedded import EmbeddedError, running

PROJECT = Path(__file__).parent.parent.parent


def main(command: list[str]) -> int:
    if not command:
        sys.exit("Usage : python -m semaine.embedded <commande…>")
    # As in settings: a service that an address replaces is not started.
    data_dir = Path(os.environ.get("SEMAINE_DATA") or PROJECT / ".data")
    wanted = {
        "postgres": not os.environ.get("DATABASE_URL"),
        "redis": not os.environ.get("REDIS_URL"),
    }
    try:
        with running(data_dir, **wanted):
            return _run(command)
    except EmbeddedError as error:
        sys.exit(str(error))


def _run(command: list[str]) -> int:
    """Run `command`, let it decide about Ctrl-C and SIGTERM, and return what a shell would."""
    try:
        child = subprocess.Popen(command)  # noqa: S603 - running what it is given is its purpose
    except OSError as error:
        sys.exit(f"{command[0]} ne se lance pas : {error.strerror}.")
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal gives it to the child as well
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
