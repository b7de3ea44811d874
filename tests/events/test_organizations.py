"""An organization that is renamed or moves: its events follow, and the public sees it at once."""

from datetime import timedelta

import pytest
import time_machine

from events import workflow
from events.enums import Status
from events.models import Event
from events.organizations import describe
from organizers.models import Organization
from semaine.models import SiteRevision
from tests import factories
from tests.events.form_pages import as_sent, kept, plain, said_beside
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/direct"}


@pytest.fixture
def owner():
    factories.edition()
    person = factories.user()
    factories.organization(person, name="Fonderie du Lion", slug="lion")
    return person


@pytest.fixture
def home(owner):
    return owner.organizations.get()


def rename(home, owner, name="Fonderie de l’Étoile"):
    return describe(home, by=owner, at=LATER, values={"name": name})


def copies(event):
    event.refresh_from_db()
    return event.organizer_name, event.trigram_key


def test_rename_rewrites_the_name_on_every_event_and_no_other(home, owner):
    made = [
        factories.draft(owner),
        factories.submitted(owner),
        factories.labelled(owner),
        factories.labelled(owner, **ONLINE),
        workflow.cancel(factories.labelled(owner), by=owner, at=NOW, comment="Panne."),
    ]
    other = factories.draft()
    before = copies(other)
    rename(home, owner)
    place = "belfort territoire de belfort"
    key = f"visite de la fonderie fonderie de l etoile {place}"
    online = "visite de la fonderie fonderie de l etoile"
    found = [copies(event) for event in made]
    assert found == [("Fonderie de l’Étoile", online if event == made[3] else key) for event in made]
    assert copies(other) == before


def test_rename_keeps_the_address_and_version_of_an_event_and_moves_the_date_that_the_public_reads(
    home, owner
):
    event, draft = factories.labelled(owner), factories.draft(owner)
    kept_as = (event.slug, event.version, event.label_number)
    rename(home, owner)
    event.refresh_from_db()
    draft.refresh_from_db()
    assert (event.slug, event.version, event.label_number) == kept_as
    assert (event.updated_at, draft.updated_at) == (LATER, NOW)
    assert Organization.objects.get(pk=home.pk).slug == "lion"


def test_rename_is_found_and_shown_at_once(client, home, owner):
    event = factories.labelled(owner)
    with time_machine.travel(NOW, tick=False):
        assert "Fonderie du Lion" in client.get(event.get_absolute_url()).content.decode()
        rename(home, owner)
        page = client.get(event.get_absolute_url()).content.decode()
        found = client.get("/programme/?q=étoile").content.decode()
        lost = client.get("/programme/?q=lion").content.decode()
    assert ("Fonderie de l’Étoile" in page, "Fonderie du Lion" in page) == (True, False)
    assert (event.get_absolute_url() in found, event.get_absolute_url() in lost) == (True, False)


@pytest.mark.parametrize(("make", "counted"), [("draft", 0), ("submitted", 0), ("labelled", 1)])
def test_description_counts_as_a_change_of_the_site_when_an_event_is_public(home, owner, make, counted):
    getattr(factories, make)(owner)
    before = SiteRevision.objects.number()
    rename(home, owner)
    assert SiteRevision.objects.number() == before + counted
    describe(home, by=owner, at=LATER, values={"website": "https://example.org"})
    assert SiteRevision.objects.number() == before + 2 * counted


def test_online_events_follow_the_seat_until_they_are_labelled(home, owner):
    made = [factories.draft(owner, **ONLINE), factories.submitted(owner, **ONLINE)]
    labelled, onsite = factories.labelled(owner, **ONLINE), factories.submitted(owner)
    describe(home, by=owner, at=LATER, values={"headquarters": factories.commune("59350")})
    rows = {event.pk: event.department_id for event in Event.objects.all()}
    assert rows == {made[0].pk: "59", made[1].pk: "59", labelled.pk: "90", onsite.pk: "90"}
    describe(home, by=owner, at=LATER, values={"headquarters": None})
    rows = {event.pk: event.department_id for event in Event.objects.all()}
    assert rows == {made[0].pk: None, made[1].pk: None, labelled.pk: "90", onsite.pk: "90"}


@pytest.mark.parametrize("rows", [1, 3])
def test_rename_costs_the_same_queries(home, owner, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.labelled(owner)
    # Two savepoints (4); the organization, its owner, its row; the events, their copies; public?, the revision.
    with django_assert_num_queries(11):
        rename(home, owner)


# The page.

PAGE = "/espace/organisation/lion/modifier/"
DATA = {
    "name": "Fonderie de l’Étoile",
    "kind": "entreprise",
    "siret": "552 081 317 66522",
    "website": "https://example.org",
    "address": "12 rue de la Forge",
    "postal_code": "59000",
    "city": "Lille",
    "naf_rev2": "2451z",
    "naf_2025": "",
}


def test_page_shows_the_description_and_saves_what_changed(client, owner):
    factories.commune("59350")
    event = factories.labelled(owner)
    client.force_login(owner)
    page = client.get(PAGE).content.decode()
    assert kept(page, ["name", "siret", "city"]) == as_sent(
        {"name": "Fonderie du Lion", "siret": "", "city": "Belfort"}
    )
    response = client.post(PAGE, DATA, follow=True)
    assert plain([str(each) for each in response.context["messages"]]) == [
        "La fiche de l’organisation est enregistrée."
    ]
    home = owner.organizations.get()
    assert (home.name, home.siret, home.address, home.postal_code) == (
        "Fonderie de l’Étoile",
        "55208131766522",
        "12 rue de la Forge",
        "59000",
    )
    assert (home.headquarters_id, home.naf_rev2, home.slug) == ("59350", "24.51Z", "lion")
    event.refresh_from_db()
    assert (event.organizer_name, event.status) == ("Fonderie de l’Étoile", Status.LABELLED)


def test_page_saved_with_its_own_siret_is_no_double(client, owner):
    Organization.objects.update(siret="55208131766522")
    client.force_login(owner)
    assert client.post(PAGE, DATA | {"city": ""}).url == "/espace/organisation/lion/"


def test_page_refuses_the_siret_of_another_and_keeps_what_was_typed(client, owner):
    other = factories.organization(siret="55208131766522")
    client.force_login(owner)
    page = client.post(PAGE, DATA | {"city": ""}).content.decode()
    assert said_beside(page, "siret") == [
        "Une organisation est déjà inscrite avec le SIRET 55208131766522 : demandez à la rejoindre."
    ]
    assert f'href="/espace/organisation/{other.slug}/rejoindre/"' in page
    assert kept(page, ["name"]) == {"name": ["Fonderie de l’Étoile"]}
    assert owner.organizations.get().name == "Fonderie du Lion"
