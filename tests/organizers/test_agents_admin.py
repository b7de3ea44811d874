"""What the admin lets agents change: their own office's contact and absence; the national team, what is theirs."""

import pytest
import time_machine
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import BadRequest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from events.models import Event
from organizers.enums import LogKind, OfficeKind
from organizers.models import LogLine, Office, OfficeInvitation, OfficeMembership, User
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

OFFICES, MEMBERS = "/admin/organizers/office/", "/admin/organizers/officemembership/"
USERS, INVITATIONS = "/admin/organizers/user/", "/admin/organizers/officeinvitation/"


@pytest.fixture(autouse=True)
def _clock(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agent():
    return factories.referent()


@pytest.fixture
def team(client):
    return sign_in(client, factories.national())


def own_member(person) -> OfficeMembership:
    return person.office_memberships.get()


def change(client, path, row, **data):
    return client.post(f"{path}{row.pk}/change/", data)


def logged() -> list:
    return [(each.kind, each.person) for each in LogLine.objects.select_related("person")]


def choices(client, member) -> list:
    form = client.get(f"{MEMBERS}{member.pk}/change/").context["adminform"].form
    return list(form.fields["deputy"].queryset)


# The office.


def test_agent_changes_the_public_contact_of_their_office_and_nothing_else(client, agent):
    office = agent.offices.get()
    sign_in(client, agent)
    before = SiteRevision.objects.number()
    forged = {"name": "Moi", "kind": "national", "department": "59", "region": "32"}
    change(client, OFFICES, office, contact_email="ddets@example.org", contact_phone="0102030405", **forged)
    office.refresh_from_db()
    assert (office.contact_email, office.contact_phone) == ("ddets@example.org", "0102030405")
    assert (office.name, office.kind, office.department_id) == ("Référent – 90", "departmental", "90")
    assert SiteRevision.objects.number() == before + 1


def test_agent_sees_their_own_office_alone(client, agent):
    others = [factories.office(territory="59"), factories.office(OfficeKind.REGIONAL, "27")]
    sign_in(client, agent)
    assert list(client.get(OFFICES).context["cl"].result_list) == [agent.offices.get()]
    assert list(client.get(f"{OFFICES}?q=R").context["cl"].result_list) == [agent.offices.get()]
    for other in others:
        assert change(client, OFFICES, other, contact_email="moi@example.org").status_code == 404
        assert client.get(f"{OFFICES}{other.pk}/history/").status_code == 404
    assert not Office.objects.exclude(contact_email="").exists()


def test_national_team_names_every_office(team, agent):
    office = agent.offices.get()
    change(team, OFFICES, office, name="DDETS du Territoire de Belfort", contact_email="")
    office.refresh_from_db()
    assert office.name == "DDETS du Territoire de Belfort"


# Absence and deputy.


def test_agent_says_their_absence_and_who_stands_in(client, agent):
    colleague = factories.referent()
    member = own_member(agent)
    sign_in(client, agent)
    data = {"absent_from": "2025-11-03", "absent_until": "2025-11-14", "deputy": colleague.pk}
    change(client, MEMBERS, member, **data, is_active="", user=colleague.pk)
    member.refresh_from_db()
    assert (f"{member.absent_from}", f"{member.absent_until}", member.deputy) == (
        "2025-11-03",
        "2025-11-14",
        colleague,
    )
    assert (member.is_active, member.user) == (True, agent)


def test_absence_that_ends_before_it_begins_is_refused_in_french(client, agent):
    sign_in(client, agent)
    data = {"absent_from": "2025-11-14", "absent_until": "2025-11-03"}
    response = change(client, MEMBERS, own_member(agent), **data)
    assert plain(response.context["errors"]) == [["La fin de l’absence doit suivre son début."]]
    assert own_member(agent).absent_from is None


def test_deputy_is_at_work_in_the_same_office_or_in_the_one_above(client, agent):
    colleague, above = factories.referent(), factories.referent(OfficeKind.REGIONAL, "27")
    factories.referent(is_active=False)
    closed = factories.referent()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    elsewhere = factories.referent(territory="59")
    nation = factories.national()
    sign_in(client, agent)
    assert set(choices(client, own_member(agent))) == {colleague, above}
    response = change(client, MEMBERS, own_member(agent), deputy=elsewhere.pk)
    assert response.context["errors"] == [["Suppléant : choisissez une personne de la liste."]]
    assert choices(sign_in(Client(), above), own_member(above)) == [nation]


def test_deputy_of_a_place_without_a_region_is_the_nations(client):
    agent = factories.referent(territory="987")
    assert choices(sign_in(client, agent), own_member(agent)) == []
    nation = factories.national()
    assert choices(client, own_member(agent)) == [nation]


def test_agent_sees_their_own_absence_alone(client, agent):
    colleague = factories.referent()
    sign_in(client, agent)
    assert list(client.get(MEMBERS).context["cl"].result_list) == [own_member(agent)]
    assert change(client, MEMBERS, own_member(colleague), absent_from="2025-11-03").status_code == 404


# The national team.


def test_national_team_puts_an_agent_in_retreat_and_back(team, agent):
    member = own_member(agent)
    change(team, MEMBERS, member)
    assert not own_member(agent).is_active
    change(team, MEMBERS, member, is_active="on")
    assert own_member(agent).is_active
    assert logged() == [(LogKind.AGENT_SUSPENDED, agent), (LogKind.AGENT_BACK, agent)]


def test_nobody_of_the_team_closes_the_door_on_themselves(team):
    person = factories.national()
    change(team, MEMBERS, own_member(person))
    change(team, USERS, person, name="Camille")
    person.refresh_from_db()
    assert (own_member(person).is_active, person.is_staff, person.is_active) == (True, True, True)
    assert person.name == "Camille"


def test_account_is_closed_loses_the_admin_and_its_factors(team, agent):
    sign_in(Client(), agent)
    change(team, USERS, agent, name="Dominique", is_active="on", forget_factors="on")
    agent.refresh_from_db()
    assert (agent.is_staff, agent.is_active, agent.authenticator_set.count()) == (False, True, 0)
    change(team, USERS, agent, name="Dominique", is_staff="on")
    assert logged() == [
        (LogKind.STAFF_TAKEN, agent),
        (LogKind.FACTOR_REMOVED, agent),
        (LogKind.STAFF_GIVEN, agent),
        (LogKind.ACCOUNT_CLOSED, agent),
    ]


def test_names_of_people_stay_out_of_the_log_that_django_keeps(team, agent):
    change(team, USERS, agent, name="Dominique", is_active="on", is_staff="on")
    change(team, MEMBERS, own_member(agent), is_active="on")
    team.post(f"{INVITATIONS}add/", {"email": "camille@example.org", "office": factories.office().pk})
    assert LogEntry.objects.count() == 0


def test_national_team_invites_and_withdraws(team):
    office = factories.office()
    assert (
        team.post(f"{INVITATIONS}add/", {"email": "Camille@example.org", "office": office.pk}).url
        == INVITATIONS
    )
    invitation = OfficeInvitation.objects.get()
    assert (invitation.email, invitation.office) == ("camille@example.org", office)
    assert OutboxMessage.objects.get().recipient == "camille@example.org"
    team.post(f"{INVITATIONS}{invitation.pk}/delete/", {"post": "yes"})
    assert OfficeInvitation.objects.count() == 0
    assert logged() == [(LogKind.INVITED, None), (LogKind.INVITATION_WITHDRAWN, None)]


def test_invited_twice_is_one_invitation(team):
    data = {"email": "camille@example.org", "office": factories.office().pk}
    for _ in range(2):
        assert team.post(f"{INVITATIONS}add/", data).status_code == 302
    assert (OfficeInvitation.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_wrong_invitation_is_explained_and_kept(team, agent):
    office = agent.offices.get()
    wrong = {
        "": "Écrivez l’adresse de la personne, comme prenom.nom@exemple.fr.",
        "camille": "« camille » n’est pas une adresse électronique : écrivez-la comme prenom.nom@exemple.fr.",
        agent.email: "Cette personne est déjà agent de ce service.",
    }
    for email, sentence in wrong.items():
        response = team.post(f"{INVITATIONS}add/", {"email": email, "office": office.pk})
        assert [plain(each) for each in response.context["errors"]] == [[sentence]]
        assert f'value="{email}"' in response.content.decode() or not email
    assert OfficeInvitation.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_the_team_cost_the_same_queries(team, rows):
    for number in range(rows):
        agent = factories.referent(deputy=factories.user())
        team.post(f"{INVITATIONS}add/", {"email": f"a{number}@example.org", "office": agent.offices.get().pk})
    costs = {}
    for path in (OFFICES, MEMBERS, USERS, INVITATIONS):
        with CaptureQueriesContext(connection) as queries:
            team.get(path)
        costs[path] = len(queries)
    assert costs == {OFFICES: 7, MEMBERS: 6, USERS: 6, INVITATIONS: 6}


# Lists asked for what they cannot look for.


@pytest.mark.parametrize("asked", ["region=a%00b", "q=a%00b", "%00=a", "nulle-part=1&e=1"])
def test_list_asked_for_what_it_cannot_look_for_says_that_it_did_not_understand(team, asked):
    page = team.get(f"/admin/events/organizermessage/?{asked}")
    told = "<h1>Le site n’a pas compris cette demande</h1>"
    assert (page.status_code, told in page.content.decode()) == (400, True)


# The queue has a search of its own, which says how long its words may be.
SEARCHED = [each for each, ours in admin.site._registry.items() if ours.search_fields and each is not Event]


@pytest.mark.parametrize("model", SEARCHED)
def test_list_looks_for_no_thousands_of_words(model):
    """Four thousand words took seven seconds."""
    asked = RequestFactory().get("/")
    words = "mot " * 50
    found, _ = admin.site._registry[model].get_search_results(asked, model.objects.all(), words)
    assert list(found) == []
    with pytest.raises(BadRequest):
        admin.site._registry[model].get_search_results(asked, model.objects.all(), f"{words}e")
