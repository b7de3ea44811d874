"""What Prometheus reads: requests by view and status, what waits; only with the token."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from events.metrics import decisions, imports
from semaine import outbox
from semaine.metrics import outbox as outbox_gauges
from semaine.metrics import tasks
from semaine.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2025, 10, 1, 8, tzinfo=UTC)
TOKEN = {"Authorization": "Bearer sesame"}


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = "sesame"


def values(gauges) -> dict:
    return {name: value for name, words, value in gauges}


def read(client, **more) -> dict:
    text = client.get("/metrics", headers=TOKEN, **more).content.decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer autre", "sesame", "Bearer sesame é"])
def test_only_the_token_opens_them(client, token, given):
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_without_a_token_configured_there_is_nothing(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_process_is_read_by_its_address(client, token, settings):
    settings.ALLOWED_HOSTS = ["semaine.example.org"]
    answer = client.get("/metrics", headers=TOKEN | {"Host": "10.0.0.7:8000"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_requests_are_counted_by_view_method_and_status(client, token):
    counted = ("semaine_requests_total", ("method", "GET"), ("status", "200"), ("view", "communes"))
    odd = ("semaine_requests_total", ("method", "other"), ("status", "405"), ("view", "communes"))
    timed = ("semaine_request_seconds_count", ("view", "communes"))
    before = read(client)
    client.get("/communes.json?q=Belfort")
    client.generic("JEANNE", "/communes.json")
    after = read(client)
    assert [after[name] - before.get(name, 0) for name in (counted, odd, timed)] == [1, 1, 2]


def test_mails_due_are_counted_and_the_oldest_timed():
    assert list(values(outbox_gauges(AT)).values()) == [0, 0, 0]
    for minutes in (-90, -10, 10):
        moment = AT + timedelta(minutes=minutes)
        outbox.enqueue("a@b.fr", "Objet", "Texte", dedupe_key=f"essai {minutes}", at=moment)
    OutboxMessage.objects.filter(dedupe_key="essai -10").update(attempts=2)
    assert values(outbox_gauges(AT)) == {
        "semaine_outbox_size": 2,
        "semaine_outbox_age_seconds": 5400,
        "semaine_outbox_failing": 1,
    }


def test_tasks_that_no_worker_takes_are_counted():
    from semaine.celery import app

    before = values(tasks(AT))["semaine_queue_depth"]
    app.send_task("semaine.tasks.nobody", queue="celery", expires=5)
    after = values(tasks(AT))["semaine_queue_depth"]
    app.control.purge()
    assert after == before + 1


def test_decisions_are_late_once_their_day_is_over():
    event = factories.submitted()
    due = datetime.combine(event.due_on, datetime.min.time(), UTC) + timedelta(hours=12)
    assert values(decisions(due)) == {"semaine_decisions_waiting": 1, "semaine_decisions_late": 0}
    late = values(decisions(due + timedelta(days=7)))
    assert late == {"semaine_decisions_waiting": 1, "semaine_decisions_late": 1}
    over = datetime.combine(event.edition.label_until, datetime.min.time(), UTC) + timedelta(days=2)
    assert values(decisions(over)) == {"semaine_decisions_waiting": 0, "semaine_decisions_late": 0}


def test_imports_waiting_are_told():
    assert values(imports(AT)) == {"semaine_imports_waiting": 0}


def test_what_cannot_be_counted_is_left_out(client, token, settings):
    settings.METRICS = ["events.metrics.imports", "tests.semaine.test_metrics.away"]
    found = read(client)
    assert [name for (name, *labels) in found if "waiting" in name] == ["semaine_imports_waiting"]


def away(at):
    raise OSError
