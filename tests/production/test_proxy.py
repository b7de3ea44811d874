"""nginx with the configuration of docker-compose.yml, before the site: what it keeps, for whom, and for a crowd."""

import http.client
import http.server
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from semaine import embedded
from semaine.embedded import servers
from semaine.embedded.servers import place_of
from tests.production.compose import free_port, wait_until
from tests.production.proxy import NGINX, proxy

KEPT_SECONDS = 1  # s-maxage
HOME = "/accessibilite/"
CROWD, AT_ONCE, MOST_MADE = 1000, 200, 3
MADE = re.compile(r'^semaine_public_pages_total\{how="made"\} (\d+)', re.MULTILINE)


@pytest.fixture(scope="module")
def _nginx():
    if NGINX is None and "CI" not in os.environ:
        pytest.skip("nginx is not installed, and continuous integration is where it has to be")
    assert NGINX, "nginx is missing: apt install nginx-light"


@pytest.fixture
def ask(_nginx, machine, web):
    """A function that asks the proxy for a page, from any address of this machine."""
    with proxy(machine.data_dir, web=machine.port, port=free_port()) as port:

        def get(path=HOME, *, source="127.0.0.1", **headers):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            told = {"Host": "semaine.example.org", "X-Forwarded-Proto": "https"}
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
            try:
                connection.request("GET", path, headers=told | named)
                response = connection.getresponse()
                response.content = response.read()
                return response
            finally:
                connection.close()

        yield get


@pytest.fixture
def database(machine):
    with psycopg.connect(embedded.database_url(machine.data_dir), autocommit=True) as connection:
        yield connection


def change_what_the_public_sees(database) -> None:
    database.execute(
        "INSERT INTO semaine_siterevision VALUES (1, 1) ON CONFLICT (id) DO UPDATE "
        "SET number = semaine_siterevision.number + 1"
    )


def test_page_is_kept_for_all_and_compressed(ask):
    assert ask().status == 200
    answers = [ask(), ask(Accept_Encoding="gzip")]
    assert [(each.headers["X-Cache"], each.headers["Content-Encoding"]) for each in answers] == [
        ("HIT", None),
        ("HIT", "gzip"),
    ]
    assert [each.headers["Set-Cookie"] for each in answers] == [None, None]


def test_what_is_private_or_asked_by_somebody_known_is_not_kept(ask):
    ask()
    known = ask(Cookie="a=1; __Host-sessionid=abc")
    private = [ask("/compte/connexion/").headers["X-Cache"] for _ in range(2)]
    assert (known.headers["X-Cache"], private) == ("BYPASS", ["MISS", "MISS"])


def test_change_is_public_within_three_seconds(ask, database):
    old = ask().headers["ETag"]
    change_what_the_public_sees(database)
    wait_until(lambda: ask().headers["ETag"] != old, seconds=3)


def test_static_file_is_sent_compressed_and_for_good(ask, machine):
    name = next(path.name for path in (machine.data_dir / "static" / "css").glob("site.*.css"))
    answer = ask(f"/static/css/{name}", Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"], answer.headers["Cache-Control"]) == (
        200,
        "gzip",
        "public, max-age=31536000, immutable",
    )


def test_one_address_asks_for_hundreds_a_second_and_no_more(ask):
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: ask(source="127.0.0.9").status, range(600)))
    assert set(found) == {200, 429}
    assert ask(source="127.0.0.10").status == 200


def test_crowd_before_an_expired_page_has_it_made_at_most_three_times(ask, machine, database):
    assert ask().status == 200
    kept_at = time.monotonic()
    change_what_the_public_sees(database)
    before, together = _made(machine), threading.Barrier(AT_ONCE)
    # nginx reads the real clock, and tells nobody what has expired.
    wait_until(lambda: time.monotonic() > kept_at + KEPT_SECONDS + 1)

    def visit(number):
        if number < AT_ONCE:
            together.wait()
        return ask(source=f"127.0.1.{number % 100 + 1}").status

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        found = list(crowd.map(visit, range(CROWD)))
    assert found == [200] * CROWD
    assert 1 <= _made(machine) - before <= MOST_MADE


def _made(machine) -> int:
    return sum(map(int, MADE.findall(machine.get("/metrics", Authorization="Bearer sesame").content)))


def test_kept_page_is_shown_while_the_database_is_away(ask, machine):
    kept, place = ask(), place_of(machine.data_dir)
    servers.stop_postgres(place)
    try:
        wait_until(lambda: ask().headers["X-Cache"] == "STALE")
        shown, other = ask(), ask("/labelliser/")
    finally:
        servers.start_postgres(place, durable=False)
    assert (shown.status, shown.content) == (200, kept.content)
    assert (other.status, other.headers["Retry-After"]) == (503, "30")
    assert "Le site est indisponible pour un moment" in other.content.decode()
    wait_until(lambda: ask("/labelliser/").status == 200)


class _Named(http.server.BaseHTTPRequestHandler):
    """Says the name of its server."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = self.server.name.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        """Nothing is to be said."""


@pytest.fixture
def named_servers():
    with ExitStack() as stack:
        ports = {}
        for name in ("web", "workspace"):
            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Named))
            server.name, server.daemon_threads = name, True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            ports[name] = server.server_port
        yield ports


@pytest.mark.usefixtures("_nginx")
@pytest.mark.parametrize(
    ("method", "cookie", "answers"),
    [
        ("GET", "", "web"),
        ("GET", "__Host-csrftoken=1", "web"),
        ("GET", "__Host-sessionid=1", "workspace"),
        ("GET", "a=b; __Host-sessionid=1; c=d", "workspace"),
        ("POST", "", "workspace"),
        ("POST", "__Host-sessionid=1", "workspace"),
    ],
)
def test_who_works_does_not_wait_behind_who_reads(tmp_path, named_servers, method, cookie, answers):
    with proxy(tmp_path, **named_servers, port=free_port()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, "/programme/?q=visite", headers={"Cookie": cookie} if cookie else {})
        assert connection.getresponse().read().decode() == answers
        connection.close()
