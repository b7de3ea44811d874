"""The quality monitor: what is probably a slip, in the agent's territory, and the button that puts it right."""

import json
import re

import pytest
import time_machine
from django.test import Client

from events import workflow
from events.models import Event, Note
from events.transitions import UNDO_WITHIN
from organizers.models import Membership
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_bad_input import plain
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
        "Visite de la fonderie\u00a0: Vous êtes membre de l’organisation\u00a0: un collègue doit décider.",
    ]
    service.answers()
    assert set(Event.objects.values_list("point_source", flat=True)) == {""}
    assert sent.version == Event.objects.get(pk=sent.pk).version


def test_button_is_out_of_reach_elsewhere(service):
    event = factories.labelled(**ROUGH)
    client = sign_in(Client(), factories.referent(territory="59"))
    assert client.post(f"{PAGE}{event.pk}/placer/").status_code == 404
    assert Event.objects.get().point_source == ""


# What the organizer is asked.

TITLE, PICTURE, PARTICIPANTS = "titre", "image", "participants"
SENT_BACK = {
    TITLE: ({"title": "Test"}, "Donnez un vrai titre à votre événement", "title"),
    PARTICIPANTS: (
        {"expected_participants": 3000}, "Vérifiez le nombre de participants attendus", "expected_participants",
    ),
}  # fmt: skip


def asked(client, event, code, version=None) -> list[str]:
    data = {"version": event.version if version is None else version}
    answer = client.post(f"{PAGE}{event.pk}/demander/{code}/", data, follow=True)
    return [plain(f"{each}") for each in answer.context["messages"]]


def buttons(client) -> dict[str, list[str]]:
    found = client.get(PAGE).context["found"]
    return {each.check.ask.code: [button for _, button in each.lines] for each in found if each.check.ask}


@pytest.mark.parametrize("code", SENT_BACK)
def test_file_under_examination_goes_back_with_a_request_ready_written(agent, code):
    fields, subject, field = SENT_BACK[code]
    event = factories.submitted(**fields)
    client = sign_in(Client(), agent)
    assert buttons(client)[code] == ["Renvoyer pour correction"]
    assert asked(client, event, code) == [
        f"{event} : le dossier est renvoyé à l’organisateur, avec la demande « {subject} »."
    ]
    event.refresh_from_db()
    last = event.decisions.last()
    assert (event.status, last.transition, last.by) == ("changes_requested", "request_changes", agent)
    assert list(last.field_comments) == [field]
    assert last.comment == last.field_comments[field]
    mail = OutboxMessage.objects.latest("pk")
    assert (mail.recipient, mail.not_before) == (event.created_by.email, NOW + UNDO_WITHIN)
    assert last.comment in mail.text


@pytest.mark.parametrize(
    ("code", "make", "step"),
    [
        (TITLE, lambda: factories.labelled(title="Test"), "quoi"),
        (PARTICIPANTS, lambda: factories.labelled(expected_participants=3000), "qui"),
        (PICTURE, lambda: factories.labelled(), "quoi"),
        (PICTURE, lambda: factories.submitted(), "quoi"),
        (TITLE, lambda: sent_back(factories.submitted(title="Test")), "quoi"),
    ],
)
def test_what_is_not_sent_back_is_asked_by_mail_once(agent, code, make, step):
    event = make()
    client = sign_in(Client(), agent)
    sent, status = OutboxMessage.objects.count(), event.status
    assert buttons(client)[code] == ["Demander par courriel"]
    assert asked(client, event, code) == [
        f"{event} : l’organisateur reçoit un courriel, et une note le dit aux autres services."
    ]
    mail = OutboxMessage.objects.latest("pk")
    assert (mail.recipient, mail.sent_at) == (event.created_by.email, None)
    assert f"/espace/evenements/{event.pk}/{step}/" in mail.text
    note = Note.objects.get()
    assert (note.by, note.office, note.asked) == (agent, agent.offices.get(), code)
    assert buttons(client)[code] == [""]
    assert asked(client, event, code) == [f"{event} : C’est déjà demandé à l’organisateur."]
    assert (OutboxMessage.objects.count(), Note.objects.count()) == (sent + 1, 1)
    event.refresh_from_db()
    assert (event.status, event.version) == (status, 1)


def sent_back(event):
    return workflow.request_changes(event, by=factories.national(), at=NOW, comment="Une date ?")


def test_asking_says_why_it_cannot(agent):
    event, own = factories.submitted(title="Test"), factories.labelled(title="Test")
    Membership.objects.create(user=agent, organization=own.organization, role="editor")
    client = sign_in(Client(), agent)
    sent = OutboxMessage.objects.count()
    assert asked(client, event, TITLE, 7) == [
        "Test : Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
    ]
    assert asked(client, event, TITLE, "x") == ["Test : L’événement vient de changer : relisez la liste."]
    assert asked(client, own, TITLE) == [
        "Test : Vous êtes membre de l’organisation : un collègue doit décider."
    ]
    assert asked(client, own, PICTURE, 7) == [
        "Test : Vous êtes membre de l’organisation : un collègue doit décider."
    ]
    assert (OutboxMessage.objects.count(), Note.objects.count()) == (sent, 0)


def test_asking_is_out_of_reach_elsewhere_and_for_what_is_no_slip(agent):
    event, good = factories.submitted(title="Test"), factories.submitted(title="Visite")
    draft = factories.draft(title="Test")
    client, other = sign_in(Client(), agent), sign_in(Client(), factories.referent(territory="59"))
    addresses = [(other, event, TITLE), (client, good, TITLE), (client, draft, TITLE), (client, event, "x")]
    codes = [
        each.post(f"{PAGE}{one.pk}/demander/{code}/", {"version": 1}).status_code
        for each, one, code in addresses
    ]
    assert codes == [404] * 4
    assert client.get(f"{PAGE}{event.pk}/demander/{TITLE}/").status_code == 405


def test_namesakes_are_compared_two_by_two(agent):
    made = []
    for slug in ("a", "b", "c"):
        owner = factories.user()
        made.append(factories.organization(owner, name="Fonderie", slug=slug).pk)
        factories.submitted(owner)
    page = sign_in(Client(), agent).get(PAGE).content.decode()
    first, second, third = made
    found = re.findall(r"/admin/qualite/organisations/(\d+)/(\d+)/", page)
    assert found == [(f"{first}", f"{second}"), (f"{first}", f"{third}")]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries_for_any_number_of_slips(agent, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.labelled(**ROUGH)
        factories.submitted(title="Test")
    client = sign_in(Client(), agent)
    with django_assert_num_queries(10):
        client.get(PAGE)
