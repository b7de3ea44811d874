"""Public pages are read from a PostgreSQL that follows the first, as long as it is up to date and answers."""

import re

import psycopg
import pytest

from semaine import embedded
from tests.production.compose import wait_until
from tests.production.standby import standby

READS = re.compile(r'^semaine_public_reads_total\{database="(\w+)"\} (\d+)', re.MULTILINE)
PUBLIC_WITHIN = 3  # seconds
HOME = "/labelliser/"


@pytest.fixture(scope="module")
def second(machine):
    with standby(machine.data_dir) as server:
        machine.told["DATABASE_REPLICA_URL"] = server.url
        yield server
        del machine.told["DATABASE_REPLICA_URL"]


@pytest.fixture
def primary(machine):
    with psycopg.connect(embedded.database_url(machine.data_dir), autocommit=True) as connection:
        yield connection


@pytest.fixture
def source(second, machine, web):
    """A function that asks a page and returns the database that it was read from."""

    def ask(**headers) -> str:
        before = counted(machine)
        answer = machine.get(HOME, **headers)
        assert answer.status == 200, machine.log("web")
        after = counted(machine)
        return "".join(name for name in after if after[name] > before.get(name, 0))

    wait_until(lambda: ask() == "replica")
    return ask


def counted(machine) -> dict[str, int]:
    text = machine.get("/metrics", Authorization="Bearer sesame").content
    return {name: int(number) for name, number in READS.findall(text)}


def change_what_the_public_sees(primary) -> None:
    primary.execute("UPDATE semaine_siterevision SET number = number + 1")


def test_public_pages_are_read_from_the_replica(source):
    assert [source(), source()] == ["replica", "replica"]


def test_who_has_a_session_reads_the_primary(source):
    assert source(Cookie="sessionid=abc; __Host-sessionid=abc") == "default"


def test_private_and_technical_pages_never_touch_it(source, machine):
    before = counted(machine)
    for path in ("/compte/connexion/", "/sante", "/sante/pret", "/communes.json?q=Belfort"):
        machine.get(path)
    assert counted(machine) == before


def test_late_replica_is_left_alone_until_it_has_caught_up(source, second, primary, machine):
    old = machine.get(HOME).headers["ETag"]
    second.ask("SELECT pg_wal_replay_pause()::text")
    try:
        wait_until(lambda: second.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
        change_what_the_public_sees(primary)
        wait_until(lambda: machine.get(HOME).headers["ETag"] != old, seconds=PUBLIC_WITHIN)
        assert source() == "default"
    finally:
        second.ask("SELECT pg_wal_replay_resume()::text")
    wait_until(lambda: source() == "replica")


def test_dead_replica_is_left_alone_until_it_is_back(source, second):
    second.stop()
    try:
        assert [source(), source()] == ["default", "default"]
    finally:
        second.start()
    wait_until(lambda: source() == "replica")
