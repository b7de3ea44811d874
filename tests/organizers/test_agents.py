"""Agents of the State's offices: how they come, leave and come back, and what the log of access says of it."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
import time_machine
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from events import workflow
from organizers import agents, erasure
from organizers.enums import LogKind, OfficeKind
from organizers.membership import MembershipError
from organizers.models import LogLine, OfficeInvitation, OfficeMembership, User
from semaine import retention
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW
from tests.organizers.test_accounts import digits_of
from tests.sessions import digits, sign_in, with_factor

pytestmark = pytest.mark.django_db

# What a browser answers for a key that is nobody's.
KEY = {
    "id": "AQ", "rawId": "AQ", "type": "public-key", "clientExtensionResults": {},
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}  # fmt: skip
ADDRESS, PASSWORD = "camille@example.org", "motdepasse-1234"
DAY = timedelta(days=1)
NOT_NATIONAL = "Seule l’équipe nationale peut faire cela."


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def team():
    return factories.national()


@pytest.fixture
def office():
    return factories.office()


@pytest.fixture
def camille():
    return factories.verified(factories.user(ADDRESS))


def invite(office, team, email=ADDRESS, at=NOW):
    return agents.invite(office, email, by=team, at=at)


def refused(call, *args, **kwargs):
    with pytest.raises(MembershipError) as caught:
        call(*args, **kwargs)
    return plain(caught.value.message)


def log(*kinds):
    """What the log says, of these kinds or of all: what, by whom, of whom, for which office."""
    lines = LogLine.objects.filter(kind__in=kinds) if kinds else LogLine.objects.all()
    return [
        (each.kind, each.by, each.person, each.office)
        for each in lines.select_related("by", "person", "office")
    ]


def link_of(message) -> str:
    return re.search(r"(/espace/invitation-agent/\S+)", message.text)[1]


# Invitations.


def test_invitation_is_mailed_and_logged_without_its_address(office, team):
    invitation = invite(office, team, " Camille@Example.org ")
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, mail.subject) == (ADDRESS, "Examinez les événements de la Semaine de l’industrie")
    assert "au nom de « Référent – 90 »" in plain(mail.text)
    assert "jusqu’au mercredi 8 octobre 2025" in plain(mail.text)
    assert link_of(mail) in mail.html
    assert invitation.token_hash not in mail.text
    assert log() == [(LogKind.INVITED, team, None, office)]
    assert LogLine.objects.get().detail == ""


def test_invited_twice_there_is_one_invitation_and_one_mail(office, team):
    assert invite(office, team) == invite(office, team, at=NOW + DAY)
    assert (OfficeInvitation.objects.count(), OutboxMessage.objects.count()) == (1, 1)
    again = invite(office, team, at=NOW + 8 * DAY)
    assert (list(OfficeInvitation.objects.all()), OutboxMessage.objects.count()) == ([again], 2)


def test_only_the_nation_invites(office, camille):
    for person in (factories.referent(), factories.referent(OfficeKind.REGIONAL, "27"), camille):
        assert refused(invite, office, person) == NOT_NATIONAL
    assert OfficeInvitation.objects.count() == 0


def test_agent_is_not_invited_to_their_own_office(office, team):
    agent = factories.referent()
    assert (
        refused(invite, office, team, agent.email.upper()) == "Cette personne est déjà agent de ce service."
    )


def test_person_without_an_account_becomes_an_agent_from_the_mail_to_the_queue(office, team):
    """The whole way: the mail, the account, its address, the invitation, the second factor, the queue."""
    invite(office, team)
    link = link_of(OutboxMessage.objects.get())
    client = Client()
    assert client.get(link).url.replace("%2F", "/") == f"/compte/connexion/?next={link}"
    client.post("/compte/inscription/", {"email": ADDRESS, "next": link})
    confirm = re.search(r"http://testserver(\S+)", OutboxMessage.objects.latest("pk").text)[1]
    client.post(confirm, {"password1": PASSWORD, "password2": PASSWORD})
    assert "Accepter l’invitation" in client.get(link).content.decode()
    response = client.post(link, follow=True)
    assert response.redirect_chain[-1][0] == "/compte/securite/"
    client.post("/compte/confirmer/", {"password": PASSWORD})
    secret = client.get("/compte/securite/application/").context["form"].secret
    client.post("/compte/securite/application/", {"code": digits_of(secret)})
    assert client.get("/compte/securite/codes/").context["onward"] == "/admin/"
    assert client.get("/admin/events/event/").status_code == 200
    person = User.objects.get(email=ADDRESS)
    assert (person.is_staff, list(person.offices.all())) == (True, [office])
    # Once only, and of no use to somebody else.
    assert client.get(link).url == "/admin/"
    other = sign_in(Client(), factories.verified(factories.user()))
    page = other.post(link)
    assert plain(page.context["why_not"]) == "Cette invitation n’est plus valable. Demandez-en une nouvelle."


def test_invitation_is_of_use_to_its_verified_address_alone(office, team, camille):
    invitation = invite(office, team)
    stranger = factories.verified(factories.user())
    claims = factories.user("Camille2@example.org")
    User.objects.filter(pk=claims.pk).update(name="Camille")
    for person in (stranger, claims):
        assert refused(agents.accept, invitation, by=person, at=NOW) == (
            "Cette invitation a été envoyée à une autre adresse que celle de votre compte."
        )
    assert agents.accept(invitation, by=camille, at=NOW) == office
    assert agents.accept(invitation, by=camille, at=NOW) == office
    assert log(LogKind.AGENT_ADDED, LogKind.STAFF_GIVEN) == [
        (LogKind.AGENT_ADDED, camille, camille, office),
        (LogKind.STAFF_GIVEN, camille, camille, None),
    ]


def test_invitation_serves_seven_days(office, team, camille):
    invitation = invite(office, team)
    late = refused(agents.accept, invitation, by=camille, at=NOW + 7 * DAY)
    assert late == "Cette invitation n’est plus valable. Demandez-en une nouvelle."
    agents.accept(invitation, by=camille, at=NOW + 7 * DAY - timedelta(seconds=1))
    assert camille.offices.get() == office


def test_withdrawn_invitation_opens_nothing(client, office, team, camille):
    invitation = invite(office, team)
    link = link_of(OutboxMessage.objects.get())
    assert refused(agents.withdraw_invitation, invitation, by=camille, at=NOW) == NOT_NATIONAL
    agents.withdraw_invitation(invitation, by=team, at=NOW)
    client.force_login(camille)
    assert client.post(link).status_code == 404
    assert refused(agents.accept, invitation, by=camille, at=NOW) == "Cette invitation a été retirée."
    assert log(LogKind.INVITATION_WITHDRAWN) == [(LogKind.INVITATION_WITHDRAWN, team, None, office)]


def test_old_invitations_are_forgotten(office, team):
    invite(office, team)
    retention.erase_expired(NOW + 37 * DAY - timedelta(seconds=1))
    assert OfficeInvitation.objects.count() == 1
    retention.erase_expired(NOW + 37 * DAY)
    assert OfficeInvitation.objects.count() == 0


def test_agent_who_comes_back_is_an_agent_again(office, team):
    agent = factories.referent(is_active=False)
    invitation = invite(office, team, agent.email)
    factories.verified(agent)
    agents.accept(invitation, by=agent, at=NOW)
    assert OfficeMembership.objects.get(user=agent).is_active
    assert log(LogKind.AGENT_BACK, LogKind.AGENT_ADDED) == [(LogKind.AGENT_BACK, agent, agent, office)]


# Who leaves.


def test_agent_who_leaves_stays_the_author_of_their_decisions(team, office):
    agent = factories.referent()
    event = factories.labelled(by=agent)
    member = agent.office_memberships.get()
    member.is_active = False
    agents.change_member(member, by=team, at=NOW)
    assert event.decisions.last().by == agent
    assert log() == [(LogKind.AGENT_SUSPENDED, team, agent, office)]
    assert sign_in(Client(), agent).get("/admin/", follow=True).status_code == 403
    with pytest.raises(workflow.WorkflowError):
        workflow.withdraw(event, by=User.objects.get(pk=agent.pk), at=NOW, comment="Payant.")


def test_account_that_is_erased_leaves_the_log_without_a_name(office):
    agent = factories.verified(factories.referent())
    sign_in(Client(), agent)
    erasure.erase(agent, at=NOW)
    assert log() == [(LogKind.AGENT_SUSPENDED, agent, agent, office)]
    assert str(LogLine.objects.get().person) == "Compte supprimé"


# What the log says of sign-ins.


def test_sign_in_of_an_agent_is_logged_failed_or_not():
    agent = factories.verified(factories.referent())
    with_factor(agent)
    client = Client()
    client.post("/compte/connexion/", {"login": agent.email, "password": "faux"})
    client.post("/compte/connexion/", {"login": agent.email, "password": PASSWORD})
    client.post("/compte/connexion/verification/", {"code": "000000"})
    client.post("/compte/connexion/verification/", {"code": digits()})
    assert log() == [
        (LogKind.SIGN_IN_FAILED, None, agent, None),
        (LogKind.FACTOR_FAILED, None, agent, None),
        (LogKind.FACTOR_USED, agent, agent, None),
        (LogKind.SIGNED_IN, agent, agent, None),
    ]
    assert [each.detail for each in LogLine.objects.all()] == ["", "application", "application", ""]


def test_code_or_key_that_an_agent_is_refused_is_logged(clock):
    agent = factories.verified(factories.referent())
    asks = Client()
    asks.post("/compte/connexion/code/", {"email": agent.email})
    asks.post("/compte/connexion/code/saisie/", {"code": "FAUX"})
    Client().post("/compte/connexion/cle/", {"credential": key_of(agent)})
    again = sign_in(Client(), agent, factor=Authenticator.Type.WEBAUTHN)
    clock.move_to(NOW + DAY)
    again.post("/compte/confirmer/cle/", {"credential": key_of(agent)})
    lines = LogLine.objects.order_by("pk").values_list("kind", "by", "person", "detail")
    assert list(lines) == [
        (LogKind.SIGN_IN_FAILED, None, agent.pk, "code par courriel"),
        (LogKind.SIGN_IN_FAILED, None, agent.pk, "clé d’accès"),
        (LogKind.FACTOR_FAILED, None, agent.pk, "clé d’accès"),
    ]


def key_of(person=None) -> str:
    """What a browser answers for a key that says it is this person's."""
    handle = urlsafe_b64encode(user_pk_to_url_str(person).encode()).decode().rstrip("=") if person else "AA"
    return json.dumps(KEY | {"response": KEY["response"] | {"userHandle": handle}})


