"""Where the processes of a web server count together: a folder that bears the number of the server's process.

A server that is killed leaves its folder behind; the next one on the machine takes it away.
"""

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "semaine-metrics-"


def make() -> str:
    """Return a new folder of this process, once those of processes that are no more are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
