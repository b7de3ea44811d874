"""The referent's side of a labelled event that changes: found in the queue, compared, answered, seen."""

import re
from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from events import amending
from events.models import Amendment, Event
from tests import factories
from tests.events.test_workflow import LATER, REASON, standing
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def agent(client):
    person = factories.referent()
    sign_in(client, person)
    return person


def examination(event):
    return f"{QUEUE}{event.pk}/examiner/"


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).replace(NBSP, " ").split())


def listed(client, query=""):
    events = client.get(f"{QUEUE}{query}").context["cl"].result_list
    return [event.title for event in events]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Proposée"]),
        ("?statut=modification-proposee", ["Proposée"]),
        ("?statut=modifie", ["Changée"]),
        ("?statut=labelled", ["Proposée", "Changée", "Calme"]),
    ],
)
def test_queue_finds_what_is_proposed_and_what_changed(client, agent, query, expected):
    for status, change, title in (
        ("labelled", {"summary": "Autrement dit."}, "Proposée"),
        ("labelled", {"description": "Autrement."}, "Changée"),
        ("labelled", {}, "Calme"),
    ):
        event = standing(status, title=title)
        amending.amend(event, by=event.created_by, at=LATER, values=change)
    assert sorted(listed(client, query)) == sorted(expected)


def test_queue_names_what_waits_on_a_label(client, agent):
    standing("labelled:amended"), standing("labelled:edited"), standing("labelled")
    lines = client.get(f"{QUEUE}?statut=tous").context["cl"].lines
    assert sorted(line.state for line in lines) == [
        "Labellisé",
        "Modification proposée",
        "Modifié depuis le label",
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queue_costs_the_same_whatever_waits(client, agent, number, django_assert_num_queries):
    for _ in range(number):
        standing("labelled:amended")
    with django_assert_num_queries(8):
        client.get(QUEUE)


def test_proposal_stands_beside_what_is_labelled(client, agent):
    event = standing("labelled:amended")
    page = client.get(examination(event)).content.decode()
    [diff] = re.findall(r'<ul class="diff">(.*?)</ul>', page, re.DOTALL)
    assert plain(diff) == "Titre Labellisé Visite de la fonderie Proposé Visite de nuit"
    assert plain(re.findall(r'<p class="state">(.*?)</p>', page)[0]) == (
        "Labellisé, réponse attendue le mardi 7 octobre, au programme"
    )


BUTTONS = {
    "labelled": ["Retirer le label", "Annuler l’événement"],
    "labelled:edited": ["J’ai vu les changements", "Retirer le label", "Annuler l’événement"],
    "labelled:amended": [
        "Accepter la modification",
        "Refuser la modification",
        "Retirer le label",
        "Annuler l’événement",
    ],
}


@pytest.mark.parametrize("status", BUTTONS)
def test_buttons_are_those_of_what_waits(client, agent, status):
    event = standing(status)
    answers = client.get(examination(event)).context["answers"]
    assert [(each["label"], each["why_not"]) for each in answers] == [
        (label, "") for label in BUTTONS[status]
    ]


def answer(client, event, decision, **data):
    return client.post(
        examination(event), {"decision": decision, "version": event.version} | data, follow=True
    )


def said(response):
    return [str(each).replace(NBSP, " ") for each in response.context["messages"]]


def test_accept_puts_the_proposal_at_the_programme(client, agent):
    event = standing("labelled:amended")
    response = answer(client, event, "accept_amendment")
    assert said(response) == [
        "C’est fait : « Visite de la fonderie ». L’organisateur est prévenu par courriel."
    ]
    assert (Event.objects.get().title, Amendment.objects.get().state) == ("Visite de nuit", "accepted")


def test_refuse_needs_a_reason_and_keeps_the_label(client, agent):
    event = standing("labelled:amended")
    response = answer(client, event, "refuse_amendment")
    assert [str(each) for each in response.context["form"].non_field_errors()] == [
        f"Écrivez une explication{NBSP}: l’organisateur la lira."
    ]
    answer(client, event, "refuse_amendment", comment=REASON)
    assert (Event.objects.get().title, Amendment.objects.get().state) == ("Visite de la fonderie", "refused")


def test_seen_changes_leave_the_list_without_a_mail(client, agent):
    event = standing("labelled:edited")
    assert said(answer(client, event, "see")) == ["C’est fait : « Visite de la fonderie »."]
    assert (Event.objects.get().changed_since_label, listed(client, "?statut=modifie")) == (False, [])


def test_proposal_changed_meanwhile_is_shown_before_it_is_answered(client, agent):
    event = standing("labelled:amended")
    amending.amend(event, by=event.created_by, at=LATER, values={"title": "Visite du soir"})
    response = answer(client, event, "accept_amendment")
    page = response.content.decode()
    assert Event.objects.get().title == "Visite de la fonderie"
    assert "Visite du soir" in plain(re.findall(r'<ul class="diff">(.*?)</ul>', page, re.DOTALL)[0])
    assert f'name="version" value="{event.version + 1}"' in page


def test_answer_that_comes_second_learns_who_was_first(client, agent):
    event = standing("labelled:amended")
    amending.drop_amendment(event, by=event.created_by, at=LATER)
    response = answer(client, event, "accept_amendment")
    assert said(response) == [
        f"La modification proposée a été abandonnée par {event.created_by.name} le mercredi 1er octobre 2025 à 13 h."
    ]
