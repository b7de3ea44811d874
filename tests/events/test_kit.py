"""The page of the communication kit: for the organization, and only while the label stands."""

import re
from html import unescape
from io import BytesIO

import pytest
import time_machine
from PIL import Image

from events import workflow
from events.cards import cards
from events.kit.files import MAKERS
from events.kit.signature import signature
from events.models import Event
from organizers.enums import MembershipRole
from organizers.models import Membership
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(client):
    person = factories.user()
    factories.organization(person)
    client.force_login(person)
    return person


def kit(event, name="") -> str:
    return f"/espace/evenements/{event.pk}/kit/{name}"


def test_kit_offers_every_file_and_each_can_be_had(client, owner):
    event = factories.labelled(owner)
    page = client.get(kit(event)).content.decode()
    linked = set(re.findall(rf'(?:href|src)="{kit(event)}([^"]+)"', page))
    assert linked == set(MAKERS)
    assert {name: client.get(kit(event, name)).status_code for name in linked} == dict.fromkeys(linked, 200)


@pytest.mark.parametrize("number", [1, 3])
def test_kit_and_its_files_ask_as_much_whatever_the_slots(client, owner, django_assert_num_queries, number):
    slots = [factories.slot(f"2025-11-{18 + each}") for each in range(number)]
    event = factories.labelled(owner, slots=slots)
    with django_assert_num_queries(7):
        client.get(kit(event))
    with django_assert_num_queries(7):
        client.get(kit(event, "certificat.pdf"))
    with django_assert_num_queries(6):
        client.get(kit(event, "affiche-a4.pdf"))


def test_file_is_downloaded_under_the_name_of_its_event_and_kept_by_no_cache(client, owner):
    answer = client.get(kit(factories.labelled(owner), "affiche-a3.pdf"))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="visite-de-la-fonderie-affiche-a3.pdf"',
    )
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("image-large.png", (1200, 630)),
        ("image-carree.png", (1080, 1080)),
        ("image-haute.png", (1080, 1920)),
    ],
)
def test_pictures_have_the_sizes_that_networks_ask(client, owner, name, size):
    picture = Image.open(BytesIO(client.get(kit(factories.labelled(owner), name)).content))
    assert (picture.format, picture.size) == ("PNG", size)


def without_label(owner):
    """Events that bear no label, or no more."""
    by = factories.national()
    unpublished = factories.labelled(owner, title="Autre édition")
    Event.objects.filter(pk=unpublished.pk).update(edition=factories.edition(2024, is_published=False))
    return {
        "draft": factories.draft(owner),
        "submitted": factories.submitted(owner),
        "withdrawn": workflow.withdraw(factories.labelled(owner), by=by, at=NOW, comment="Payante."),
        "cancelled": workflow.cancel(factories.labelled(owner), by=owner, at=NOW, comment="Travaux."),
        "unpublished": unpublished,
    }


def test_kit_goes_with_the_label(client, owner):
    events = without_label(owner)
    pages = {name: client.get(kit(event)) for name, event in events.items()}
    said = {name: re.findall("<h1>(.*)</h1>", page.content.decode()) for name, page in pages.items()}
    assert said == {name: ["Il n’y a pas de kit pour cet événement"] for name in events}
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(events, 404)
    found = {client.get(kit(event, name)).status_code for event in events.values() for name in MAKERS}
    assert found == {404}


def test_kit_comes_back_with_the_label(client, owner):
    event = workflow.cancel(factories.labelled(owner), by=owner, at=NOW, comment="Travaux.")
    workflow.reopen(event, by=owner, at=NOW)
    assert client.get(kit(event)).status_code == 200


@pytest.mark.parametrize("name", ["rien.pdf", "..%2F..%2Fsettings.py", "poster.typ", "certificat.pdf%00"])
def test_unknown_file_is_not_found(client, owner, name):
    assert client.get(kit(factories.labelled(owner), name)).status_code == 404


def test_only_reading_is_answered(client, owner):
    event = factories.labelled(owner)
    assert [client.post(kit(event, name)).status_code for name in ("", "certificat.pdf")] == [405, 405]


def test_editor_has_the_kit_and_another_organization_has_not(client, owner):
    event = factories.labelled(owner)
    editor, stranger = factories.user(), factories.user()
    Membership.objects.create(user=editor, organization=event.organization, role=MembershipRole.EDITOR)
    factories.organization(stranger)
    found = []
    for person in (editor, stranger):
        client.force_login(person)
        found.append([client.get(kit(event, name)).status_code for name in ("", "affiche-a4.pdf")])
    assert found == [[200, 200], [404, 404]]


def test_overview_of_a_labelled_event_leads_to_its_kit(client, owner):
    event, other = factories.labelled(owner), factories.submitted(owner)
    pages = [client.get(f"/espace/evenements/{each.pk}/").content.decode() for each in (event, other)]
    assert [f'href="{kit(event)}"' in pages[0], "/kit/" in pages[1]] == [True, False]


# The signature.


def card_of(event):
    return cards([Event.objects.for_list().get(pk=event.pk)], NOW)[0]


def test_signature_says_what_when_and_where():
    found = signature(card_of(factories.labelled()))
    assert found.text == (
        "-- \nSemaine de l’industrie 2025\nVisite de la fonderie\nJeudi 20 novembre, 9\u00a0h–11\u00a0h\u00a030\n"
        "Belfort (Territoire de Belfort)\nGratuit. Événement labellisé.\n"
        "http://testserver/evenements/2025/visite-de-la-fonderie/"
    )
    bare = " ".join(unescape(re.sub(r"<[^>]+>", " ", found.html)).split())
    assert bare == (
        "Semaine de l’industrie 2025 Visite de la fonderie Jeudi 20 novembre, 9 h–11 h 30 "
        "Belfort (Territoire de Belfort) Gratuit. Événement labellisé."
    )
    assert re.findall('href="([^"]+)"', found.html) == [
        "http://testserver/evenements/2025/visite-de-la-fonderie/"
    ]


def test_signature_takes_no_markup_from_the_title(client, owner):
    title = '<script>alert(1)</script> & « "Visite" » </textarea>'
    event = factories.labelled(owner, title=title)
    found = signature(card_of(event))
    assert (found.html.count("<script"), found.text.count(title)) == (0, 1)
    page = client.get(kit(event)).content.decode()
    assert (page.count("<script>alert"), page.count("</textarea>")) == (0, 2)
    [code] = re.findall(r'<textarea id="signature-html"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert unescape(code) == found.html
