"""A process that works says so; one that must not be given visitors says that."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db
READY = {"database": "ok", "migrations": "ok"}


def test_process_with_its_database_is_ready(client):
    answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()) == (200, READY)


def test_database_older_than_the_code_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="events").latest("pk").delete()
    answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "migrations": "missing"})


def test_database_newer_than_the_code_is_ready(client):
    MigrationRecorder(connection).record_applied("events", "9999_of_the_next_release")
    assert client.get("/sante/pret").json() == READY


def test_database_away_is_not_ready(client):
    def away(execute, *rest):
        raise OperationalError

    with connection.execute_wrapper(away):
        answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()) == (503, {"database": "down"})


def test_readiness_costs_two_queries(client, django_assert_num_queries):
    client.get("/sante/pret")
    # Whether there is a table of migrations, and those that it holds.
    with django_assert_num_queries(2):
        client.get("/sante/pret")


def test_redis_away_leaves_a_process_ready_and_not_healthy(client, settings, tmp_path):
    from semaine.celery import app

    before = app.conf.broker_url, app.conf.broker_read_url
    app.conf.broker_url = app.conf.broker_read_url = f"redis+socket://{tmp_path}/redis.sock"
    try:
        health, ready = client.get("/sante"), client.get("/sante/pret")
    finally:
        app.conf.broker_url, app.conf.broker_read_url = before
    assert (health.status_code, health.json()) == (503, {"database": "ok", "cache": "ok", "queue": "down"})
    assert ready.status_code == 200
