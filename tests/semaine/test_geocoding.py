"""The national address service: what is taken from it, and what happens without it."""

import json
import time

import pytest

from semaine import geocoding
from semaine.geocoding import Located, locate
from tests import factories
from tests.semaine.address_server import address_server, collection, feature

pytestmark = pytest.mark.django_db

ADDRESS = ("1 rue de l’Usine", "90000")


@pytest.fixture
def service(settings):
    with address_server() as server:
        settings.GEOCODER_URL = server.url
        yield server


def belfort():
    return factories.commune("90010")


def test_address_is_asked_in_its_commune_and_its_point_taken(service):
    assert locate(*ADDRESS, belfort()) == Located(47.6401, 6.8602, "housenumber", 0.96)
    assert service.asked == [
        {"q": "1 rue de l’Usine 90000 Belfort", "limit": "1", "autocomplete": "0", "citycode": "90010"}
    ]


@pytest.mark.parametrize(
    "answer",
    [
        collection(),
        collection(feature(score=0.69)),
        collection(feature(citycode="59350")),
        collection(feature(kind="municipality")),
    ],
    ids=["nothing", "not sure", "another commune", "the commune itself"],
)
def test_what_is_not_sure_is_not_taken_and_the_service_asked_again(service, answer):
    service.body = json.dumps(answer)
    assert locate(*ADDRESS, belfort()) is None
    service.answers(feature(kind="street", score=0.7))
    assert locate(*ADDRESS, belfort()).kind == "street"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>maintenance</html>"),
        (200, "[]"),
        (200, "null"),
        (200, '{"features": [{}]}'),
        (200, '{"features": {"0": 1}}'),
        (200, json.dumps(collection(feature(latitude="nord")))),
        (200, json.dumps(collection(feature(score=None)))),
        (200, b"\xff\xfe\x00"),
        (200, "[" * 100_000),
        (200, " " * 300_000),
        (400, '{"code": 400, "message": "q: required"}'),
        (429, ""),
        (500, "{}"),
        (302, ""),
    ],
)
def test_service_that_fails_gives_no_point_and_is_left_alone_for_a_while(service, status, body):
    service.status, service.body = status, body
    assert locate(*ADDRESS, belfort()) is None
    service.status = 200
    service.answers(feature())
    assert locate(*ADDRESS, belfort()) is None
    assert len(service.asked) == 1


@pytest.mark.parametrize("latitude", [91, -91, 1e300])
def test_point_out_of_the_earth_is_not_taken(service, latitude):
    service.answers(feature(latitude=latitude))
    assert locate(*ADDRESS, belfort()) is None


def test_slow_service_is_not_waited_for(service, monkeypatch):
    monkeypatch.setattr(geocoding, "TIMEOUT", 0.2)
    service.delay = 30
    before = time.monotonic()
    assert locate(*ADDRESS, belfort()) is None
    assert time.monotonic() - before < 5


def test_time_out_is_two_seconds():
    assert geocoding.TIMEOUT == 2


def test_service_that_is_not_there_gives_no_point(settings):
    settings.GEOCODER_URL = "http://127.0.0.1:9/"
    assert locate(*ADDRESS, belfort()) is None


def test_no_service_is_asked_when_none_is_named(settings):
    settings.GEOCODER_URL = ""
    assert locate(*ADDRESS, belfort()) is None


def test_question_begins_with_a_letter_or_a_digit_and_is_not_too_long(service):
    locate("« " + "x" * 300, "", belfort())
    assert service.asked[0]["q"] == "x" * 200


def test_paris_is_asked_without_its_code_and_its_arrondissements_are_its_own(service):
    paris = belfort()
    part = factories.commune("59350")
    part.parent = paris
    part.save()
    service.answers(feature(citycode="59350"))
    assert locate(*ADDRESS, paris).score == 0.96
    assert "citycode" not in service.asked[0]
