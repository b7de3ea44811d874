"""The tokens of an organization: made and revoked by its owners, shown once, known by their hash."""

import re
from datetime import timedelta

import pytest
import time_machine

from organizers import tokens
from organizers.membership import MembershipError
from organizers.models import ApiToken
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    person = factories.user()
    factories.organization(person, name="Fonderie du Lac", slug="fonderie-du-lac")
    return person


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


PAGE = "/espace/organisation/fonderie-du-lac/jetons/"


def test_secret_is_shown_once_and_kept_nowhere(client, owner):
    client.force_login(owner)
    page = client.post(PAGE, {"name": "Agenda du site"}).content.decode()
    [secret] = re.findall("<code>(.*?)</code>", page)
    token = ApiToken.objects.get()
    assert (token.name, token.issued_by, token.last_used_at, len(secret)) == (
        "Agenda du site",
        owner,
        None,
        51,
    )
    assert secret not in repr(ApiToken.objects.values().get())
    again = client.get(PAGE).content.decode()
    assert ("Agenda du site" in again, secret in again) == (True, False)
    assert tokens.used(secret, at=NOW) == token


def test_use_is_dated_once_a_minute(owner):
    token, secret = tokens.issue(owner.organizations.get(), "Agenda", by=owner, at=NOW)
    moments = (timedelta(0), timedelta(seconds=59), timedelta(minutes=1))
    dates = []
    for after in moments:
        tokens.used(secret, at=NOW + after)
        token.refresh_from_db()
        dates.append(token.last_used_at - NOW)
    assert dates == [timedelta(0), timedelta(0), timedelta(minutes=1)]


def test_token_is_revoked_for_good(client, owner):
    token, secret = tokens.issue(owner.organizations.get(), "Agenda", by=owner, at=NOW)
    client.force_login(owner)
    response = client.post(f"{PAGE}{token.pk}/revoquer/", follow=True)
    assert "Agenda » est révoqué" in response.content.decode().replace("\u00a0", " ")
    token.refresh_from_db()
    assert (token.revoked_at, token.revoked_by, tokens.used(secret, at=NOW)) == (NOW, owner, None)
    assert list(response.context["tokens"]) == []


def test_token_of_who_is_owner_no_more_says_so(client, owner):
    home = owner.organizations.get()
    tokens.issue(home, "Agenda", by=owner, at=NOW)
    other = factories.member(home, role="owner")
    home.memberships.filter(user=owner).delete()
    client.force_login(other)
    assert "n’ouvre plus" in client.get(PAGE).content.decode()


def test_ten_tokens_stand_at_most(client, owner):
    home = owner.organizations.get()
    for number in range(10):
        tokens.issue(home, f"Logiciel {number}", by=owner, at=NOW)
    client.force_login(owner)
    errors = client.post(PAGE, {"name": "De trop"}).context["form"].non_field_errors()
    assert [each.replace("\u00a0", " ") for each in errors] == [
        "10 jetons existent déjà : révoquez d’abord celui qui ne sert plus."
    ]
    assert ApiToken.objects.count() == 10


def test_nameless_token_is_not_made(client, owner):
    client.force_login(owner)
    response = client.post(PAGE, {"name": " "})
    assert response.context["form"].errors == {"name": ["Dites quel logiciel emploie ce jeton."]}
    assert ApiToken.objects.count() == 0


def test_editor_makes_and_revokes_nothing(owner):
    home = owner.organizations.get()
    editor = factories.member(home)
    token, _ = tokens.issue(home, "Agenda", by=owner, at=NOW)
    for act in (
        lambda: tokens.issue(home, "Agenda", by=editor, at=NOW),
        lambda: tokens.revoke(token, by=editor, at=NOW),
    ):
        with pytest.raises(MembershipError):
            act()
    assert ApiToken.objects.standing().count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(client, django_assert_num_queries, owner, rows):
    for number in range(rows):
        tokens.issue(owner.organizations.get(), f"Logiciel {number}", by=owner, at=NOW)
    client.force_login(owner)
    with django_assert_num_queries(5):
        client.get(PAGE)


def test_tokens_are_among_ones_data_without_their_secret(client, owner):
    _, secret = tokens.issue(owner.organizations.get(), "Agenda", by=owner, at=NOW)
    client.force_login(owner)
    response = client.get("/compte/mes-donnees.json")
    assert response.json()["jetons_crees"] == [
        {
            "usage": "Agenda",
            "organisation": "Fonderie du Lac",
            "cree_le": "2025-10-01T08:00:00Z",
            "dernier_usage": None,
            "revoque_le": None,
        }
    ]
    assert secret not in response.content.decode()
