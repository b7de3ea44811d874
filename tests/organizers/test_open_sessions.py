"""Where a person is signed in: they see it, end it from here, and nobody else does."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from events.personal_data import personal_data
from organizers.models import OpenSession
from organizers.sessions import PERSON, device_words
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PAGE = "/compte/connexions/"
PASSWORD = "motdepasse-1234"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person():
    return factories.verified(factories.user())


def signed_in(person, browser=FIREFOX) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
    return client


def is_open(client) -> bool:
    return client.get("/compte/").status_code == 200


def seen(client) -> list[tuple[str, bool]]:
    return [(each.device, each.is_here) for each in client.get(PAGE).context["connections"]]


def test_page_lists_where_one_is_signed_in_and_nothing_of_others(clock, person):
    signed_in(factories.verified(factories.user()))
    desk = signed_in(person)
    clock.shift(60)
    phone = signed_in(person, PHONE)
    assert seen(desk) == [("Safari sur iPhone", False), ("Firefox sur Windows", True)]
    assert seen(phone) == [("Safari sur iPhone", True), ("Firefox sur Windows", False)]
    page = phone.get(PAGE).content.decode()
    assert "<td>le 1er octobre 2025 à 10 h 01</td>" in page.replace("\u00a0", " ")
    assert page.count("Fermer<span") == 1


def test_one_is_ended_and_the_others_go_on(person):
    desk, phone, tablet = signed_in(person), signed_in(person, PHONE), signed_in(person)
    gone = person.open_sessions.get(device="Safari sur iPhone")
    page = desk.post(f"{PAGE}{gone.pk}/fermer/", follow=True)
    assert "Connexion fermée : Safari sur iPhone." in page.content.decode().replace("\u00a0", " ")
    assert [is_open(each) for each in (desk, phone, tablet)] == [True, False, True]
    assert not OpenSession.objects.filter(pk=gone.pk).exists()


def test_all_others_are_ended_at_once(person):
    desk, phone, tablet = signed_in(person), signed_in(person, PHONE), signed_in(person)
    page = tablet.post(f"{PAGE}fermer/", follow=True)
    assert "2 connexions fermées." in page.content.decode().replace("\u00a0", " ")
    assert [is_open(each) for each in (desk, phone, tablet)] == [False, False, True]


def test_nobody_ends_what_is_another_s(person):
    mine, other = signed_in(person), signed_in(factories.verified(factories.user()))
    theirs = person.open_sessions.get()
    assert other.post(f"{PAGE}{theirs.pk}/fermer/").status_code == 404
    assert Client().post(f"{PAGE}{theirs.pk}/fermer/").url.startswith("/compte/connexion/")
    assert other.get(f"{PAGE}{theirs.pk}/fermer/").status_code == 405
    other.post(f"{PAGE}fermer/")
    assert [is_open(mine), is_open(other)] == [True, True]


def test_new_password_ends_the_others_and_stays_listed_here(person):
    desk, phone = signed_in(person), signed_in(person, PHONE)
    new = "un-tout-autre-mot-1234"
    phone.post("/compte/mot-de-passe/changer/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [is_open(desk), is_open(phone)] == [False, True]
    assert seen(phone)[0] == ("Safari sur iPhone", True)


def test_signing_out_leaves_no_trace(person):
    signed_in(person).post("/compte/deconnexion/")
    assert [OpenSession.objects.count(), Session.objects.count()] == [0, 0]


def test_what_has_lasted_too_long_is_listed_no_more(clock, person):
    signed_in(person)
    clock.shift(PERSON.unused + timedelta(seconds=1))
    assert seen(signed_in(person, PHONE)) == [("Safari sur iPhone", True)]


def test_agent_sees_theirs_too():
    agent = factories.verified(factories.referent())
    assert seen(signed_in(agent)) == [("Firefox sur Windows", True)]


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_queries(person, number, django_assert_num_queries):
    clients = [signed_in(person) for _ in range(number)]
    with django_assert_num_queries(4):
        assert len(clients[0].get(PAGE).context["connections"]) == number


def test_personal_data_tell_it(person):
    signed_in(person)
    assert personal_data(person, at=NOW)["connexions"] == [
        {"appareil": "Firefox sur Windows", "ouverte_le": NOW}
    ]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (PHONE, "Safari sur iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML) Chrome/126.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge sur Mac",
        ),
        ("", "Un navigateur sur un appareil inconnu"),
        ("<script>" * 500, "Un navigateur sur un appareil inconnu"),
    ],
)
def test_device_is_put_in_words(user_agent, words):
    assert device_words(user_agent) == words
