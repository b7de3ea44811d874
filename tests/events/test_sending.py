"""All drafts that are ready, sent in one go, with one mail."""

import re

import pytest
import time_machine
from django.utils.html import strip_tags

from events.enums import Status
from events.models import Decision, Event
from events.views.sending import NOTHING_TICKED
from semaine.models import Edition, OutboxMessage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HERE = "/espace/envoyer/"
NO_AUDIENCE = "Choisissez au moins un public\xa0: scolaires, jeunes, demandeurs d’emploi…"


@pytest.fixture(autouse=True)
def _noon(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organizer(client):
    person = factories.user()
    factories.organization(person)
    client.force_login(person)
    return person


def lines(response):
    return [(line.event.title, line.missing) for line in response.context["lines"]]


def ticked(response) -> list[str]:
    return re.findall(r'name="event" value="(\d+)" checked', response.content.decode())


def outcomes(response):
    return [(each.event.title, each.is_sent, each.why) for each in response.context["outcomes"]]


def test_drafts_that_are_ready_are_ticked_and_the_others_say_what_they_lack(client, organizer):
    factories.draft(organizer, title="Incomplet", audience_codes=[])
    ready = factories.draft(organizer, title="Prêt")
    factories.submitted(organizer, title="Envoyé")
    factories.draft(title="D’une autre organisation")
    response = client.get(HERE)
    assert lines(response) == [("Prêt", []), ("Incomplet", [NO_AUDIENCE])]
    assert ticked(response) == [str(ready.pk)]


def test_those_ticked_are_sent_with_one_mail(client, organizer):
    events = [factories.draft(organizer, title=f"Visite {each}") for each in range(3)]
    response = client.post(HERE, {"event": [each.pk for each in events[:2]]})
    assert outcomes(response) == [("Visite 0", True, []), ("Visite 1", True, [])]
    statuses = Event.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.SUBMITTED, Status.SUBMITTED, Status.DRAFT]
    assert Decision.objects.count() == 2
    [mail] = OutboxMessage.objects.all()
    assert (mail.recipient, mail.subject) == (
        organizer.email,
        "Envoi terminé\xa0: 2\xa0événements sont envoyés au référent",
    )
    assert re.findall("- (.+)", mail.text) == ["Visite 0", "Visite 1"]


def test_what_cannot_be_sent_stops_no_other_and_says_why(client, organizer):
    wrong = factories.draft(organizer, title="Incomplet", audience_codes=[])
    right = factories.draft(organizer, title="Prêt")
    response = client.post(HERE, {"event": [wrong.pk, right.pk]})
    assert outcomes(response) == [("Incomplet", False, [NO_AUDIENCE]), ("Prêt", True, [])]
    assert "Non envoyé" in strip_tags(response.content.decode())


def test_posted_again_nothing_is_sent_twice(client, organizer):
    event = factories.draft(organizer)
    for _ in range(2):
        response = client.post(HERE, {"event": event.pk})
    [(_, is_sent, [why])] = outcomes(response)
    assert (is_sent, why[:24]) == (False, "Cet événement a été envo")
    assert (Decision.objects.count(), OutboxMessage.objects.count()) == (1, 1)


@pytest.mark.parametrize("values", [[], ["x"], ["9" * 30], ["-1"]])
def test_nothing_ticked_is_said(client, organizer, values):
    factories.draft(organizer)
    response = client.post(HERE, {"event": values}, follow=True)
    assert [str(each) for each in response.context["messages"]] == [NOTHING_TICKED]
    assert Event.objects.get().status == Status.DRAFT


def test_closed_submissions_are_said_and_nothing_can_be_sent(client, organizer):
    factories.draft(organizer)
    Edition.objects.update(submissions_open_at=NOW.replace(day=5))
    response = client.get(HERE)
    assert response.context["why_closed"] == (
        "Les propositions sont reçues du dimanche 5 octobre 2025 au lundi 24 novembre 2025."
    )
    assert "Envoyer les événements cochés" not in response.content.decode()


def test_who_has_no_draft_is_told_so(client, organizer):
    assert "Vous n’avez pas de brouillon à envoyer." in client.get(HERE).content.decode()


def test_list_of_events_leads_there_when_there_are_several_drafts(client, organizer):
    found = []
    for _ in range(2):
        factories.draft(organizer)
        found.append(f'href="{HERE}"' in client.get("/espace/").content.decode())
    assert found == [False, True]


@pytest.mark.parametrize("number", [1, 3])
def test_drafts_take_the_same_queries(client, organizer, number, django_assert_num_queries):
    for _ in range(number):
        factories.draft(organizer)
    with django_assert_num_queries(8):
        assert len(client.get(HERE).context["lines"]) == number
