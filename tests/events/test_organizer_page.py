"""The public page of an organization."""

from datetime import UTC, datetime

import pytest
import time_machine

from events import workflow
from organizers.models import Membership, Organization
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def forge():
    """Somebody whose organization has a name, a website and headquarters."""
    owner = factories.user()
    factories.organization(owner, name="Forge d’exemple", slug="forge", website="https://forge.example.org/")
    return owner


def groups(client, address="/organisateurs/forge/"):
    found = client.get(address).context["groups"]
    return [(title, [card.title for card in cards]) for title, cards in found]


def last_year(owner, title, day):
    edition, at = factories.edition(2024), datetime(2024, 10, 1, tzinfo=UTC)
    return factories.labelled(owner, title=title, in_edition=edition, at=at, slots=[factories.slot(day)])


def test_page_shows_what_is_to_come_then_what_is_over_by_edition(client, forge):
    last_year(forge, "Deuxième de 2024", "2024-11-21")
    last_year(forge, "Première de 2024", "2024-11-20")
    factories.labelled(forge, title="Terminée", slots=[factories.slot("2025-11-04")])
    factories.labelled(forge, title="Plus tard", slots=[factories.slot("2025-11-21")])
    factories.labelled(forge, title="Bientôt", slots=[factories.slot("2025-11-20")])
    assert groups(client) == [
        ("À venir", ["Bientôt", "Plus tard"]),
        ("Édition 2025", ["Terminée"]),
        ("Édition 2024", ["Première de 2024", "Deuxième de 2024"]),
    ]


def test_page_says_who_the_organization_is(client, forge):
    factories.labelled(forge)
    page = client.get("/organisateurs/forge/").content.decode()
    assert "<h1>Forge d’exemple</h1>" in page
    assert "<dd>Entreprise</dd>" in page
    assert 'Belfort (<a href="/territoires/r27/d90/">Territoire de Belfort</a>)' in page
    assert 'href="https://forge.example.org/" rel="nofollow ugc noopener"' in page
    assert "<title>Forge d’exemple, 1\u00a0événement – Semaine de l’industrie</title>" in page


def test_page_of_an_organization_without_headquarters_nor_website(client):
    owner = factories.user()
    factories.organization(owner, headquarters=None, slug="forge")
    factories.labelled(owner)
    page = client.get("/organisateurs/forge/").content.decode()
    assert ("Siège" in page, "Site internet" in page) == (False, False)


def test_cancelled_event_stays_and_says_so(client, forge):
    event = factories.labelled(forge, title="Annulée")
    workflow.cancel(event, by=forge, at=NOW, comment="L’atelier est en travaux.")
    assert groups(client) == [("À venir", ["Annulée"])]
    assert '<li class="status-tag bad">Annulé</li>' in client.get("/organisateurs/forge/").content.decode()


def test_page_shows_no_event_that_is_not_public(client, forge):
    factories.draft(forge, title="Brouillon")
    factories.submitted(forge, title="Envoyée")
    assert client.get("/organisateurs/forge/").status_code == 404
    factories.labelled(forge, title="Labellisée")
    assert groups(client) == [("À venir", ["Labellisée"])]


def test_page_names_none_of_the_members(client, forge):
    factories.labelled(forge)
    member = Membership.objects.get().user
    page = client.get("/organisateurs/forge/").content.decode()
    assert [word for word in (member.name, member.email) if word in page] == []


def test_organizations_of_events_come_once(forge):
    event = factories.labelled(forge)
    factories.labelled(forge, title="Autre visite")
    assert list(type(event).objects.public().organizations()) == [Organization.objects.get()]


def test_events_come_twenty_a_page(client, forge):
    for number in range(21):
        factories.labelled(
            forge,
            title=f"Visite {number:02}",
            slots=[factories.slot(start=f"{number:02}:00", end=f"{number:02}:30")],
        )
    assert [len(titles) for _, titles in groups(client)] == [20]
    assert groups(client, "/organisateurs/forge/?page=2") == [("À venir", ["Visite 20"])]
    message = client.get("/organisateurs/forge/?page=9").context["message"].replace("\u00a0", " ")
    assert message == "La page « 9 » n’existe pas : voici la page 2 sur 2."


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(client, django_assert_num_queries, forge, rows):
    for number in range(rows):
        factories.labelled(forge, title=f"Visite {number}")
    with django_assert_num_queries(8):
        response = client.get("/organisateurs/forge/")
    assert (dict(response.cookies), response.headers.get("Vary")) == ({}, None)
