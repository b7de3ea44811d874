"""An error is told to Sentry with its place and its request's number, and without anybody's data."""

import json
import os
import subprocess
import sys

from django.conf import settings

from tests.semaine.sentry_server import sentry_server

# A view that fails with a person's data all around it.
FAILS = """
import django
django.setup()
from django.test import Client
from semaine import views, urls
from django.urls import path
def fails(request, key):
    secret = "Jeanne Dupont"
    raise ValueError("doublon de jeanne@exemple.fr\\nDETAIL:  Failing row contains (Jeanne Dupont)")
urls.urlpatterns.insert(0, path("essai/<str:key>/", fails, name="essai"))
Client(raise_request_exception=False, headers={"cookie": "sessionid=jeanne"}).post(
    "/essai/cle-de-jeanne/?nom=jeanne", {"nom": "Jeanne"},
    headers={"X-Request-ID": "c0ffee00-1111-2222"}, REMOTE_ADDR="192.0.2.7",
)
import logging, sentry_sdk
logging.getLogger("semaine").error("un courriel à jeanne@exemple.fr est perdu")
sentry_sdk.flush()
"""


def test_error_is_told_without_anybody_s_data():
    with sentry_server() as (dsn, events):
        told = {"SENTRY_DSN": dsn, "CODE_VERSION": "7", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment = {name: os.environ[name] for name in ("PATH", "SEMAINE_DATA") if name in os.environ}
        subprocess.run(
            [sys.executable, "-c", FAILS],
            cwd=settings.BASE_DIR,
            env=environment | told,
            check=True,
            capture_output=True,
            timeout=60,
        )
    failed, logged = sorted(events, key=lambda event: "exception" not in event)
    (error,) = failed["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "doublon de <courriel>\nDETAIL: …")
    assert (failed["transaction"], failed["tags"]) == ("/essai/{key}/", {"request": "c0ffee00-1111-2222"})
    assert (failed["release"], failed["environment"]) == ("7", "production")
    assert logged["logentry"] == {"message": "un courriel à <courriel> est perdu"}
    # The code around the error is source, and may quote what this test wrote in it.
    for frame in error["stacktrace"]["frames"]:
        for name in ("pre_context", "context_line", "post_context"):
            frame.pop(name, None)
    told = json.dumps(events, ensure_ascii=False).lower()
    assert [word for word in ("jeanne", "dupont", "192.0.2.7", "sessionid") if word in told] == []
