"""What the national team keeps in the admin and the public reads: partners of a territory, contacts of an office."""

import pytest

from organizers.models import Partner
from semaine.models import SiteRevision
from tests import factories
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
INLINE = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def team(client):
    sign_in(client, factories.national())
    return client


def partner(**fields):
    return {"name": "Forge", "website": "", "region": "", "department": "", "position": 0} | fields


def test_partner_is_added_changed_and_deleted_each_time_seen_by_the_public(team):
    factories.department()
    before = SiteRevision.objects.number()
    team.post("/admin/organizers/partner/add/", partner(department="90"))
    forge = Partner.objects.get()
    assert (forge.name, forge.department_id, forge.region) == ("Forge", "90", None)
    assert SiteRevision.objects.number() == before + 1

    team.post(f"/admin/organizers/partner/{forge.pk}/change/", partner(name="Fonderie", department="90"))
    assert Partner.objects.get().name == "Fonderie"
    assert SiteRevision.objects.number() == before + 2

    team.post(f"/admin/organizers/partner/{forge.pk}/delete/", {"post": "yes"})
    assert (Partner.objects.count(), SiteRevision.objects.number()) == (0, before + 3)


def test_several_partners_are_deleted_at_once(team):
    rows = [Partner.objects.create(name=name, region=factories.region()) for name in ("Forge", "Fonderie")]
    before = SiteRevision.objects.number()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    team.post("/admin/organizers/partner/", chosen)
    assert (Partner.objects.count(), SiteRevision.objects.number()) == (0, before + 1)


def test_partner_of_two_territories_is_refused_in_french(team):
    factories.department()
    before = SiteRevision.objects.number()
    answer = team.post("/admin/organizers/partner/add/", partner(region="27", department="90"))
    message = "Choisissez une région ou un département, pas les deux."
    assert answer.context["errors"] == [[message]]
    assert (Partner.objects.count(), SiteRevision.objects.number()) == (0, before)


def test_partners_are_the_national_teams(client):
    sign_in(client, factories.referent())
    assert client.get("/admin/organizers/partner/").status_code == 403


def test_contact_of_an_office_is_public_at_once(team):
    office = factories.office()
    before = SiteRevision.objects.number()
    values = {"kind": office.kind, "department": "90", "name": "DDETS", "contact_email": "ddets@example.org"}
    team.post(f"/admin/organizers/office/{office.pk}/change/", values | INLINE)
    assert SiteRevision.objects.number() == before + 1
    assert "ddets@example.org" in team.get("/referents/").content.decode()


def test_partners_of_a_departement_come_before_those_of_its_region():
    region = Partner.objects.create(name="Région", region=factories.region(), position=1)
    second = Partner.objects.create(name="Second", department=factories.department(), position=3)
    first = Partner.objects.create(name="Premier", department=factories.department(), position=2)
    Partner.objects.create(name="Ailleurs", department=factories.department("59"))
    Partner.objects.create(name="Outre-mer", department=factories.department("987"))
    assert list(Partner.objects.of_department(factories.department())) == [first, second, region]
    assert list(Partner.objects.of_region(factories.region())) == [region]
    assert [str(each) for each in Partner.objects.of_department(factories.department("987"))] == ["Outre-mer"]
