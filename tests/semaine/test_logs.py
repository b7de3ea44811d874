"""A line of the log is JSON, bears its request's number, and tells nothing of anybody."""

import json
import logging
import sys

import pytest

from semaine.logs import JsonLines, configuration, request_id, without_people


def line(record) -> dict:
    return json.loads(JsonLines().format(record))


def record(message, *args, **more):
    made = logging.LogRecord(
        "semaine.outbox", logging.WARNING, "", 0, message, args, more.pop("exc_info", None)
    )
    made.__dict__.update(created=1_795_672_800.25, **more)
    return made


def test_line_is_one_object():
    token = request_id.set("0123456789abcdef")
    try:
        found = JsonLines().format(record("courriel %s\nrefusé", 7))
    finally:
        request_id.reset(token)
    assert "\n" not in found
    assert json.loads(found) == {
        "at": "2026-11-26T06:00:00.250+00:00",
        "level": "WARNING",
        "logger": "semaine.outbox",
        "message": "courriel 7\nrefusé",
        "request": "0123456789abcdef",
    }


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("refusé : jeanne.d'arc@exemple.fr.", "refusé : <courriel>."),
        ("{'a@b.fr': (550, b'No')}", "{'<courriel>': (550, b'No')}"),
        ("GET /compte/?email=a%40b.fr&x=1 HTTP", "GET /compte/?… HTTP"),
        ("de 192.0.2.7 et 2001:db8:0:1:2:3:4:5", "de <adresse> et <adresse>"),
        ("doublon\nDETAIL:  Key (email)=(a@b.fr) exists.\nfin", "doublon\nDETAIL: …\nfin"),
        ("Pourquoi ? Parce que = rien", "Pourquoi ? Parce que = rien"),
    ],
)
def test_what_tells_of_people_is_left_out(said, written):
    assert without_people(said) == written


def test_trace_is_kept_without_the_row_that_the_database_quotes():
    try:
        raise ValueError("doublon\nDETAIL:  Failing row contains (1, Jeanne, 0612345678).")
    except ValueError:
        found = line(record("échec", exc_info=sys.exc_info()))
    assert found["trace"].endswith("ValueError: doublon\nDETAIL: …")


@pytest.fixture
def lines():
    """What is written while a test runs."""
    kept = []
    handler = logging.Handler()
    handler.emit = lambda each: kept.append(line(each))
    loggers = [logging.getLogger("semaine.requests"), logging.getLogger("django.request")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel("INFO")
    yield kept
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.mark.django_db
def test_request_is_told_by_its_view_and_number(client, lines):
    answer = client.get("/communes.json?q=Jeanne", headers={"X-Request-ID": "c0ffee00-1111-2222"})
    assert answer["X-Request-ID"] == "c0ffee00-1111-2222"
    (found,) = lines
    assert found.pop("milliseconds") > 0
    found.pop("at")
    assert found == {
        "level": "INFO",
        "logger": "semaine.requests",
        "message": "answered",
        "request": "c0ffee00-1111-2222",
        "method": "GET",
        "view": "communes",
        "status": 200,
    }


@pytest.mark.django_db
def test_page_not_found_does_not_quote_its_address(client, lines):
    client.get("/compte/cle-secrete-de-jeanne/?a=b")
    assert "jeanne" not in json.dumps(lines)
    assert [each["status"] for each in lines if "status" in each] == [404]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "court", "x" * 65, "un\tdeux-trois-quatre-cinq", "a@b.fr-a@b.fr-a@b.fr"]
)
def test_number_that_is_not_fit_is_replaced(client, given):
    found = client.get("/sante/pas-la", headers={"X-Request-ID": given})["X-Request-ID"]
    assert found != given
    assert len(found) == 32


def test_levels_of_a_terminal_and_of_production():
    levels = {
        form: configuration(form, "ERROR")["loggers"]["semaine.requests"]["level"]
        for form in ("json", "text")
    }
    assert levels == {"json": "INFO", "text": "WARNING"}
    assert "formatter" not in configuration("text", "ERROR")["handlers"]["console"]
