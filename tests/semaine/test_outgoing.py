"""The door to services outside: which machines it reaches, and how much it takes from them."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from semaine import outgoing

SMALL = 1000  # bytes


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.told.append(self.headers)
        self.server.answer(self)

    def log_message(self, *arguments):
        pass


def answer(handler, body=b"{}", status=200, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def service():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.asked, server.told, server.answer = [], [], answer
        server.url = f"http://127.0.0.1:{server.server_port}/q"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(url, parameters=(), *, seconds=10.0, **options):
    return outgoing.get(url, parameters, seconds=seconds, at_most=SMALL, **options)


def test_answer_is_given_whole_whatever_its_status(service):
    service.answer = lambda handler: answer(handler, b"absent", 404, X_Kind="essai")
    found = get(service.url, {"q": "é"}, headers={"key": "secret"})
    assert (found.status, found.body, found.headers["x-kind"]) == (404, b"absent", "essai")
    assert service.asked == ["/q?q=%C3%A9"]
    [told] = service.told
    assert (told["User-Agent"], told["key"], told["Authorization"]) == ("semaine-industrie", "secret", None)


def test_redirection_is_told_and_not_followed(service):
    service.answer = lambda handler: answer(handler, status=302, Location="/ailleurs")
    assert (get(service.url).status, service.asked) == (302, ["/q"])


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_machine_that_is_not_of_the_internet_is_left_without_a_word(service, settings, name):
    """A name is looked at by where it leads: « localhost » stands for any that was made to lead inside."""
    settings.OUTGOING_LOOPBACK = False
    with pytest.raises(outgoing.Unanswered, match="not of the public internet"):
        get(service.url.replace("127.0.0.1", name))
    assert service.asked == []


def test_service_inside_is_asked_where_the_operator_has_named_it(service, settings):
    settings.OUTGOING_LOOPBACK = False
    settings.OUTGOING_INTERNAL = ["10.0.0.5:80", urlsplit(service.url).netloc]
    assert (get(service.url).status, service.asked) == (200, ["/q"])


@pytest.mark.parametrize(
    "named", ["127.0.0.1", "127.0.0.1:1", "127.0.0.2:{port}", "localhost:{port}", ":{port}"]
)
def test_machine_inside_is_named_by_its_address_and_port(service, settings, named):
    settings.OUTGOING_LOOPBACK = False
    settings.OUTGOING_INTERNAL = [named.format(port=urlsplit(service.url).port)]
    with pytest.raises(outgoing.Unanswered, match="not of the public internet"):
        get(service.url)
    assert service.asked == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("46.105.57.169", True),
        ("2001:41d0:1:1b00:213:186:33:5", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:46.105.57.169", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_public_addresses_are_those_of_the_internet(settings, address, is_public):
    settings.OUTGOING_LOOPBACK = False
    assert outgoing.is_public(address) is is_public


def test_servers_of_the_tests_are_reached_and_no_other_machine_nearby():
    assert [outgoing.is_public("127.0.0.1"), outgoing.is_public("10.0.0.1")] == [True, False]


@pytest.mark.parametrize(
    ("told", "is_allowed"), [({}, "True"), ({"DATABASE_URL": "postgresql://db/x"}, "False")]
)
def test_production_reaches_no_machine_of_its_own(told, is_allowed):
    code = "from semaine import settings; print(settings.OUTGOING_LOOPBACK)"
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment | told, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == is_allowed


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * SMALL)
    except OSError:
        pass


def bomb(handler):
    answer(handler, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")


def drops(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b" ")
    except OSError:
        pass


@pytest.mark.parametrize("hostile", [endless, bomb])
def test_answer_without_end_is_cut_short(service, hostile):
    service.answer = hostile
    with pytest.raises(outgoing.TooMuch):
        get(service.url)


def test_answer_in_drops_is_cut_short(service):
    service.answer, service.over = drops, threading.Event()
    with pytest.raises(outgoing.TooMuch):
        get(service.url, seconds=0.3)
    service.over.set()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://pas-la.invalid/", "ftp://example.org/", "http://[/"]
)
def test_no_answer_is_one_kind_of_failure(url):
    with pytest.raises(outgoing.Unanswered):
        get(url)
