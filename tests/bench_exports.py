"""How fast does a whole programme leave, in each format, and in how much memory?

    SEMAINE_DATA=.data/bench .venv/bin/python -m semaine.embedded .venv/bin/python tests/bench_exports.py --events 20000

It fills its own database with examples up to that number, starts the production server with one worker for each
format, and prints the seconds to the first byte and to the last, the size, and the worker's peak memory, before and
after. It fails when a format goes above the budgets: one second to the first byte, and 20 MB more than a page takes,
which with the packages of requirements.txt alone leaves a worker below 150 MB. `--megabytes 5` reads no more of each.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import requests

# Not the folder of this file, where « html » is a module of ours.
ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")

FORMATS = ("json", "csv", "geojson", "atom", "ics", "xlsx")
MOST_SECONDS, MOST_MB = 1, 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--megabytes", type=int, default=10**6)
    options = parser.parse_args()

    import django

    django.setup()
    fill(options.events)
    slow = [measure(each, options.megabytes * 10**6) for each in options.formats]
    return int(any(slow))


def fill(number: int) -> None:
    """The structure, all territories, the edition of demonstrations and as many events as asked."""
    from django.core.management import call_command

    from events.models import Event

    call_command("migrate", verbosity=0)
    for name in ("load_territories", "load_terms", "load_offices"):
        call_command(name)
    call_command("load_editions", demo=True)
    there = Event.objects.count()
    if there < number:
        call_command("synthesize", events=number - there, seed=there + 1)
    print(f"{Event.objects.count()} events, {Event.objects.public().count()} of them public")


def measure(extension: str, most: int) -> bool:
    """Read an export, `most` bytes of it; return whether it broke its budget."""
    with server() as (port, worker):
        before, busy_before = peak(worker()), processor(worker())
        started = time.monotonic()
        address = f"http://127.0.0.1:{port}/programme.{extension}?passes=oui"
        answer = requests.get(address, stream=True, timeout=600)
        answer.raise_for_status()
        pieces = answer.iter_content(64 * 1024)
        size = len(next(pieces))
        first = time.monotonic() - started
        for piece in pieces:
            size += len(piece)
            if size > most:
                break
        whole, memory, busy = time.monotonic() - started, peak(worker()), processor(worker()) - busy_before
    print(
        f"{extension}: first byte {first:.2f} s, all {whole:.1f} s ({busy:.1f} s of the worker's processor), "
        f"{size:,} bytes, {memory:.0f} MB ({before:.0f} before)"
    )
    return first > MOST_SECONDS or memory - before > MOST_MB


@contextmanager
def server():
    """Start gunicorn with one worker; give its port, and how to find the worker's number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "semaine.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
    ]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT)
    try:
        _warm(port)
        yield port, lambda: _child(process.pid)
    finally:
        process.terminate()
        process.wait()


def _warm(port: int) -> None:
    """Wait until it answers: the first request loads what all others use."""
    for _ in range(100):
        try:
            requests.get(
                f"http://127.0.0.1:{port}/programme.json?commune=90010", timeout=60
            ).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def peak(pid: int) -> float:
    """Return the most memory that a process ever held, in MB."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1000


def processor(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
