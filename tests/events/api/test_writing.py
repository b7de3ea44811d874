"""What a program may write or have judged, and all that it may not."""

import json
from datetime import timedelta

import pytest
import time_machine

from events import drafting, workflow
from events.enums import Source, Status
from events.models import Decision, Event
from organizers import tokens
from organizers.enums import MembershipRole
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events.api.bodies import bearer, body, token
from tests.factories import NOW

pytestmark = pytest.mark.django_db
VALIDATE = "/api/v1/events/validate"


@pytest.fixture(autouse=True)
def clock():
    factories.edition()
    factories.commune()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner():
    person = factories.user()
    factories.organization(person)
    return person


@pytest.fixture
def secret(owner):
    return token(owner)


def validate(client, content):
    content = content if isinstance(content, str | bytes) else json.dumps(content)
    return client.post(VALIDATE, content, content_type="application/json")


@pytest.fixture
def put(client, owner, secret):
    def call(content, *, name="agenda/12", query="", secret=secret, organization=None):
        organization = organization or owner.organizations.get().pk
        return client.put(
            f"/api/v1/organizations/{organization}/events/ext/{name}{query}",
            content if isinstance(content, str | bytes) else json.dumps(content),
            content_type="application/json",
            headers=bearer(secret) if secret else {},
        )

    return call


# The verdict.


def test_verdict_says_each_rule_and_writes_nothing(client):
    response = validate(client, body())
    told = response.json()
    assert (response.status_code, told["valid"], told["errors"]) == (200, True, {})
    assert {each["rule"]: each["verdict"] for each in told["findings"]} == {
        "dates": "passed", "free": "passed", "audience": "passed", "purpose": "needs_review",
        "presentation": "passed", "place": "passed", "territory": "passed", "access": "passed", "contact": "passed",
    }  # fmt: skip
    assert (Event.objects.count(), dict(response.cookies), response["Cache-Control"]) == (0, {}, "no-store")


def test_verdict_names_the_field_that_mends_it(client):
    told = validate(client, body(gratuit=False, publics=[], timings=[])).json()
    assert told["valid"] is False
    failed = {each["rule"]: each["field"] for each in told["findings"] if each["verdict"] == "failed"}
    assert failed == {"dates": "timings", "free": "gratuit", "audience": "publics"}


def test_verdict_tells_what_cannot_be_read(client):
    told = validate(client, body(publics=["scolaires", "martiens"], title="T" * 141)).json()
    assert (told["valid"], told["errors"]) == (
        False,
        {
            "publics": [
                "« publics » : trouvé : « martiens » ; attendu : des valeurs de la liste, séparées par « ; »."
            ],
            "title": ["« title » : trouvé : « 141 caractères » ; attendu : 140 caractères au plus."],
        },
    )


