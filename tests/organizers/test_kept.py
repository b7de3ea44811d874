"""A session that ends while one writes: what was typed comes back after the sign-in, to its author only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string

from events.models import Event
from organizers.kept import AN_HOUR, BROUGHT_BACK, SENT, author_of
from semaine.models import OutboxMessage
from tests import factories
from tests.events.form_pages import kept
from tests.sessions import digits
from tests.sessions import sign_in as admin_sign_in

pytestmark = pytest.mark.django_db

FORMS = {
    "annuler": {"comment": "Le four est en panne."},
    "bilan": {"total": "douze", "comment": "Beaucoup de lycéens."},
    "rejoindre": {"message": "Camille, service formation."},
    "modifier": {"name": "Fonderie du Lion", "address": "12 rue de la Forge"},
    "fiche": {"name": "Forge nouvelle", "address": "1 rue du Lac"},
}
PASSWORD = "motdepasse-1234"
EVENING = datetime(2025, 11, 25, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _evening(db):
    cache.clear()
    with time_machine.travel(EVENING, tick=False):
        yield


@pytest.fixture
def person():
    person = factories.user("camille@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    factories.organization(person, slug="lion")
    return person


def address(form, person) -> str:
    """Where a form stands, with what it needs."""
    if form in ("annuler", "bilan"):
        return f"/espace/evenements/{factories.labelled(person).pk}/{form}/"
    if form == "fiche":
        return "/espace/organisation-nouvelle/fiche/"
    if form == "rejoindre":
        factories.organization(factories.user(), slug="forge")
    return f"/espace/organisation/{'forge' if form == 'rejoindre' else 'lion'}/{form}/"


def sign_in(client, person, where):
    return client.post(f"/compte/connexion/?next={where}", {"login": person.email, "password": PASSWORD})


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_comes_back_after_the_sign_in(person, form):
    where, typed, client = address(form, person), FORMS[form], Client()
    client.force_login(person)
    author = kept(client.get(where).content.decode(), ["author"])["author"][0]
    client.logout()
    assert client.post(where, typed | {"author": author}).url == f"/compte/connexion/?next={where}"
    sign_in(client, person, where)
    page = client.get(where)
    assert [str(each) for each in page.context["messages"]][-1] == BROUGHT_BACK
    assert kept(page.content.decode(), list(typed)) == {name: [value] for name, value in typed.items()}
    again = client.get(where)
    assert BROUGHT_BACK not in [str(each) for each in again.context["messages"]]


def test_what_was_typed_comes_back_to_nobody_else(person):
    where, client = address("annuler", person), Client()
    client.post(where, {"comment": "Secret", "author": author_of(factories.user())})
    client.force_login(person)
    assert "Secret" not in client.get(where).content.decode()


def test_what_has_no_author_or_is_endless_is_not_kept():
    for data in ({"comment": "x"}, {"comment": "x" * 100_000, "author": "a"}):
        Client().post("/espace/evenements/1/annuler/", data)
    assert Session.objects.count() == 0


def test_one_address_of_the_network_has_few_forms_kept():
    for _ in range(AN_HOUR + 2):
        answer = Client().post("/espace/evenements/1/annuler/", {"comment": "x", "author": "a"})
        assert answer.status_code == 302
    assert Session.objects.count() == AN_HOUR


def test_what_is_kept_goes_after_an_hour_and_the_next_session_stays(person, settings):
    where, client = address("annuler", person), Client()
    data = {"comment": "x", "author": author_of(person)}
    Client().post(where, data)
    client.post(where, data)
    assert {each.expire_date for each in Session.objects.all()} == {EVENING + HOUR}
    client.post("/compte/connexion/code/", {"email": person.email})
    code = re.search(r"^[A-Z0-9-]{4,12}$", OutboxMessage.objects.latest("pk").text, re.MULTILINE).group()
    client.post("/compte/connexion/code/saisie/", {"code": code})
    with time_machine.travel(EVENING + 2 * HOUR, tick=False):
        import_string(settings.CELERY_BEAT_SCHEDULE["retention"]["task"])()
        assert Session.objects.count() == 1
        assert client.get("/compte/").status_code == 200


# In the admin, where the second factor is asked for once a day.

LATER = EVENING + 13 * HOUR
WHY = "Dites où se présenter, et à quelle heure."


def test_decision_sent_after_the_second_factor_ended_is_found_again(client):
    agent = factories.verified(factories.referent())
    event = factories.submitted()
    where = f"/admin/events/event/{event.pk}/examiner/?statut=tous"
    admin_sign_in(client, agent)
    decision = {"decision": "request_changes", "comment": WHY, "version": "1", "ask": ["title", "slots"]}
    with time_machine.travel(LATER, tick=False):
        door = client.post(where, decision)
        assert door.url == "/admin/login/?next=/admin/reprendre/"
        factor = client.get(door.url).url
        assert factor == "/compte/confirmer/code/?next=%2Fadmin%2Freprendre%2F"
        assert client.post(factor, {"code": digits()}).url == "/admin/reprendre/"
        page = client.get("/admin/reprendre/")
        assert (page.context["address"], page.context["texts"]) == (where, [("comment", "Explication", WHY)])
        others = [("decision", "request_changes"), ("version", "1"), ("ask", "title"), ("ask", "slots")]
        assert page.context["others"] == others
        assert Event.objects.get().status == "submitted"
        client.post(where, decision)
        assert Event.objects.get().decisions.last().comment == WHY
        assert client.get("/admin/reprendre/").url == "/admin/"


def test_what_was_sent_too_late_may_be_left(client):
    admin_sign_in(client, factories.verified(factories.referent()))
    with time_machine.travel(LATER, tick=False):
        client.post("/admin/events/event/1/note/", {"text": "À deux mots"})
        client.post("/compte/confirmer/code/", {"code": digits()})
        assert client.get("/admin/reprendre/").context["texts"] == [("text", "Texte", "À deux mots")]
        assert client.post("/admin/reprendre/").url == "/admin/"
        assert client.get("/admin/reprendre/").url == "/admin/"


@pytest.mark.parametrize(
    ("make", "length"), [(factories.user, 10), (factories.referent, 100_001)], ids=["organizer", "endless"]
)
def test_what_is_not_an_agents_or_is_endless_is_not_kept_in_the_admin(client, make, length):
    client.force_login(make())
    answer = client.post("/admin/events/event/1/note/", {"text": "x " * length})
    assert answer.url == "/admin/login/?next=/admin/events/event/1/note/"
    assert SENT not in client.session
