"""How long a page takes while its server writes whole files, and waits for a slow service outside."""

import http.client
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from urllib.parse import urlsplit

from django.test import Client

from tests.bench import servers
from tests.bench.writes import person
from tests.organizers.company_register import FORGE, company_register

PAGE, FILE = "/programme/", "/programme.xlsx"
LOOK_UP = f"/espace/organisation-nouvelle/siret.json?siret={FORGE}"
EXPORTS, CALLS = 4, 4
TIMES = 100
PIECE = 1 << 16
# The site waits for two seconds at most.
SLOW = 1.5


def measured() -> dict:
    """Return the 95th percentile of a page that nothing keeps, in ms, alone and beside four files and four slow calls.

    As in production, the public's pages and files come from one server of two processes, and who is signed in asks
    another. `calls`: how many were done meanwhile.
    """
    with company_register() as register:
        usual, pause = register.answer, threading.Event()

        def slowly(request):
            pause.wait(SLOW)
            usual(request)

        register.answer = slowly
        told = {"BENCH_KEEPS_NOTHING": "oui", "COMPANY_REGISTER_URL": register.url}
        with servers.gunicorn(**told) as web, servers.gunicorn(**told) as workspace:
            alone = _p95(web.url)
            jobs = [(web.url, FILE, {})] * EXPORTS
            jobs += [(workspace.url, LOOK_UP, _session()) for _ in range(CALLS)]
            with ThreadPoolExecutor(len(jobs)) as pool:
                done = threading.Event()
                try:
                    working = [pool.submit(_again, *job, done) for job in jobs]
                    beside = _p95(web.url)
                finally:
                    done.set()
                calls = sum([each.result() for each in working][EXPORTS:])
    return {"alone_ms": round(alone, 1), "beside_ms": round(beside, 1), "calls": calls}


def _session() -> dict[str, str]:
    client = Client()
    client.force_login(person())
    return {"Cookie": f"sessionid={client.session.session_key}"}


def _p95(url: str) -> float:
    found = [_timed(lambda: ask(url, PAGE, {})) for _ in range(TIMES)]
    return quantiles(found, n=20)[-1]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _again(url: str, path: str, headers: dict, done: threading.Event) -> int:
    number = 0
    while not done.is_set():
        number += ask(url, path, headers, done)
    return number


def ask(url: str, path: str, headers: dict, done: threading.Event | None = None) -> bool:
    """Read the whole answer, or until it is `done` with: was it whole? Raises ValueError for what is no answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(f"{path}: {response.status}")
        while part := response.read(PIECE):
            if done and done.is_set():
                return False
        return not part
    finally:
        connection.close()
