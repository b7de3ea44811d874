"""When the database cannot answer: a page that says so, and what was typed to be sent again."""

import subprocess
import sys
from contextlib import contextmanager
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@contextmanager
def database(error=OperationalError):
    """The database, answering every statement with an error."""

    def refuse(execute, sql, *rest):
        raise error("away")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False, headers={"host": "localhost", "accept": "text/html"})


def typed(html: str) -> list[tuple[str, str]]:
    """What the button would send, as a browser reads the page."""
    fields = html.split('<textarea name="')[1:]
    return [
        (unescape(name), unescape(rest.split("</textarea>")[0]))
        for name, _, rest in (each.partition('" hidden>\n') for each in fields)
    ]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "path", ["/", "/programme/", "/espace/", "/admin/", "/accessibilite/", "/programme.json"]
)
def test_page_says_that_the_site_comes_back(visitor, path, error):
    # Somebody signed in, for whom the database is asked first.
    visitor.force_login(factories.user())
    with database(error):
        response = visitor.get(path)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )
    assert "Le site est indisponible pour un moment" in response.text
    assert "rechargez la page" in response.text
    assert (response.cookies, "default-src" in response["Content-Security-Policy"]) == ({}, True)


def test_whoever_shows_a_validator_gets_the_page_with_all_headers(visitor):
    validator = visitor.get("/accessibilite/")["ETag"]
    with database():
        response = visitor.get("/accessibilite/", headers={"if-none-match": validator})
    assert (response.status_code, "default-src" in response["Content-Security-Policy"]) == (503, True)


def test_database_that_leaves_before_the_session_is_written_is_away(visitor):
    visitor.force_login(factories.user())
    session = visitor.session
    session["began"] = session["seen"] = session["seen"] - 7200  # its use is to be noted
    session.save()

    def refuse(execute, sql, *rest):
        if sql.startswith('UPDATE "django_session"'):
            raise OperationalError("away")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        response = visitor.get("/espace/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_error_of_our_own_is_no_absence(visitor):
    with database(DataError):
        response = visitor.get("/programme/")
    assert response.status_code == 500
    assert "Le site a rencontré une erreur" in response.text


def test_form_is_kept_in_the_page_to_be_sent_again(visitor):
    text = "\n« Visite »\r\n</textarea><script>alert(1)</script> & co"
    visitor.force_login(factories.user())
    data = {"title": text, "sectors": ["a", "b"], "csrfmiddlewaretoken": "x" * 32}
    with database():
        page = visitor.post("/espace/evenements/nouveau/", data)
    assert (page.status_code, page.text.count("<textarea"), "<script" in page.text) == (503, 4, False)
    assert typed(page.text) == [
        ("title", text),
        ("sectors", "a"),
        ("sectors", "b"),
        ("csrfmiddlewaretoken", "x" * 32),
    ]
    assert "Envoyer de nouveau" in page.text


@pytest.mark.parametrize(
    "data",
    [
        {"login": "jeanne@exemple.fr", "password": "Un secret bien long"},
        {"title": "Visite", "image": SimpleUploadedFile("image.png", b"image")},
    ],
)
def test_secrets_and_files_are_not_given_back(visitor, data):
    with database():
        page = visitor.post("/compte/connexion/", data)
    assert (page.status_code, typed(page.text)) == (503, [])
    assert "sauf les mots de passe et les fichiers" in page.text
    assert "secret" not in page.text


def test_software_is_told_in_its_own_terms():
    robot = Client(raise_request_exception=False, headers={"host": "localhost", "accept": "application/json"})
    with database():
        response = robot.get("/api/v1/events")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert list(response.json()["errors"]) == ["api"]


@pytest.fixture
def slow():
    """The database, really too slow for the counts of a page."""

    def sleep(execute, sql, parameters, *rest):
        if "AS MATERIALIZED" in sql:
            sql, parameters = "SELECT pg_sleep(30)", None
        return execute(sql, parameters, *rest)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
    with connection.execute_wrapper(sleep):
        yield


def test_statement_that_takes_too_long_is_stopped_and_the_page_says_what_to_do(visitor, slow):
    factories.edition()
    response = visitor.get("/programme/")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )
    assert "Cette page n’est pas venue à temps" in response.text
    assert "précisez-la (un lieu, un jour…)" in response.text
    assert "indisponible pour un moment</h1>" not in response.text


def test_software_whose_question_takes_too_long_is_told_so(visitor, slow):
    factories.edition()
    response = visitor.get("/api/v1/facets", headers={"accept": "application/json"})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    words = (
        "Cette demande a pris trop de temps : précisez-la (un lieu, un jour…) ou réessayez dans une minute."
    )
    assert response.json() == {"errors": {"api": [words]}}


def test_web_server_limits_the_time_of_a_statement():
    code = """
import semaine.web_server, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    print(cursor.execute("SHOW statement_timeout").fetchone()[0])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "10s\n"
