"""Who may do what by the API: each address, by the token that a program shows.

`tests/AUTHORIZATIONS.md` is made of this table.
"""

import json

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from events.models import Event
from organizers import tokens
from organizers.enums import MembershipRole
from organizers.models import ApiToken, Membership
from tests import factories
from tests.authorizations import routes
from tests.events.api.bodies import bearer, body, token
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def none(owner, other) -> dict:
    return {}


def unknown(owner, other) -> dict:
    return bearer("semaine_inconnu")


def own(owner, other) -> dict:
    return bearer(token(owner))


def anothers(owner, other) -> dict:
    return bearer(token(other))


def revoked(owner, other) -> dict:
    made, secret = tokens.issue(owner.organizations.get(), "Vieux", by=owner, at=NOW)
    tokens.revoke(made, by=owner, at=NOW)
    return bearer(secret)


def editors(owner, other) -> dict:
    """Of who was responsible when it was made."""
    found = own(owner, other)
    Membership.objects.filter(user=owner).update(role=MembershipRole.EDITOR)
    return found


def closed(owner, other) -> dict:
    found = own(owner, other)
    owner.is_active = False
    owner.save()
    return found


SHOWN = {
    "no token": none,
    "unknown token": unknown,
    "token": own,
    "token of another": anothers,
    "revoked token": revoked,
    "token of an editor": editors,
    "token of a closed account": closed,
}
NAMES = tuple(SHOWN)
EVERYBODY = (200,) * len(NAMES)
NEVER = (404,) * len(NAMES)
BUTTON = (405,) * len(NAMES)
READING = (
    "",
    "openapi.json",
    "events",
    "events/{event}",
    "facets",
    "organizations",
    "territories",
)
NOT_READ = {"events/{secret}": NEVER, "ailleurs": NEVER}
WRITING = {
    "POST events/validate": EVERYBODY,
    "PUT organizations/{organization}/events/ext/agenda/12": (401, 401, 201, 404, 401, 401, 401),
    "PUT organizations/999999/events/ext/agenda/12": (401, 401, 404, 404, 401, 401, 401),
}
# What is not for this verb, whatever is shown: who may not come in is told so first.
WRONG_VERB = {
    "GET events/validate": BUTTON,
    "GET organizations/{organization}/events/ext/agenda/12": (405, 401, 405, 405, 401, 401, 401),
    "DELETE organizations/{organization}/events/ext/agenda/12": (405, 401, 405, 405, 401, 401, 401),
    "POST events": BUTTON,
    "PUT events/{event}": BUTTON,
    "DELETE events/{event}": BUTTON,
}
ADDRESSES = {f"GET {address}": EVERYBODY for address in READING}
ADDRESSES |= {f"GET {address}": row for address, row in NOT_READ.items()} | WRITING | WRONG_VERB


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_by_what_is_shown(address):
    event, secret = factories.labelled(), factories.submitted(title="Secret")
    verb, _, path = address.partition(" ")
    found = []
    for shown in SHOWN.values():
        owner, other = factories.user(), factories.user()
        organization = factories.organization(owner)
        factories.organization(other)
        numbers = {"event": event.pk, "secret": secret.pk, "organization": organization.pk}
        there = f"/api/v1/{path.format(**numbers)}"
        data = {} if verb == "GET" else {"data": json.dumps(body()), "content_type": "application/json"}
        response = getattr(Client(), verb.lower())(there, headers=shown(owner, other), **data)
        found.append(response.status_code)
        assert "Secret" not in response.content.decode()
    assert tuple(found) == ADDRESSES[address]
    assert Event.objects.count() == 2 + found.count(201)


def test_every_address_of_the_api_is_in_the_table():
    named = {address.partition(" ")[2] for address in ADDRESSES}
    patterns = {
        route.removeprefix("api/v1/") for route in routes(get_resolver().url_patterns) if "api/v1/" in route
    }
    # What no other takes, and the columns of the CSV, which is an export.
    patterns -= {"(?P<path>.+)$", "schema.json"}
    said = {
        "events/{event}": "events/<str:uid>",
        "organizations/{organization}/events/ext/agenda/12": (
            "organizations/<int:organization>/events/ext/<str:key>/<str:value>"
        ),
    }
    assert patterns - {said.get(each, each) for each in named} == set()


def test_token_is_noted_as_used_by_who_may_use_it_only():
    owner, other = factories.user(), factories.user()
    factories.organization(owner), factories.organization(other)
    for shown in (own, revoked):
        headers = shown(owner, other)
        Client().put(
            f"/api/v1/organizations/{owner.organizations.get().pk}/events/ext/agenda/1",
            data=json.dumps(body()),
            content_type="application/json",
            headers=headers,
        )
    assert [each.last_used_at for each in ApiToken.objects.order_by("pk")] == [NOW, None]
