"""Nobody enters the admin without a second factor used in the session, whatever the address and the way in."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import get_resolver

from events.models import Event
from organizers.models import OfficeMembership
from tests import factories
from tests.factories import NOW
from tests.sessions import SECRET, digits, sign_in, with_factor

pytestmark = pytest.mark.django_db

PASSWORD = "motdepasse-1234"
QUEUE, LOGIN, SECOND_STEP = "/admin/events/event/", "/compte/connexion/", "/compte/connexion/verification/"
SECURITY, APP, CODES = "/compte/securite/", "/compte/securite/application/", "/compte/securite/codes/"
GIVE_CODE, GIVE_KEY = "/compte/confirmer/code/", "/compte/confirmer/cle/"
SET_UP = (
    "L’examen des événements demande un second facteur. Ajoutez une clé d’accès ou reliez une application : "
    "c’est à faire une fois."
)
GIVE = "L’examen des événements demande votre second facteur, une fois par jour."


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def agent():
    return factories.verified(factories.referent())


def by_password(person) -> Client:
    """A session that a password alone opened."""
    client = Client()
    client.force_login(person)
    return client


def led(client, address=QUEUE):
    """Where one ends, and what one is told on the way."""
    response = client.get(address, follow=True)
    last = response.redirect_chain[-1][0] if response.redirect_chain else address
    told = [str(each).replace("\u00a0", " ") for each in response.context["messages"]]
    return response.status_code, last.replace("%2F", "/"), told


def addresses():
    """Every address below /admin/, by its pattern, with a number wherever it asks for something."""
    for route in routes("", get_resolver().url_patterns):
        if route.startswith("admin/"):
            yield "/" + re.sub(r"[\^$]|\(.*?\)+", "", re.sub(r"<[^>]+>|\(\?P<app_label>.*?\)", "1", route))


def routes(before, patterns):
    for each in patterns:
        route = f"{before}{each.pattern}"
        yield from routes(route, each.url_patterns) if hasattr(each, "url_patterns") else [route]


def test_every_address_of_the_admin_asks_for_the_second_factor(agent):
    factories.submitted()
    doors = set(addresses()) - {"/admin/login/"}
    assert len(doors) > 30
    client = by_password(agent)
    assert {door: client.get(door).headers.get("Location", "").split("?")[0] for door in doors} == (
        dict.fromkeys(doors, "/admin/login/") | {"/admin/logout/": "/admin/"}
    )
    assert {client.post(door).status_code for door in doors} == {302}
    assert (Event.objects.get().status, client.session["_auth_user_id"]) == ("submitted", str(agent.pk))


def test_agent_without_a_factor_is_led_to_set_one_up(agent):
    assert led(by_password(agent)) == (200, SECURITY, [SET_UP])


def test_agent_with_an_unused_factor_is_asked_for_it(agent):
    with_factor(agent)
    client = by_password(agent)
    assert led(client) == (200, f"{GIVE_CODE}?next={QUEUE}", [GIVE])
    wrong = client.post(GIVE_CODE, {"code": "000000", "next": QUEUE})
    assert (wrong.status_code, client.get(QUEUE).status_code) == (200, 302)
    assert client.post(GIVE_CODE, {"code": digits(), "next": QUEUE}).url == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_agent_with_a_key_alone_is_asked_for_the_key(agent):
    with_factor(agent, Authenticator.Type.WEBAUTHN)
    assert by_password(agent).get(f"/admin/login/?next={QUEUE}").url.split("?")[0] == GIVE_KEY


@pytest.mark.parametrize("factor", Authenticator.Type.values)
def test_agent_who_used_a_factor_enters(agent, factor):
    assert sign_in(Client(), agent, factor=factor).get(QUEUE).status_code == 200


def test_recovery_code_counts_once(agent):
    with_factor(agent)
    code = RecoveryCodes.activate(agent).generate_codes()[0]
    first, second = by_password(agent), by_password(agent)
    assert first.post(GIVE_CODE, {"code": code, "next": QUEUE}).url == QUEUE
    assert first.get(QUEUE).status_code == 200
    assert second.post(GIVE_CODE, {"code": code, "next": QUEUE}).status_code == 200
    assert second.get(QUEUE).status_code == 302


def test_sign_in_with_the_second_step_opens_the_admin(agent):
    with_factor(agent)
    client = Client()
    asked = client.get(QUEUE, follow=True).redirect_chain[-1][0].replace("%2F", "/")
    assert asked == f"{LOGIN}?next={QUEUE}"
    data = {"login": agent.email, "password": PASSWORD, "next": QUEUE}
    assert client.post(LOGIN, data).url.startswith(SECOND_STEP)
    assert client.get(QUEUE).status_code == 302
    assert client.post(SECOND_STEP, {"code": digits()}).url == QUEUE
    assert client.get(QUEUE).status_code == 200


def test_factor_that_was_just_set_up_has_been_used_and_leads_onward(agent):
    client = by_password(agent)
    there = f"{QUEUE}?statut=tous"
    client.get(there, follow=True)
    assert client.get(SECURITY).context["onward"] == ""
    client.post("/compte/confirmer/", {"password": PASSWORD})
    secret = client.get(APP).context["form"].secret
    assert client.post(APP, {"code": digits(secret)}).url == CODES
    page = client.get(CODES)
    assert page.context["onward"] == there
    assert f'href="{there}">Continuer vers l’examen des événements' in page.content.decode()
    assert client.get(there).status_code == 200


def test_factor_serves_for_a_working_day(agent, clock):
    client = sign_in(Client(), agent)
    clock.move_to(NOW + timedelta(hours=11, minutes=59))
    assert client.get(QUEUE).status_code == 200
    clock.move_to(NOW + timedelta(hours=12))
    assert led(client) == (200, f"{GIVE_CODE}?next={QUEUE}", [GIVE])


def test_factor_that_was_removed_serves_no_more(agent):
    client = sign_in(Client(), agent)
    agent.authenticator_set.all().delete()
    assert led(client) == (200, SECURITY, [SET_UP])


def test_factor_of_somebody_else_opens_nothing(agent):
    client = by_password(agent)
    with_factor(agent)
    other = with_factor(factories.referent())
    session = client.session
    session["account_authentication_methods_user"] = str(agent.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": NOW.timestamp(), "id": other.pk}]
    session.save()
    assert client.get(QUEUE).status_code == 302


def test_password_alone_neither_adds_a_factor_nor_reads_the_codes(agent):
    """Else a session from before the factor, and a stolen password, would be a way round it."""
    with_factor(agent)
    RecoveryCodes.activate(agent)
    client = by_password(agent)
    client.post("/compte/confirmer/", {"password": PASSWORD})
    asked = {path: client.get(path).url.split("?")[0] for path in (CODES, f"{SECURITY}cles/ajouter/")}
    assert asked == dict.fromkeys(asked, GIVE_CODE)


@pytest.mark.parametrize(
    "evil", ["https://pirate.example/", "//pirate.example", "javascript:alert(1)", "\\\\x.y"]
)
def test_door_leads_to_no_foreign_address(agent, evil):
    assert sign_in(Client(), agent).get("/admin/login/", {"next": evil}).url == "/admin/"
    assert Client().get("/admin/login/", {"next": evil}).url == f"{LOGIN}?next=/admin/"
    agent.authenticator_set.all().delete()
    client = by_password(agent)
    client.get("/admin/login/", {"next": evil})
    assert client.session["second_factor_onward"] == "/admin/"


def test_who_is_no_agent_is_told_so(agent):
    for person in (factories.user(), factories.user(is_staff=True, is_superuser=True)):
        response = sign_in(Client(), person).get(QUEUE, follow=True)
        assert response.status_code == 403
        assert "Elle est réservée aux agents de l’État" in response.content.decode()
    OfficeMembership.objects.update(is_active=False)
    assert sign_in(Client(), agent).get(QUEUE, follow=True).status_code == 403


def test_trusted_browser_is_nobody(agent):
    """The cookie that allauth would believe is believed no more."""
    with_factor(agent)
    client = Client()
    client.cookies["mfa_trusted"] = "x"
    response = client.post(LOGIN, {"login": agent.email, "password": PASSWORD, "next": QUEUE})
    assert response.url.startswith(SECOND_STEP)


def test_other_pages_need_no_second_factor(agent):
    factories.organization(agent)
    client = by_password(agent)
    assert [client.get(path).status_code for path in ("/", "/espace/", "/compte/", SECURITY)] == [200] * 4


def test_way_out_of_the_admin_ends_the_session(agent):
    client = sign_in(Client(), agent)
    client.post("/admin/logout/")
    assert client.get(QUEUE).status_code == 302
    assert "_auth_user_id" not in client.session
    assert agent.authenticator_set.get().wrap().validate_code(digits(SECRET))
