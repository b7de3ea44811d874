"""What a person takes away and what stays when an account is deleted."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client

from events import workflow
from events.models import Decision, Event, EventImport
from events.permissions import may_delete_account
from organizers import membership
from organizers.enums import MembershipRole
from organizers.erasure import StillNeeded, erase
from organizers.models import Invitation, Membership, OfficeMembership, Organization, User
from semaine import outbox
from semaine.models import OutboxMessage
from tests import factories
from tests.events.imports import files
from tests.events.test_bad_input import plain
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DELETE, DATA = "/compte/supprimer/", "/compte/mes-donnees.json"
PASSWORD = "motdepasse-1234"


@pytest.fixture(autouse=True)
def _at_noon(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camille():
    person = factories.user("camille@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def join(person, organization, role=MembershipRole.OWNER):
    return Membership.objects.create(user=person, organization=organization, role=role)


def confirmed(person) -> Client:
    client = Client()
    client.force_login(person)
    client.post("/compte/confirmer/", {"password": PASSWORD})
    return client


def refusal(name):
    return f"Vous êtes seul responsable de « {name} » : nommez d’abord un autre responsable."


# Deleting.


def test_deleted_account_says_nothing_of_the_person_any_more(camille):
    home = factories.organization(camille, name="Fonderie Martin")
    join(factories.user(), home)
    event = factories.submitted(camille)
    SocialAccount.objects.create(user=camille, provider="proconnect", uid="s-1")
    outbox.enqueue(camille.email, "Bonjour", "…", dedupe_key="x", at=NOW)
    client, elsewhere = confirmed(camille), confirmed(camille)
    # From now on a password alone would confirm nothing.
    TOTP.activate(camille, generate_totp_secret())

    response = client.post(DELETE, follow=True)
    assert plain([str(each) for each in response.context["messages"]])[-1] == "Votre compte est supprimé."
    gone = User.objects.get(pk=camille.pk)
    assert (gone.email, str(gone), gone.phone) == (
        f"compte-supprime-{gone.pk}@supprime.invalid",
        "Compte supprimé",
        "",
    )
    assert (gone.is_active, gone.is_staff, gone.has_usable_password()) == (False, False, False)
    for rows in (EmailAddress, Authenticator, SocialAccount):
        assert (rows.__name__, rows.objects.filter(user=gone).count()) == (rows.__name__, 0)
    assert not Membership.objects.filter(user=gone).exists()
    assert not OutboxMessage.objects.filter(recipient="camille@example.org").exists()
    assert elsewhere.get("/compte/").url == "/compte/connexion/?next=/compte/"
    event.refresh_from_db()
    assert (event.organization, event.created_by) == (home, gone)
    assert [each.by for each in Decision.objects.all()] == [gone]


def test_sessions_of_the_deleted_account_go_and_others_stay(camille):
    other = factories.user()
    confirmed(camille), confirmed(other)
    erase(camille, at=NOW)
    assert [each.get_decoded()["_auth_user_id"] for each in Session.objects.all()] == [str(other.pk)]


def test_session_that_has_ended_is_left_to_its_own_end(camille):
    confirmed(camille)
    Session.objects.update(expire_date=NOW - timedelta(days=1))
    erase(camille, at=NOW)
    assert Session.objects.count() == 1


def test_address_of_a_deleted_account_serves_again(camille):
    erase(camille, at=NOW)
    Client().post("/compte/inscription/", {"email": "camille@example.org"})
    assert User.objects.filter(email="camille@example.org").count() == 1


def test_organization_with_nobody_else_and_nothing_goes_too(camille):
    factories.organization(camille)
    erase(camille, at=NOW)
    assert not Organization.objects.exists()


def test_editor_leaves_the_organization_to_its_owner(camille):
    home = factories.organization(factories.user())
    join(camille, home, MembershipRole.EDITOR)
    erase(camille, at=NOW)
    assert [each.role for each in home.memberships.all()] == ["owner"]


def test_agent_leaves_the_office_and_the_deputies_place(camille):
    agent = factories.referent(deputy=camille, absent_from=NOW.date(), absent_until=NOW.date())
    OfficeMembership.objects.create(user=camille, office=factories.office())
    erase(camille, at=NOW)
    assert [(each.user, each.deputy) for each in OfficeMembership.objects.all()] == [(agent, None)]


@pytest.mark.parametrize(
    ("others", "events", "allowed"),
    [
        ([], 0, True),
        ([], 1, False),
        ([MembershipRole.EDITOR], 0, False),
        ([MembershipRole.OWNER], 1, True),
        ([MembershipRole.OWNER, MembershipRole.EDITOR], 0, True),
    ],
)
def test_last_owner_hands_over_before_going(camille, others, events, allowed):
    home = factories.organization(camille, name="Fonderie Martin")
    for role in others:
        join(factories.user(), home, role)
    for _ in range(events):
        factories.draft(camille)
    answer = may_delete_account(camille)
    assert (answer.allowed, plain([answer.reason])) == (
        allowed,
        [""] if allowed else [refusal("Fonderie Martin")],
    )
    if not allowed:
        with pytest.raises(StillNeeded):
            erase(camille, at=NOW)


def test_editor_of_an_event_without_owner_may_go(camille):
    home = factories.organization()
    join(camille, home, MembershipRole.EDITOR)
    factories.draft(camille)
    assert may_delete_account(camille).allowed


def test_refusal_is_said_on_the_page_and_nothing_changes(camille):
    factories.organization(camille, name="Fonderie Martin")
    factories.draft(camille)
    client = confirmed(camille)
    for response in (client.get(DELETE), client.post(DELETE)):
        assert refusal("Fonderie Martin") in plain([response.content.decode()])[0]
        assert '<button class="button danger"' not in response.content.decode()
    assert response.status_code == 409
    camille.refresh_from_db()
    assert (camille.is_active, camille.email) == (True, "camille@example.org")


def test_page_tells_before_it_deletes(camille):
    page = confirmed(camille).get(DELETE)
    assert (page.status_code, page["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    camille.refresh_from_db()
    assert camille.is_active


def test_deleting_asks_for_the_password_again(client, camille):
    client.force_login(camille)
    assert client.post(DELETE).url == "/compte/confirmer/?next=%2Fcompte%2Fsupprimer%2F"
    camille.refresh_from_db()
    assert camille.is_active


def test_owners_read_the_decision_when_the_author_is_gone(camille):
    home = factories.organization(camille)
    owner, editor = factories.user(), factories.user()
    join(owner, home)
    join(editor, home, MembershipRole.EDITOR)
    event = factories.submitted(camille)
    erase(camille, at=NOW)
    event.refresh_from_db()
    workflow.request_changes(event, by=factories.national(), at=NOW, comment="Précisez.")
    assert [each.recipient for each in OutboxMessage.objects.all()] == [owner.email]


def test_owners_read_the_decision_when_the_author_left_the_organization(camille):
    home = factories.organization(camille)
    owner = factories.user()
    join(owner, home)
    event = factories.submitted(camille)
    Membership.objects.filter(user=camille).delete()
    OutboxMessage.objects.all().delete()
    workflow.request_changes(event, by=factories.national(), at=NOW, comment="Précisez.")
    assert [each.recipient for each in OutboxMessage.objects.all()] == [owner.email]


def contact_of(event):
    event.refresh_from_db()
    return event.contact_name, event.contact_email, event.contact_phone


def test_events_forget_the_contact_that_goes(camille):
    home = factories.organization(camille)
    owner = factories.user("responsable@example.org")
    join(owner, home)
    mine = {"contact_name": "Camille", "contact_email": "Camille@example.org", "contact_phone": "0102030405"}
    draft, labelled = factories.draft(camille, **mine), factories.labelled(camille, **mine)
    submitted = factories.submitted(camille, **mine)
    others = factories.submitted(camille, **mine | {"contact_email": "accueil@example.org"})
    version = submitted.version
    confirmed(camille).post(DELETE)
    assert contact_of(draft) == contact_of(labelled) == ("", "", "")
    assert contact_of(submitted) == (owner.name, owner.email, "")
    assert contact_of(others) == ("Camille", "accueil@example.org", "0102030405")
    assert submitted.version == version


def test_contact_of_events_without_an_owner_is_only_forgotten(camille):
    home = factories.organization()
    membership = join(camille, home)
    event = factories.submitted(camille, contact_email=camille.email)
    membership.delete()
    confirmed(camille).post(DELETE)
    assert contact_of(event) == ("", "", "")


def test_invitations_of_the_address_go_with_it_those_taken_back_too(camille):
    owner = factories.user()
    homes = [factories.organization(owner, slug=slug) for slug in ("forge", "lion")]
    first, _ = [membership.invite(home, camille.email, "editor", by=owner, at=NOW) for home in homes]
    membership.withdraw_invitation(first, by=owner, at=NOW)
    erase(camille, at=NOW)
    assert Invitation.objects.count() == 0


def test_refused_erasure_leaves_the_contact(camille):
    factories.organization(camille)
    event = factories.draft(camille, contact_email=camille.email)
    assert confirmed(camille).post(DELETE).status_code == 409
    assert contact_of(event)[1] == camille.email


# Taking one's data away.


def data_of(person) -> dict:
    client = Client()
    client.force_login(person)
    response = client.get(DATA)
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    return json.loads(response.content)


def test_data_say_all_that_is_known(camille):
    home = factories.organization(camille, name="Fonderie Martin", siret="55208131766522")
    own = {"contact_name": "Camille", "contact_email": "CAMILLE@example.org", "contact_phone": "0102030405"}
    event = factories.submitted(camille, title="Visite à moi", **own)
    owner = factories.user()
    other = factories.organization(owner, name="Forge Durand", slug="durand")
    membership.request_to_join(other, by=camille, at=NOW, message="Bonjour")
    membership.invite(other, camille.email, MembershipRole.EDITOR, by=owner, at=NOW)
    files.received(camille, b"Titre", event.edition, at=NOW, organization=home)
    EventImport.objects.update(file_name="mes-evenements.csv")
    outbox.enqueue(camille.email, "Bonjour", "Un mot.", dedupe_key="x", at=NOW)
    found = data_of(camille)
    assert found["compte"]["adresses"] == [
        {"adresse": "camille@example.org", "confirmee": True, "principale": True}
    ]
    assert found["compte"]["nom"] == camille.name
    assert found["organisations"] == [
        {"organisation": home.name, "siret": "55208131766522", "role": "Responsable"}
    ]
    assert [(each["titre"], each["statut"], each["edition"]) for each in found["evenements_crees"]] == [
        ("Visite à moi", event.get_status_display(), 2025)
    ]
    assert [(each["evenement"], each["decision"]) for each in found["decisions"]] == [
        ("Visite à moi", "Envoi")
    ]
    assert found["contact_d_evenements"] == [
        {
            "titre": "Visite à moi",
            "edition": 2025,
            "nom": "Camille",
            "courriel": "CAMILLE@example.org",
            "telephone": "0102030405",
        }
    ]
    at = "2025-10-01T08:00:00Z"
    assert found["imports"] == [{"fichier": "mes-evenements.csv", "organisation": home.name, "recu_le": at}]
    assert found["demandes_pour_rejoindre"] == [
        {
            "organisation": "Forge Durand",
            "message": "Bonjour",
            "etat": "En attente",
            "envoyee_le": at,
            "repondue_le": None,
        }
    ]
    assert found["invitations_recues"] == [
        {
            "organisation": "Forge Durand",
            "adresse": "camille@example.org",
            "role": "Rédacteur",
            "envoyee_le": at,
            "acceptee_le": None,
            "retiree_le": None,
        }
    ]
    assert ("Bonjour", "Un mot.") in [(each["objet"], each["texte"]) for each in found["courriels"]]


def test_data_hold_nothing_of_anybody_else(camille):
    home = factories.organization(camille)
    other = factories.user("autre@secret.example", phone="0102030405")
    join(other, home)
    event = factories.submitted(other, title="Visite secrète", contact_email="c@secret.example")
    workflow.refuse(event, by=factories.national(), at=NOW, rule="free", comment="Un secret.")
    factories.draft(camille, contact_name="Contact secret", contact_email="d@secret.example")
    outbox.enqueue(other.email, "Secret", "secret", dedupe_key="x", at=NOW)
    text = json.dumps(data_of(camille), ensure_ascii=False).lower()
    assert "secr" not in text
    assert other.name.lower() not in text


def test_data_give_no_code_that_signs_in(camille):
    Client().post("/compte/mot-de-passe/", {"email": camille.email})
    TOTP.activate(camille, secret := generate_totp_secret())
    found = data_of(camille)
    assert [(each["objet"], each["texte"]) for each in found["courriels"]] == [
        ("Choisissez un nouveau mot de passe", "")
    ]
    assert [each["type"] for each in found["compte"]["seconds_facteurs"]] == ["totp"]
    assert secret not in json.dumps(found)


@pytest.mark.parametrize("number", [1, 3])
def test_data_take_the_same_number_of_queries(client, camille, django_assert_num_queries, number):
    factories.organization(camille)
    for _ in range(number):
        factories.submitted(camille)
    assert Event.objects.count() == number
    client.force_login(camille)
    with django_assert_num_queries(31):
        client.get(DATA)
