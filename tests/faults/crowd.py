"""Everybody at once, before the proxy of production: what they are told, how fast, and whether anything is lost."""

import subprocess
import sys
from pathlib import Path
from statistics import quantiles

from django.conf import settings

from tests.bench.load import read
from tests.faults import work
from tests.faults.found import compare
from tests.faults.site import site
from tests.production.compose import free_port
from tests.production.proxy import proxy

ORGANIZERS, REFERENTS, VISITORS = 200, 20, 2000
# Each organizer sends three events, each referent decides on thirty files, spread over the time.
SENDINGS, FILES = 3, 30
SLOW = 1.0  # second, for nineteen sendings of twenty
SCRIPT = Path(__file__).parent / "visitors.lua"
# Their one address may ask for as much as two thousand would.
UNLIMITED = "1000000r/s"


def everybody(seconds: int) -> int:
    """Print what was found; return 1 when something failed, was lost or doubled, or when sending was slow."""
    # Nobody types these passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with site() as running:
        job = work.prepare(running, organizers=ORGANIZERS, referents=REFERENTS, each=SENDINGS, files=FILES)
        servers = {"web": running.port, "workspace": running.start_workspace(), "port": free_port()}
        with proxy(running.machine.data_dir, **servers, visits=UNLIMITED, workers=2) as port:
            job.site.port, job.readers = port, 0
            visitors = _visitors(port, seconds)
            job.spread = seconds
            with work.under_way(job):
                pass
            told, _ = visitors.communicate()
        failures, job.site.port = job.failures, running.machine.port
        found = compare(job)
    refused = {status: number for status, number in job.statuses.items() if status == 0 or status >= 500}
    load, slowest = read(told), quantiles(job.seconds, n=20)[-1]
    sys.stdout.write(
        f"{seconds} s : {len(job.sent)} envois, {len(job.labelled)} labels, {load.requests} pages lues "
        f"({load.rate:.0f} par seconde, 99 % en {load.latency[99]:.0f} ms)\n"
        f"95 % des envois en {slowest:.2f} s ; {failures} réponses à refaire {refused or ''}; "
        f"promis {found.promised}, trouvé {found.there}, perdu {found.lost}, en double {found.doubled}\n"
    )
    return int(bool(failures or found.lost or found.doubled or slowest > SLOW))


def _visitors(port: int, seconds: int) -> subprocess.Popen:
    command = ["wrk", "-t2", f"-c{VISITORS}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", SCRIPT]
    told = ["-H", f"Host: {work.HOST}", "-H", "X-Forwarded-Proto: https", f"http://127.0.0.1:{port}/"]
    return subprocess.Popen([*command, *told], stdout=subprocess.PIPE, text=True)