HOSTILE = {
    "half": '{"title": ',
    "not utf-8": b'{"title": "\xff"}',
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep inside": '{"title": ' + '{"fr":' * 20_000 + "1" + "}" * 20_000 + "}",
    "digits": '{"nombre-de-places": ' + "9" * 5000 + "}",
    "big": '{"nombre-de-places": 1' + "0" * 400 + "}",
    "infinite": '{"location": {"latitude": 1e999}}',
    "nan": '{"location": {"latitude": NaN}}',
    "list": "[1, 2]",
    "word": '"un événement"',
    "null": "null",
    "title": '{"title": 42}',
    "title list": '{"title": ["a"]}',
    "title nested": '{"title": {"fr": {"fr": "a"}}}',
    "timings": '{"timings": "demain"}',
    "timing": '{"timings": [{"begin": 12, "end": null}]}',
    "half a timing": '{"timings": [{"begin": "2025-11-20T09:00:00+01:00"}]}',
    "many timings": json.dumps({"timings": [{"begin": "a", "end": "b"}] * 801}),
    "place": '{"location": "Belfort"}',
    "place inside": '{"location": {"city": {"fr": "Belfort"}}}',
    "age": '{"age": {"min": "treize"}}',
    "negative": '{"age": {"min": -1}}',
    "mode": '{"attendanceMode": 4}',
    "mode words": '{"attendanceMode": true}',
    "publics": '{"publics": [[["scolaires"]]]}',
    "gratuit": '{"gratuit": "oui"}',
    "long": json.dumps({"longDescription": "a" * 12_001}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_is_told_in_french(client, put, name):
    for response in (validate(client, HOSTILE[name]), put(HOSTILE[name])):
        errors = response.json()["errors"]
        assert response.status_code == 400
        sentences = [sentence for found in errors.values() for sentence in found]
        assert [each for each in sentences if not each.endswith(".")] == []
        assert sentences
    assert Event.objects.count() == 0


def test_wrong_type_names_the_place_the_value_and_the_cure(client):
    response = validate(client, {"timings": [{"begin": 12, "end": "x"}], "gratuit": "oui"})
    assert response.json() == {
        "errors": {
            "gratuit": ["« gratuit » : trouvé « oui » ; attendu : true ou false."],
            "timings": [
                (
                    "« timings[0].begin » : trouvé « 12 » ; attendu : une liste de créneaux "
                    '{"begin": …, "end": …}, en ISO 8601 avec le décalage de l’heure.'
                )
            ],
        }
    }


def test_characters_that_no_database_stores_are_left_out(put):
    response = put(body(title="Visite\u0000 \ud800des ateliers"))
    assert (response.status_code, Event.objects.get().title) == (201, "Visite des ateliers")


def test_body_has_a_size_and_a_type(client):
    assert validate(client, json.dumps(body(x="a" * 200_000))).status_code == 413
    response = client.post(VALIDATE, "title=a", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, list(response.json()["errors"])) == (415, ["api"])


def test_verdict_is_limited(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"check": 2}
    answers = [validate(client, body()) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


# Writing.


def test_event_is_created_then_the_same(put, owner):
    first = put(body())
    event = Event.objects.get()
    assert (first.status_code, first.json()["uid"], first.json()["status"]) == (201, event.pk, "draft")
    assert (event.source, event.external_id, event.organization, event.created_by) == (
        Source.API, "agenda:12", owner.organizations.get(), owner,
    )  # fmt: skip
    assert (event.title, event.commune_id, event.venue, event.is_free) == (
        "Visite des ateliers", "90010", "Fonderie", True,
    )  # fmt: skip
    again = put(body())
    assert (again.status_code, again.json()) == (200, first.json())
    event.refresh_from_db()
    assert (Event.objects.count(), event.version) == (1, 1)


def test_event_is_updated(put):
    put(body())
    response = put(body(title="Visite de la fonderie", timings=[]))
    event = Event.objects.get()
    assert (response.status_code, response.json()["valid"]) == (200, False)
    assert (event.title, event.version, event.slots.count()) == ("Visite de la fonderie", 2, 0)


def test_event_is_sent_once(put):
    first, again = put(body(), query="?submit=true"), put(body(), query="?submit=true")
    assert (first.status_code, first.json()["status"]) == (201, "submitted")
    assert (again.status_code, again.json()["status"]) == (200, "submitted")
    assert (Decision.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_refused_event_is_sent_again_only_when_it_has_changed(put):
    put(body(), query="?submit=true")
    by = factories.national()
    workflow.refuse(Event.objects.get(), by=by, at=NOW, rule="purpose", comment="Parlez de l’industrie.")
    assert put(body(), query="?submit=true").json()["status"] == "refused"
    assert put(body(title="Visite de l’usine"), query="?submit=true").json()["status"] == "submitted"


def test_draft_is_sent_by_a_later_call(put):
    put(body())
    assert put(body(), query="?submit=true").json()["status"] == "submitted"


def test_incomplete_event_is_kept_as_a_draft_and_not_sent(put):
    response = put(body(publics=[]), query="?submit=true")
    assert response.status_code == 422
    told = response.json()
    assert told["errors"] == {"api": ["Il reste 1 point à corriger."]}
    assert [each["field"] for each in told["findings"] if each["verdict"] == "failed"] == ["publics"]
    assert Event.objects.count() == 0
    assert put(body(publics=[])).status_code == 201


def test_value_that_cannot_be_read_writes_nothing(put):
    response = put(body(location={"city": "Nulle-Part-sur-Mer"}))
    assert (response.status_code, list(response.json()["errors"])) == (422, ["location.city"])
    assert Event.objects.count() == 0


@pytest.mark.parametrize("content", ["", "{}", '{"title": ""}', '{"title": {"en": " "}}'])
def test_event_without_a_title_is_not_even_a_draft(put, content):
    response = put(content)
    assert (response.status_code, list(response.json()["errors"]), Event.objects.count()) == (
        422,
        ["title"],
        0,
    )


def labelled(put):
    put(body(), query="?submit=true")
    event = Event.objects.get()
    by = factories.national()
    return workflow.label(event, by=by, at=NOW, version=event.version, purpose_confirmed=True)


def test_label_facts_are_proposed_and_the_rest_changes_at_once(put):
    event = labelled(put)
    changed = body(title="Autre titre", **{"nombre-de-places": 30})
    response = put(changed)
    assert (response.status_code, response.json()["pendingChange"]) == (200, True)
    assert response.json()["url"] == "http://testserver/evenements/2025/visite-des-ateliers/"
    event.refresh_from_db()
    assert (event.title, event.capacity) == ("Visite des ateliers", 30)
    version = event.version
    assert put(changed).json()["version"] == version
    assert put(body(**{"nombre-de-places": 30})).json()["pendingChange"] is False


def test_cancelled_event_does_not_change(put, owner):
    event = labelled(put)
    workflow.cancel(event, by=owner, at=NOW, comment="Panne.")
    for content in (body(), body(title="Autre")):
        response = put(content)
        assert (response.status_code, response.json()["errors"]) == (
            409, {"api": ["Cet événement est annulé : rétablissez-le pour le modifier."]},
        )  # fmt: skip


def test_closed_season_receives_nothing(put, clock):
    clock.move_to(NOW + timedelta(days=57))
    response = put(body(), query="?submit=true")
    assert (response.status_code, Event.objects.count()) == (409, 0)


def test_name_of_another_edition_is_taken(put, clock):
    put(body())
    factories.edition(2026)
    clock.move_to(NOW + timedelta(days=120))
    response = put(body())
    assert (response.status_code, response.json()["errors"]) == (
        409,
        {"api": ["« agenda:12 » désigne un événement de l’édition 2025 : donnez-lui un autre identifiant."]},
    )


def test_form_and_program_write_the_same_event(put, owner):
    put(body())
    event = Event.objects.get()
    drafting.revise(event, by=owner, at=NOW, values={"title": "Par le formulaire"})
    assert put(body()).json()["version"] == 3
    assert Event.objects.get().title == "Visite des ateliers"


@pytest.mark.parametrize("name", ["a b/12", "agenda/a:b", "agenda/" + "x" * 41, "é/12"])
def test_name_has_a_shape(put, name):
    response = put(body(), name=name)
    assert (response.status_code, Event.objects.count()) == (400, 0)


def test_wrong_submit_is_told(put):
    response = put(body(), query="?submit=oui")
    assert response.json() == {
        "errors": {"submit": ["« submit » : trouvé « oui » ; attendu : true ou false."]}
    }


# Who.


def stranger_secret(_):
    person = factories.user()
    factories.organization(person)
    return token(person)


def revoked(owner):
    made, secret = tokens.issue(owner.organizations.get(), "Vieux", by=owner, at=NOW)
    tokens.revoke(made, by=owner, at=NOW)
    return secret


def of_an_owner_no_more(owner):
    secret = token(owner)
    Membership.objects.filter(user=owner).update(role=MembershipRole.EDITOR)
    return secret


def of_a_closed_account(owner):
    secret = token(owner)
    owner.is_active = False
    owner.save()
    return secret


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda owner: "", 401),
        (lambda owner: "semaine_inconnu", 401),
        (lambda owner: "é\u00ff", 401),
        (revoked, 401),
        (of_an_owner_no_more, 401),
        (of_a_closed_account, 401),
        (stranger_secret, 404),
    ],
)
def test_only_a_standing_token_of_the_organization_writes(put, owner, make, status):
    organization = owner.organizations.get().pk
    response = put(body(), secret=make(owner), organization=organization)
    assert (response.status_code, list(response.json()["errors"]), Event.objects.count()) == (
        status,
        ["api"],
        0,
    )
    assert response.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


def test_session_of_an_owner_is_no_token(client, owner, put):
    client.force_login(owner)
    assert put(body(), secret="").status_code == 401


def test_token_does_not_touch_the_event_of_another_organization(put):
    other = factories.user()
    factories.draft(other, title="Secret", source=Source.API, external_id="agenda:12")
    assert put(body()).status_code == 201
    assert sorted(Event.objects.values_list("title", "status")) == [
        ("Secret", Status.DRAFT),
        ("Visite des ateliers", Status.DRAFT),
    ]


def test_unknown_organization_is_like_anothers(put):
    assert put(body(), organization=999_999).status_code == 404
