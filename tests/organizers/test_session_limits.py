"""A session ends: unused for too long, or open for too long, sooner for an agent."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from organizers.sessions import AGENT, PERSON
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PAGE, DOOR = "/compte/", "/compte/connexion/?next=/compte/"
SECOND = timedelta(seconds=1)
PASSWORD = "motdepasse-1234"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def signed_in(person) -> Client:
    client = Client()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    return client


def is_open(client) -> bool:
    answer = client.get(PAGE)
    assert answer.status_code == 200 or answer.url == DOOR
    return answer.status_code == 200


@pytest.mark.parametrize(("flags", "limits"), [({}, PERSON), ({"is_staff": True}, AGENT)])
def test_session_ends_when_it_is_not_used(clock, flags, limits):
    client = signed_in(factories.user(**flags))
    clock.move_to(NOW + limits.unused)
    assert is_open(client)
    clock.move_to(NOW + 2 * limits.unused + SECOND)
    assert not is_open(client)
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


@pytest.mark.parametrize(("flags", "limits"), [({}, PERSON), ({"is_staff": True}, AGENT)])
def test_session_ends_however_much_it_is_used(clock, flags, limits):
    client = signed_in(factories.user(**flags))
    for number in range(1, 11):
        clock.move_to(NOW + number * limits.whole / 10)
        assert is_open(client)
    clock.move_to(NOW + limits.whole + SECOND)
    assert not is_open(client)


def test_use_is_noted_once_an_hour(clock, django_assert_num_queries):
    client = signed_in(factories.user())
    state = Session.objects.get().session_data
    clock.move_to(NOW + timedelta(hours=1))
    assert (is_open(client), Session.objects.get().session_data) == (True, state)
    clock.move_to(NOW + timedelta(hours=1) + SECOND)
    assert (is_open(client), Session.objects.get().session_data == state) == (True, False)


def test_visitor_s_session_knows_nothing_of_it(clock):
    client = Client()
    session = client.session
    session["typed"] = "Bonjour"
    session.save()
    clock.move_to(NOW + timedelta(days=20))
    assert dict(client.session.items()) == {"typed": "Bonjour"}
