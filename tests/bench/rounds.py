"""References and pages in turn, several rounds of them: a busy moment of the machine strikes both."""

import gzip
import http.client
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.bench import servers
from tests.bench.load import wrk
from tests.bench.pages import EVERY_WAY
from tests.production.compose import free_port
from tests.production.proxy import proxy

ROUNDS = 3
HELLO, BARE, STATIC = "bonjour, mêmes intergiciels", "WSGI nu", "fichier de nginx"
KEPT, UNCHANGED, PROXIED, MADE = "en cache", "304", "derrière nginx", "fabriquée"
UNLIMITED = "1000000r/s"


@dataclass
class Measure:
    """One address asked in one way: rates in requests a second and processor time in ms, one of each per round."""

    name: str
    way: str
    url: str
    reference: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    bytes: int = 0
    compressed: int = 0

    @property
    def key(self) -> str:
        return f"{self.name}, {self.way}" if self.way else self.name

    def told(self) -> dict:
        return {
            "name": self.name,
            "way": self.way,
            "reference": self.reference,
            "rate": round(median(self.rates)),
            "slowest": round(min(self.rates)),
            "fastest": round(max(self.rates)),
            "ratio": round(median(self.ratios), 2) if self.ratios else None,
            "processor_ms": round(median(self.processor_ms), 2) if self.processor_ms else None,
            "bytes": self.bytes,
            "compressed": self.compressed,
        }


def get(url: str, **headers: str) -> http.client.HTTPResponse:
    """Ask once; the body is at `.content`. Raises ValueError for what is no page."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=120)
    query = f"?{parts.query}" if parts.query else ""
    connection.request("GET", f"{parts.path}{query}", headers=headers)
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    if response.status not in (200, 304):
        raise ValueError(f"{url}: {response.status}")
    return response


def measured(pages: dict[str, str], folder: Path, tick) -> tuple[list[dict], dict]:
    """Return what was found of each measure, and of the web server's processes."""
    with (
        servers.gunicorn() as keeping,
        servers.gunicorn(BENCH_KEEPS_NOTHING="oui") as making,
        servers.gunicorn("tests.bench.bare", path="/") as bare,
        proxy(folder, web=keeping.port, port=free_port(), visits=UNLIMITED, workers=2) as port,
    ):
        nginx = f"http://127.0.0.1:{port}"
        measures = list(_measures(pages, keeping.url, making.url, bare.url, nginx, folder))
        owners = {each.url: each for each in (keeping, making)}
        for _ in range(ROUNDS):
            rates = defaultdict(float)
            for each in measures:
                _run(each, next((owner for url, owner in owners.items() if each.url.startswith(url)), None))
                rates[each.key] = each.rates[-1]
                tick(each)
            for each in measures:
                if each.reference:
                    each.ratios.append(rates[each.key] / rates[each.reference])
        memory = {"kept": keeping.megabytes(), "made": making.megabytes()}
        return [each.told() for each in measures], memory | {"start": servers.start_seconds()}


def _measures(pages, keeping, making, bare, nginx, folder):
    yield Measure(BARE, "", f"{bare}/")
    yield Measure(HELLO, "", f"{keeping}/bonjour/")
    for name, path in pages.items():
        yield Measure(name, MADE, f"{making}{path}", HELLO)
    for name in EVERY_WAY:
        first = get(f"{keeping}{pages[name]}")
        file = f"bench-{len(first.content)}.html"
        (folder / "static" / file).write_bytes(first.content)
        yield Measure(f"{STATIC}, {name}", "", f"{nginx}/static/{file}")
        yield Measure(name, PROXIED, f"{nginx}{pages[name]}", f"{STATIC}, {name}")
        yield Measure(name, KEPT, f"{keeping}{pages[name]}", HELLO)
        known = {"If_None_Match": first.headers["ETag"]}
        yield Measure(name, UNCHANGED, f"{keeping}{pages[name]}", HELLO, known)


def _run(each: Measure, server: servers.Server | None) -> None:
    if each.headers:
        # Five minutes may have gone by, and the page with them.
        each.headers["If_None_Match"] = get(each.url).headers["ETag"]
    if not each.bytes:
        each.bytes = len(get(each.url).content)
        each.compressed = len(gzip.compress(get(each.url).content, 5))
    before = server.processor_seconds() if server else 0
    load = wrk(each.url, **each.headers)
    each.rates.append(load.rate)
    if server:
        each.processor_ms.append((server.processor_seconds() - before) * 1000 / max(load.requests, 1))
