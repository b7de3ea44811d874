"""Figures for Prometheus: how the site answers, and what waits. Behind `METRICS_TOKEN`; no figure is about a person.

Requests are counted by each process in files that the web server's processes share (see `semaine.web_server`), so that
any of them answers for all; what waits is counted in the database at each reading, which makes it the same everywhere.
"""

import hmac
import os
import time
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError

from semaine.celery import app as celery
from semaine.logs import view_of
from semaine.models import OutboxMessage

ADDRESS = "/metrics"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

answered = Counter("semaine_requests", "Requests answered.", ["view", "method", "status"])
taken = Histogram(
    "semaine_request_seconds", "Seconds until a request is answered.", ["view"], buckets=SECONDS
)

Gauge = tuple[str, str, float]


def measured(get_response):
    """Count and time each request; answer `/metrics` itself, as Prometheus calls each process by its address, not by
    a name that `ALLOWED_HOSTS` holds.
    """

    def middleware(request):
        if request.path == ADDRESS:
            return _figures(request)
        started = time.perf_counter()
        response = get_response(request)
        view = view_of(request)
        method = request.method if request.method in METHODS else "other"
        answered.labels(view, method, response.status_code).inc()
        taken.labels(view).observe(time.perf_counter() - started)
        return response

    return middleware


def _figures(request) -> HttpResponse:
    """Answer the figures to who has the token; without a token configured there is nothing here."""
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, expected):
        return HttpResponseNotFound()
    registry = CollectorRegistry()
    registry.register(Waiting())
    requests = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    text = generate_latest(requests) + generate_latest(registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class Waiting:
    """What waits now, by the functions that `settings.METRICS` names; what cannot be counted is left out."""

    def describe(self) -> list:
        return []  # nothing is asked of the database before a reading

    def collect(self) -> Iterator[GaugeMetricFamily]:
        at = timezone.now()
        for name in settings.METRICS:
            try:
                gauges = import_string(name)(at)
            except (DatabaseError, OSError, KombuError, RedisError):
                continue
            for gauge in gauges:
                yield GaugeMetricFamily(*gauge)


def outbox(at: datetime) -> list[Gauge]:
    """How many mails are due and not sent, and for how many seconds the oldest has been."""
    due = OutboxMessage.objects.filter(sent_at=None, not_before__lte=at)
    found = due.aggregate(size=Count("pk"), oldest=Min("not_before"))
    age = (at - found["oldest"]).total_seconds() if found["oldest"] else 0
    failed = OutboxMessage.objects.filter(sent_at=None, attempts__gt=0)
    return [
        ("semaine_outbox_size", "Mails due and not sent.", found["size"]),
        ("semaine_outbox_age_seconds", "How long the oldest mail that is due has waited.", age),
        ("semaine_outbox_failing", "Mails refused at least once and not sent yet.", failed.count()),
    ]


def tasks(at: datetime) -> list[Gauge]:
    """How many messages the worker has not taken."""
    with celery.connection_for_read() as queue:
        depth = queue.default_channel.client.llen(celery.conf.task_default_queue)
    return [("semaine_queue_depth", "Tasks that no worker has taken.", depth)]
