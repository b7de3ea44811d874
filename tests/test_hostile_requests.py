"""Whatever the address, its parameters or the form: an answer, never an error of ours.

`make fuzz` draws twenty thousand requests; the tests draw some hundreds, the same each time.
"""

import os
import re
import time
from random import Random
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from events.filters import ProgrammeFilter
from tests import factories

pytestmark = pytest.mark.django_db
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "600"))
BATCHES = 12
SLOWEST = 2  # seconds, looked at by `make fuzz` alone
HOSTILE = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "%00",
    "\ud800",
    "\udfff\ud800",
    "\u202e",
    "\ufeff",
    "\u0000\u200b",
    "é" * 300,
    "x" * 12_000,
    "🏭" * 500,
    "' OR 1=1 --",
    "'; DROP TABLE events_event; --",
    "\\",
    "%",
    "_",
    "%%%",
    "a_b%c",
    "(((",
    "a & | ! b",
    ":*",
    "a:*b",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% debug %}",
    "${7*7}",
    "../../etc/passwd",
    "//evil.example",
    "javascript:alert(1)",
    "-1",
    "0",
    "1e309",
    "1e-400",
    "NaN",
    "Infinity",
    "-Infinity",
    "99999999999999999999999",
    "9" * 400,
    "0x10",
    "1_000",
    "१२३",
    "999999999",
    "2147483648",
    "9223372036854775808",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "0001-01-01",
    "2026-02-30",
    "2026-11-20T25:61",
    "31/12/9999",
    "-180,-90,180,90",
    "180,90,-180,-90",
    "1,2,3",
    "NaN,NaN,NaN,NaN",
    "1e308,1e308,1e308,1e308",
    "48.85,2.35",
    "91,181",
    "(a+)+$",
    "a" * 40 + "!",
    "[]",
    "{}",
    "null",
    "true",
    "[" * 2000,
    '{"a":' * 500,
    "aujourd-hui",
    "oui",
    "59350",
    "90",
    "visite",
    "=1+1",
    "@SUM(1)",
    "\r\nSet-Cookie: a=b",
    "a\nb",
    "\t",
    "\x1b[31m",
    "\x7f",
    "ﷺ" * 50,
)
OTHERS = (
    "page",
    "zoom",
    "tri",
    "q[]",
    "size",
    "after[]",
    "sort",
    "relative[]",
    "timings[gte]",
    "geo[northEast][lat]",
    "e",
    "sans",
    "format",
    "url",
    "maxwidth",
    "next",
    "edition",
    "dossier",
    "statut",
    "voir",
    "uid[]",
    "updatedAt[gte]",
    "removed",
)
KINDS = re.compile(r"<(?:(\w+):)?(\w+)>")
NUMBERS = ("1", "2026", "0", "999999999999999999")
WORDS = ("visite-de-la-fonderie", "a", "x" * 300, "SI-2026-90-0001")


def routes(resolver, before="") -> list[str]:
    """The addresses of the site as Django writes them, with « <kind:name> » for what varies; not those of the admin."""
    found = []
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += [] if path.startswith("admin/") else routes(each, path)
        elif isinstance(each, URLPattern):
            found.append(path)
    return found


def address(drawn: Random, route: str) -> str:
    """Fill what varies in a route; a regular expression is filled as it best may."""

    def fill(match):
        return drawn.choice(NUMBERS if match[1] == "int" else WORDS)

    path = KINDS.sub(fill, route)
    if "(?P" in path:
        path = re.sub(r"\(\?P<\w+>[^)]*\)(?:\[[^\]]*\]\{[^}]*\})?", lambda _: drawn.choice(NUMBERS), path)
        path = path.replace("^", "").replace("$", "").replace("[.]", ".").replace("\\", "")
    return "/" + quote(path, safe="/._-", errors="surrogatepass")


def query(drawn: Random, names: list[str]) -> str:
    pairs = [(drawn.choice(names), drawn.choice(HOSTILE)) for _ in range(drawn.choice((0, 1, 1, 2, 5)))]
    return urlencode(pairs, errors="surrogatepass")


@pytest.fixture
def site():
    """One event that everybody sees, so that pages have something to say."""
    factories.labelled()
    factories.submitted()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_request_is_an_error_of_ours(site, batch):
    drawn = Random(batch)
    every = routes(get_resolver())
    names = [*ProgrammeFilter.base_filters, *OTHERS]
    visitor, organizer = Client(raise_request_exception=False), Client(raise_request_exception=False)
    organizer.force_login(factories.user())
    faults, slow = [], []
    for _ in range(REQUESTS // BATCHES):
        client = drawn.choice((visitor, visitor, organizer))
        path = address(drawn, drawn.choice(every))
        text = query(drawn, names)
        began = time.perf_counter()
        if drawn.random() < 0.8:
            answer = client.get(f"{path}?{text}")
        else:
            answer = client.post(
                f"{path}?{text}",
                query(drawn, [*names, "email", "login", "title", "message", "nom"]),
                content_type="application/x-www-form-urlencoded",
            )
        body = answer.getvalue() if answer.status_code != 500 else b""
        if time.perf_counter() - began > SLOWEST:
            slow.append((path, text[:300]))
        # Nobody speaks for the address service, the register or the queue here: 503 is their absence.
        if answer.status_code >= 500 and path not in ("/sante", "/sante/pret"):
            faults.append((answer.status_code, answer.request["REQUEST_METHOD"], path, text[:300], len(body)))
    assert faults == []
    if "FUZZ_REQUESTS" in os.environ:
        assert slow == []
