"""wrk, and what it tells."""

import re
import subprocess
from typing import NamedTuple

CONNECTIONS, SECONDS = 8, 2
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
DONE = re.compile(r"(\d+) requests in")
LATENCY = re.compile(r"^\s+(50|75|90|99)%\s+([\d.]+)(us|ms|s|m) *$", re.MULTILINE)
FAULTS = re.compile(r"(Non-2xx or 3xx responses: \d+|Socket errors: .*)")
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


class Load(NamedTuple):
    """`latency`: in milliseconds, by percentile."""

    rate: float
    requests: int
    latency: dict[int, float]


def read(output: str) -> Load:
    """Return what wrk printed; raises ValueError when an answer was an error."""
    if fault := FAULTS.search(output):
        raise ValueError(fault[1])
    latency = {int(part): float(found) * MILLISECONDS[unit] for part, found, unit in LATENCY.findall(output)}
    return Load(float(RATE.search(output)[1]), int(DONE.search(output)[1]), latency)


def wrk(url: str, *, connections=CONNECTIONS, seconds=SECONDS, **headers: str) -> Load:
    """Ask for an address again and again. Header names are written with « _ » for « - »."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name.replace('_', '-')}: {value}")]
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        "--latency",
        *given,
        url,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    try:
        return read(run.stdout)
    except ValueError as fault:
        raise ValueError(f"{url}: {fault}") from fault
