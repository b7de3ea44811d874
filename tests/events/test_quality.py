"""The quality monitor: what is probably a slip, in the agent's territory, and the button that puts it right."""

import json

import pytest
import time_machine
from django.test import Client

from events import workflow
from events.models import Event
from organizers.models import Membership
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW, slot
from tests.semaine.address_server import address_server, collection
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

PAGE = "/admin/qualite/"
UNKNOWN = "Le service d’adresses ne trouve pas cette adresse\u00a0: placez le point avec l’organisateur."
ROUGH = {"address": "1 rue de l’Usine", "commune_code": "90010"}


@pytest.fixture(autouse=True)
def _clock(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service(settings):
    with address_server() as server:
        settings.GEOCODER_URL = server.url
        yield server


@pytest.fixture
def agent():
    return factories.referent()


def found(client) -> dict[str, list[str]]:
    return {
        each.check.title: [slip.title for slip in each.slips] for each in client.get(PAGE).context["found"]
    }


def test_each_slip_is_found_under_its_name(agent):
    factories.labelled(title="Approximatif", **ROUGH)
    factories.submitted(title="Test")
    factories.submitted(title="Trop", expected_participants=3000)
    factories.labelled(
        title="Dix mille", capacity=10, expected_participants=21, slots=[slot(), slot("2025-11-21")]
    )
    factories.labelled(
        title="Vingt", capacity=10, expected_participants=20, slots=[slot(), slot("2025-11-21")]
    )
    factories.draft(title="Essai")
    workflow.refuse(
        factories.submitted(title="Test 2"), by=factories.national(), at=NOW, rule="free", comment="Payant."
    )
    factories.submitted(title="Test ailleurs", commune_code="59350")
    with_picture = factories.labelled(title="Illustré", image_alt="Un four", image="evenements/0.webp")
    results = found(sign_in(Client(), agent))
    assert {title: sorted(events) for title, events in results.items()} == {
        "Points approximatifs": ["Approximatif"],
        "Titres d’essai": ["Test"],
        "Sans image": ["Approximatif", "Dix mille", "Test", "Trop", "Vingt"],
        "Participants invraisemblables": ["Dix mille", "Trop"],
    }
    assert with_picture.image.name


@pytest.mark.parametrize(
    ("title", "trial"),
    [
        ("test", True), ("TEST 2", True), ("Essais", True), ("test test", True), ("azerty", True), ("xxxx", True),
        ("Test de soudure", False), ("Crash-test", False), ("Essai d’un robot", False), ("Tester un métier", False),
    ],
)  # fmt: skip
def test_title_that_is_no_title_is_found(title, trial):
    factories.submitted(title=title)
    assert Event.objects.named_like_a_trial().exists() is trial


def test_namesakes_are_found_with_their_events(agent):
    for name, slug in (("Fonderie Été", "a"), ("SAS Fonderie Ete", "b"), ("Forge", "c")):
        owner = factories.user()
        factories.organization(owner, name=name, slug=slug)
        factories.submitted(owner)
    [alike] = sign_in(Client(), agent).get(PAGE).context["namesakes"]
    assert [each.name for each in alike.organizations] == ["Fonderie Été", "SAS Fonderie Ete"]
    assert alike.url == "/admin/events/event/?statut=tous&q=Fonderie+%C3%89t%C3%A9"


def test_button_places_the_point_at_the_address(agent, service):
    event = factories.labelled(**ROUGH)
    before = SiteRevision.objects.number()
    answer = sign_in(Client(), agent).post(f"{PAGE}{event.pk}/placer/", follow=True)
    placed = Event.objects.get()
    assert [f"{each}" for each in answer.context["messages"]] == [
        "Visite de la fonderie\u00a0: Le point est placé à l’adresse."
    ]
    assert (placed.latitude, placed.longitude, placed.point_source, placed.precision) == (
        47.6401, 6.8602, "ban", "address",
    )  # fmt: skip
    assert (placed.version, placed.status, placed.changed_since_label) == (2, "labelled", False)
    last = placed.decisions.last()
    assert (last.transition, last.by, last.comment) == ("edit", agent, "Le point est placé à l’adresse.")
    assert SiteRevision.objects.number() == before + 1
    assert found(sign_in(Client(), agent))["Points approximatifs"] == []


def test_button_says_why_it_cannot(agent, service):
    service.body = json.dumps(collection())
    labelled, sent, own = (
        factories.labelled(**ROUGH),
        factories.submitted(**ROUGH),
        factories.labelled(**ROUGH),
    )
    Membership.objects.create(user=agent, organization=own.organization, role="editor")
    client = sign_in(Client(), agent)
    said = [
        f"{message}"
        for event in (labelled, own)
        for message in client.post(f"{PAGE}{event.pk}/placer/", follow=True).context["messages"]
    ]
    assert said == [
        f"Visite de la fonderie\u00a0: {UNKNOWN}",
        "Vous êtes membre de l’organisation\u00a0: un collègue doit décider.",
    ]
    service.answers()
    assert set(Event.objects.values_list("point_source", flat=True)) == {""}
    assert sent.version == Event.objects.get(pk=sent.pk).version


def test_button_is_out_of_reach_elsewhere(service):
    event = factories.labelled(**ROUGH)
    client = sign_in(Client(), factories.referent(territory="59"))
    assert client.post(f"{PAGE}{event.pk}/placer/").status_code == 404
    assert Event.objects.get().point_source == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries_for_any_number_of_slips(agent, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.labelled(**ROUGH)
        factories.submitted(title="Test")
    client = sign_in(Client(), agent)
    with django_assert_num_queries(10):
        client.get(PAGE)
