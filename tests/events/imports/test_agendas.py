"""An agenda's API read page by page, from a server that is not always in the mood."""

import pytest

from events.imports import agendas
from events.imports.agendas import Unreachable
from tests.events.imports import agenda
from tests.events.imports.agenda_server import agenda_server

EVENTS = [agenda.event(number) for number in range(1, 6)]


@pytest.fixture
def server(settings):
    with agenda_server(EVENTS) as server:
        settings.AGENDA_ORIGINS = [server.origin]
        yield server


def read(server, pauses=None):
    pause = (pauses if pauses is not None else []).append
    return [event["uid"] for page in agendas.pages(server.url, "clef", pause) for event in page.events]


def test_all_pages_are_read_once_with_the_key(server):
    assert read(server) == [1, 2, 3, 4, 5]
    asked = {"size": ["300"], "detailed": ["1"], "includeLabels": ["1"], "key": "clef"}
    assert server.asked == [asked, asked | {"after[]": ["2", "0"]}, asked | {"after[]": ["4", "0"]}]


def test_it_waits_as_it_is_asked_and_goes_on(server):
    server.stumbles = [(429, {"Retry-After": "7"}), (503, {}), (200, {}), (500, {"Retry-After": "99999"})]
    pauses = []
    assert read(server, pauses) == [1, 2, 3, 4, 5]
    assert pauses == [7, 2, agendas.LONGEST_PAUSE]


def test_date_of_retry_after_is_a_date(server):
    server.stumbles = [(503, {"Retry-After": "Wed, 01 Oct 2025 08:00:00 GMT"})]
    pauses = []
    assert read(server, pauses) == [1, 2, 3, 4, 5]
    assert pauses == [0]


def refusal(server) -> str:
    with pytest.raises(Unreachable) as refused:
        read(server)
    return str(refused.value)


def test_it_gives_up_in_the_end(server):
    server.stumbles = [(503, {})] * agendas.TRIES
    assert refusal(server) == "L’agenda ne répond pas après 5 essais : relancez la commande plus tard."
    assert len(server.asked) == agendas.TRIES


@pytest.mark.parametrize(("status", "headers"), [(403, {}), (302, {"Location": "http://127.0.0.1:9/"})])
def test_refusal_and_redirection_are_not_followed(server, status, headers):
    server.stumbles = [(status, headers)]
    assert refusal(server) == f"L’agenda refuse la demande (réponse {status}) : vérifiez l’adresse et la clé."
    assert len(server.asked) == 1


def test_too_long_a_page_is_not_read(server, monkeypatch):
    monkeypatch.setattr(agendas, "LARGEST", 1_000)
    assert refusal(server) == "La réponse de l’agenda est trop longue, ou trop lente."


@pytest.mark.parametrize(
    "address", ["https://exemple.fr/v2/agendas/1/events", "http://localhost/", "file:///etc/passwd"]
)
def test_other_sites_are_not_asked(server, address):
    with pytest.raises(Unreachable, match="n’est pas celle d’un agenda permis"):
        next(agendas.pages(address, "clef"))
    assert server.asked == []
