"""The organizer's list: what waits for whom, narrowed by status, organization and words, page by page."""

import re
from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from events.models import Event
from organizers.models import Membership
from tests import factories
from tests.browser.season import contents_of
from tests.events.test_workflow import standing
from tests.factories import NOW

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organizer(client):
    person = factories.user()
    factories.organization(person, name="Fonderie Martin", slug="martin")
    client.force_login(person)
    return person


def words(page: str, pattern: str) -> list[str]:
    found = re.findall(pattern, page, re.DOTALL)
    return [" ".join(unescape(strip_tags(each)).replace(NBSP, " ").split()) for each in found]


def titles(response) -> list[str]:
    return words(response.content.decode(), r"<h3>(.*?)</h3>")


def choices(response) -> list[str]:
    [nav] = re.findall(
        r'<nav aria-label="Mes événements par statut">(.*?)</nav>', response.content.decode(), re.DOTALL
    )
    return words(nav, r"<li>(.*?)</li>")


def one_of_each(organizer):
    for status in ("draft", "submitted", "changes_requested", "labelled", "refused", "withdrawn"):
        standing(status, organizer=organizer, title=status)
    standing("cancelled:labelled", organizer=organizer, title="cancelled")


def test_list_begins_with_what_waits_for_the_organizer(client, organizer):
    one_of_each(organizer)
    response = client.get("/espace/")
    assert titles(response) == [
        "changes_requested", "refused", "draft", "submitted", "labelled", "cancelled", "withdrawn",
    ]  # fmt: skip
    assert words(response.content.decode(), r'<p class="lede">(.*?)</p>') == [
        "Fonderie Martin – 3 événements vous attendent."
    ]


def test_list_counts_by_turn_and_by_status(client, organizer):
    one_of_each(organizer)
    assert choices(client.get("/espace/")) == [
        "Tous 7", "À vous de jouer 3", "Chez votre référent 1", "Rien à faire 3", "Brouillon 1", "Envoyé 1",
        "À compléter 1", "Labellisé 1", "Refusé 1", "Label retiré 1", "Annulé 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("statut=labelled", ["labelled"]),
        ("statut=vous", ["changes_requested", "refused", "draft"]),
        ("statut=referent", ["submitted"]),
        ("statut=rien", ["labelled", "cancelled", "withdrawn"]),
        ("q=REFUSED", ["refused"]),
        ("q=fonderie+martin+cancelled", ["cancelled"]),
        ("q=absent", []),
        ("q=%00", 7),
        ("organisation=%00&statut=%00", 7),
        ("organisation=martin&statut=draft", ["draft"]),
    ],
)
def test_list_is_narrowed_by_what_is_asked(client, organizer, asked, expected):
    one_of_each(organizer)
    found = titles(client.get(f"/espace/?{asked}"))
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("statut=merveilleux", "Statut : « merveilleux » n’est pas dans la liste. Choisissez-y une valeur."),
        ("organisation=autre", "Organisation : « autre » n’est pas dans la liste. Choisissez-y une valeur."),
    ],
)
def test_value_that_is_in_no_list_is_said_and_shows_nothing(client, organizer, asked, message):
    factories.draft(organizer)
    response = client.get(f"/espace/?{asked}")
    assert (response.status_code, titles(response)) == (200, [])
    assert words(response.content.decode(), r'role="alert">.*?<p>(.*?)</p>') == [message]


def test_amended_event_waits_at_the_referents(client, organizer):
    standing("labelled:amended", organizer=organizer)
    response = client.get("/espace/?statut=referent")
    [item] = response.context["page_obj"].object_list
    assert item.waits == (
        f"Votre référent examine la modification que vous proposez{NBSP}: réponse attendue le mardi 7 octobre. "
        "En attendant, le public voit ce qui est labellisé."
    )


def test_list_of_several_organizations_is_narrowed_to_one(client, organizer):
    factories.draft(organizer, title="Chez Martin")
    other = factories.organization(name="Forge Durand", slug="durand")
    Membership.objects.create(user=organizer, organization=other, role="editor")
    event = factories.draft(factories.user(), title="Chez Durand")
    Event.objects.filter(pk=event.pk).update(organization=other)
    response = client.get("/espace/")
    assert titles(response) == ["Chez Durand", "Chez Martin"]
    assert words(response.content.decode(), r"<option.*?>(.*?)</option>") == [
        "Toutes",
        "Fonderie Martin",
        "Forge Durand",
    ]
    response = client.get("/espace/?organisation=durand")
    assert (titles(response), choices(response)[0]) == (["Chez Durand"], "Tous 1")


def many(organizer, number):
    """Rows like one labelled event: the list reads no more for them."""
    event = factories.labelled(organizer)
    Event.objects.bulk_create(
        Event(
            **contents_of(event)
            | {
                "creation_key": f"{count:032}",
                "slug": f"v-{count}",
                "label_number": f"N{count}",
                "title": f"Visite {count}",
            }
        )
        for count in range(number - 1)
    )


@pytest.mark.parametrize(("number", "has_search"), [(10, False), (11, True)])
def test_search_is_there_when_the_list_is_long(client, organizer, number, has_search):
    many(organizer, number)
    assert ('<form class="search-box"' in client.get("/espace/").content.decode()) is has_search


def test_long_list_comes_page_by_page_and_keeps_what_was_asked(client, organizer):
    many(organizer, 60)
    shown = [
        len(titles(client.get(f"/espace/?statut=labelled&page={page}")))
        for page in ("1", "2", "3", "x", "99")
    ]
    assert shown == [25, 25, 10, 25, 10]
    page = client.get("/espace/?statut=labelled&page=2").content.decode()
    assert re.findall(r'<a href="(.*?)" rel="next">', page) == ["?statut=labelled&amp;page=3"]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_list_costs_the_same_whatever_it_holds(client, organizer, number, django_assert_num_queries):
    for _ in range(min(number, 3)):
        standing("labelled:amended", organizer=organizer)
    if number > 3:
        many(organizer, number - 3)
    with django_assert_num_queries(10):
        client.get("/espace/")


def test_empty_list_says_how_to_begin(client, organizer):
    factories.edition()
    page = client.get("/espace/").content.decode()
    assert "Vous n’avez pas encore d’événement. Il suffit de dix minutes pour en proposer un." in page
    assert '<nav aria-label="Mes événements par statut">' not in page
