"""The commands of docker-compose.yml run here as plain processes: the site answers, works, and stops as promised."""

import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from semaine import embedded
from tests.production.compose import services, wait_until
from tests.production.conftest import ENVIRONMENT

STOPPED = 0
MAIL = """
INSERT INTO semaine_outboxmessage
  (recipient, subject, text, html, dedupe_key, not_before, created_at, attempts, last_error, message_id)
VALUES ('jeanne@exemple.fr', %s, 'Texte', '', %s, now(), now(), 0, '', %s)
"""


@pytest.fixture
def database(machine):
    with psycopg.connect(embedded.database_url(machine.data_dir), autocommit=True) as connection:
        yield connection


def write_mail(database, name: str) -> None:
    database.execute(MAIL, [name, name, f"<{name}@semaine>"])


def is_sent(database, name: str) -> bool:
    sent = "SELECT sent_at IS NOT NULL FROM semaine_outboxmessage WHERE dedupe_key = %s"
    return database.execute(sent, [name]).fetchone()[0]


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_file_without_a_secret_is_refused():
    with pytest.raises(KeyError, match="SECRET_KEY"):
        services(ENVIRONMENT | {"SECRET_KEY": ""})


def test_prepare_leaves_a_database_and_static_files(machine, database):
    counted = database.execute("SELECT count(*) FROM semaine_department").fetchone()
    assert counted == (109,)
    assert (machine.data_dir / "static" / "staticfiles.json").is_file()


def test_web_answers_and_logs_without_addresses(machine, web):
    home = machine.get("/?nom=jeanne", X_Request_ID="c0ffee00-1111-2222", X_Real_IP="192.0.2.7")
    assert (home.status, "Set-Cookie" in home.headers) == (200, False)
    assert home.headers["X-Request-ID"] == "c0ffee00-1111-2222"
    assert machine.get("/sante").content == '{"database": "ok", "cache": "ok", "queue": "ok"}'
    assert machine.get("/pas-la/?nom=jeanne").status == 404
    written = machine.log("web")
    assert [word for word in ("jeanne", "192.0.2.7", "pas-la") if word in written] == []
    told = {
        (each.get("view"), each["status"]) for each in lines(written) if each["logger"] == "semaine.requests"
    }
    assert {("home", 200), ("health", 200), (None, 404)} <= told


def test_cookies_are_this_site_s_alone(machine, web):
    """What the browser refuses to take from another site, or without HTTPS."""
    [given] = machine.get("/compte/connexion/").headers.get_all("Set-Cookie")
    name, *told = (part.strip() for part in given.split(";"))
    assert name.startswith("__Host-csrftoken=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(told)
    assert [part for part in told if part.startswith("Domain")] == []


def test_processes_count_together(machine, web):
    for _ in range(20):
        machine.get("/communes.json?q=Belfort")
    text = machine.get("/metrics", Authorization="Bearer sesame").content
    assert 'semaine_requests_total{method="GET",status="200",view="communes"} 20.0' in text
    assert "semaine_outbox_size 0.0" in text
    assert machine.get("/metrics").status == 404


def test_mail_leaves_by_beat_and_worker(machine, database, mails):
    machine.start("worker")
    machine.start("beat")
    write_mail(database, "premier")
    wait_until(lambda: is_sent(database, "premier"))
    assert [mail["Subject"] for mail in mails.received] == ["premier"]
    machine.stop()


def test_web_ends_the_request_under_way_when_it_is_stopped(machine, web, database):
    with ThreadPoolExecutor(1) as pool, database.transaction():
        database.execute("LOCK TABLE semaine_siterevision IN ACCESS EXCLUSIVE MODE")
        waiting = pool.submit(machine.get, "/")
        wait_until(lambda: _waits_for_lock(database))
        web.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in machine.log("web"))
        assert (waiting.done(), web.poll()) == (False, None)
    assert waiting.result(timeout=30).status == 200
    assert web.wait(timeout=30) == STOPPED


def _waits_for_lock(database) -> bool:
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'semaine_siterevision'::regclass"
    return database.execute(asked).fetchone()[0] == 1


def test_worker_ends_its_task_when_it_is_stopped(machine, database, mails):
    under_way, go_on = threading.Event(), threading.Event()

    def slowly(message):
        under_way.set()
        go_on.wait(30)
        return "250 OK"

    mails.answer = slowly
    try:
        worker = machine.start("worker")
        machine.start("beat")
        write_mail(database, "lent")
        assert under_way.wait(60)
        worker.send_signal(signal.SIGTERM)
        assert not is_sent(database, "lent")
        go_on.set()
        assert worker.wait(timeout=60) == STOPPED
    finally:
        go_on.set()
        del mails.answer
        machine.stop()
    assert is_sent(database, "lent")
    assert [mail["Message-ID"] for mail in mails.tried if mail["Subject"] == "lent"] == ["<lent@semaine>"]


def test_beat_stops_when_asked(machine):
    def schedules():
        return list((machine.data_dir / "tmp").glob("schedule*"))

    for earlier in schedules():
        earlier.unlink()
    beat = machine.start("beat")
    wait_until(schedules)  # written once it listens to signals
    beat.send_signal(signal.SIGTERM)
    assert beat.wait(timeout=30) == STOPPED


def test_backup_is_made_by_its_container_s_command(machine):
    machine.run("backup")
    (made,) = (machine.data_dir / "backups").iterdir()
    assert datetime.strptime(made.name, "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC) <= datetime.now(UTC)
    assert sorted(path.name for path in made.iterdir()) == ["database.dump", "manifest.json", "media.tar"]