def test_key_that_names_nobody_or_an_organizer_is_not_logged():
    for person in (None, factories.verified(factories.user())):
        assert Client().post("/compte/connexion/cle/", {"credential": key_of(person)}).status_code == 302
    assert log() == []


def test_comings_and_goings_of_organizers_are_not_kept():
    person = factories.verified(factories.user())
    for password in ("faux", PASSWORD):
        Client().post("/compte/connexion/", {"login": person.email, "password": password})
    Client().post("/compte/connexion/", {"login": "inconnu@example.org", "password": "faux"})
    assert log() == []


def test_second_factor_set_up_and_removed_is_logged(django_capture_on_commit_callbacks):
    agent = factories.verified(factories.referent())
    client = Client()
    client.force_login(agent)
    client.post("/compte/confirmer/", {"password": PASSWORD})
    secret = client.get("/compte/securite/application/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/compte/securite/application/", {"code": digits_of(secret)})
    client.post("/compte/securite/application/retirer/")
    assert [(each.kind, each.detail) for each in LogLine.objects.all()] == [
        (LogKind.FACTOR_USED, "application"),
        (LogKind.FACTOR_ADDED, "application"),
        (LogKind.FACTOR_ADDED, "codes de secours"),
        (LogKind.FACTOR_REMOVED, "application"),
        (LogKind.FACTOR_REMOVED, "codes de secours"),
    ]


def test_lost_factors_are_taken_away_told_and_logged(team):
    agent = factories.referent()
    with_factor(agent)
    agents.forget_factors(agent, by=team, at=NOW)
    agents.forget_factors(agent, by=team, at=NOW)
    assert Authenticator.objects.count() == 0
    assert log() == [(LogKind.FACTOR_REMOVED, team, agent, None)]
    assert [each.recipient for each in OutboxMessage.objects.all()] == [agent.email]


# The first agent of all.


def test_first_agent_of_the_nation_is_appointed_from_the_server(camille, capsys):
    office = factories.office(OfficeKind.NATIONAL, "France")
    call_command("appoint", ADDRESS.upper())
    assert capsys.readouterr().out == "camille@example.org est agent du service « Référent – France ».\n"
    camille.refresh_from_db()
    assert (camille.is_staff, camille.offices.get()) == (True, office)
    assert log(LogKind.AGENT_ADDED) == [(LogKind.AGENT_ADDED, camille, camille, office)]
