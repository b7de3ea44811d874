"""Who is in an organization: each verb, what it writes and whom it mails."""

import re
from datetime import timedelta

import pytest
from django.utils.module_loading import import_string

from organizers import membership
from organizers.enums import JoinState, MembershipRole
from organizers.membership import MembershipError
from organizers.models import Invitation, JoinRequest, Membership
from semaine import retention
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_bad_input import SCRIPT, ActiveContent, plain
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OWNER, EDITOR = MembershipRole.OWNER, MembershipRole.EDITOR
LAST = "C’est le dernier responsable : nommez d’abord un autre responsable."
NOT_OWNER = "Seuls les responsables de l’organisation peuvent faire cela."
DAY = timedelta(days=1)


@pytest.fixture
def owner():
    person = factories.verified(factories.user())
    factories.organization(person, name="Fonderie du Lion", slug="lion")
    return person


@pytest.fixture
def home(owner):
    return owner.organizations.get()


def invite(home, email="camille@example.org", role=EDITOR, **fields):
    return membership.invite(home, email, role, **{"by": home.members.first(), "at": NOW} | fields)


def ask(home, person, message="", at=NOW):
    return membership.request_to_join(home, by=person, at=at, message=message)


def roles(home):
    return {each.user: each.role for each in home.memberships.select_related("user")}


def mails():
    """(recipient, subject) of each mail, in the order in which they were written."""
    return [(each.recipient, plain(each.subject)) for each in OutboxMessage.objects.order_by("pk")]


def refused(call, *args, **kwargs):
    with pytest.raises(MembershipError) as caught:
        call(*args, **kwargs)
    return plain(caught.value.message)


# Inviting.


def test_invite_writes_a_hash_and_mails_the_token(home, owner):
    invitation = invite(home, " Camille@Example.ORG ")
    assert (invitation.email, invitation.role, invitation.invited_by) == (
        "camille@example.org",
        EDITOR,
        owner,
    )
    assert (invitation.created_at, invitation.expires_at) == (NOW, NOW + 14 * DAY)
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, plain(mail.subject)) == (
        "camille@example.org",
        "Rejoignez « Fonderie du Lion » sur le site de la Semaine de l’industrie",
    )
    token = re.search("http://testserver/espace/invitation/([^/]+)/", mail.text)[1]
    assert (len(token), membership.hashed(token)) == (43, invitation.token_hash)
    assert token in mail.html
    assert token not in str(Invitation.objects.values().get())
    assert "L’invitation vaut jusqu’au mercredi 15 octobre 2025 et sert une fois." in plain(mail.text)


def test_invite_twice_is_one_invitation_and_one_mail_with_the_last_role(home):
    first = invite(home)
    second = invite(home, "CAMILLE@example.org", OWNER, at=NOW + DAY)
    assert (second.pk, second.role, second.token_hash) == (first.pk, OWNER, first.token_hash)
    assert (Invitation.objects.get().role, OutboxMessage.objects.count()) == (OWNER, 1)


def test_invite_again_once_it_expired_sends_a_new_link(home):
    first = invite(home)
    second = invite(home, at=NOW + 14 * DAY)
    assert second.token_hash != first.token_hash
    assert (Invitation.objects.get(), OutboxMessage.objects.count()) == (second, 2)


@pytest.mark.parametrize("known", [True, False])
def test_invite_answers_the_same_whether_there_is_an_account(home, known):
    if known:
        factories.verified(factories.user("camille@example.org"))
    invitation = invite(home)
    assert (invitation.email, invitation.accepted_by, mails()) == (
        "camille@example.org",
        None,
        [("camille@example.org", "Rejoignez « Fonderie du Lion » sur le site de la Semaine de l’industrie")],
    )


def test_invite_by_an_editor_or_a_stranger_is_refused(home):
    for person in (factories.member(home), factories.user()):
        assert refused(invite, home, by=person) == NOT_OWNER
    assert Invitation.objects.count() == 0


def test_invite_stops_at_fifty_that_wait(home, owner):
    dates = {"created_at": NOW, "expires_at": NOW + 14 * DAY}
    for number in range(50):
        email = f"personne-{number}@example.net"
        home.invitations.create(email=email, role=EDITOR, token_hash=email, invited_by=owner, **dates)
    assert refused(invite, home) == ("50 invitations attendent déjà une réponse : retirez-en d’abord.")
    assert invite(home, at=NOW + 14 * DAY).email == "camille@example.org"


def test_invitation_withdrawn_is_forgotten(home, owner):
    invitation = invite(home)
    assert refused(membership.withdraw_invitation, invitation, by=factories.member(home), at=NOW) == NOT_OWNER
    membership.withdraw_invitation(invitation, by=owner, at=NOW)
    assert Invitation.objects.waiting().count() == 0
    camille = factories.verified(factories.user("camille@example.org"))
    assert refused(membership.accept, invitation, by=camille, at=NOW) == "Cette invitation a été retirée."
    retention.erase_expired(NOW + DAY)
    assert Invitation.objects.count() == 0


def test_address_is_mailed_once_a_day_however_often_it_is_invited(home, owner):
    membership.withdraw_invitation(invite(home), by=owner, at=NOW)
    assert refused(invite, home, "Camille@example.org") == (
        "camille@example.org a déjà reçu une invitation : attendez demain pour en envoyer une autre."
    )
    assert OutboxMessage.objects.count() == 1
    invite(home, at=NOW + DAY)
    assert OutboxMessage.objects.count() == 2


def test_person_sends_fifty_invitations_a_day(home, owner):
    for number in range(50):
        invitation = invite(home, f"personne-{number}@example.net")
        membership.withdraw_invitation(invitation, by=owner, at=NOW)
    other = factories.organization(owner, slug="autre")
    assert refused(invite, other, by=owner) == "Vous avez envoyé 50 invitations en un jour : attendez demain."
    assert OutboxMessage.objects.count() == 50
    assert invite(other, at=NOW + DAY, by=owner).email == "camille@example.org"


# Accepting.


def test_accept_makes_a_member_with_the_role_of_the_invitation(home, owner):
    camille = factories.verified(factories.user("camille@example.org"))
    invitation = invite(home, role=OWNER)
    assert membership.accept(invitation, by=camille, at=NOW + DAY) == home
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (camille, NOW + DAY)
    assert roles(home) == {owner: OWNER, camille: OWNER}


def test_accept_serves_once_and_a_second_time_changes_nothing(home, owner):
    camille = factories.verified(factories.user("camille@example.org"))
    invitation = invite(home)
    for at in (NOW, NOW + DAY):
        membership.accept(invitation, by=camille, at=at)
    membership.leave(home, by=camille)
    membership.accept(invitation, by=camille, at=NOW)
    invitation.refresh_from_db()
    assert (invitation.accepted_at, roles(home)) == (NOW, {owner: OWNER})


def test_accept_of_what_another_account_accepted_is_refused(home):
    camille = factories.verified(factories.user("camille@example.org"))
    invitation = invite(home)
    membership.accept(invitation, by=camille, at=NOW)
    camille.emailaddress_set.all().delete()
    other = factories.user()
    other.emailaddress_set.create(email="camille@example.org", verified=True)
    assert refused(membership.accept, invitation, by=other, at=NOW) == (
        "Cette invitation n’est plus valable. Demandez-en une nouvelle."
    )


@pytest.mark.parametrize("verified", [True, False])
def test_accept_needs_a_verified_address(home, owner, verified):
    person = factories.user("dominique@example.org")
    person.emailaddress_set.create(email="Camille@example.org", verified=verified)
    invitation = invite(home)
    if verified:
        membership.accept(invitation, by=person, at=NOW)
        assert roles(home) == {owner: OWNER, person: EDITOR}
    else:
        assert refused(membership.accept, invitation, by=person, at=NOW) == (
            "Cette invitation a été envoyée à une autre adresse que celle de votre compte."
        )
        assert roles(home) == {owner: OWNER}


def test_accept_is_refused_from_the_fifteenth_day_on(home, owner):
    camille = factories.verified(factories.user("camille@example.org"))
    invitation = invite(home)
    assert refused(membership.accept, invitation, by=camille, at=NOW + 14 * DAY) == (
        "Cette invitation n’est plus valable. Demandez-en une nouvelle."
    )
    membership.accept(invitation, by=camille, at=NOW + 14 * DAY - timedelta(seconds=1))
    assert roles(home) == {owner: OWNER, camille: EDITOR}


@pytest.mark.parametrize(("before", "invited", "after"), [(OWNER, EDITOR, OWNER), (EDITOR, OWNER, OWNER)])
def test_accept_by_a_member_takes_no_right_away(home, before, invited, after):
    camille = factories.member(home, before, email="camille@example.org")
    membership.accept(invite(home, role=invited), by=camille, at=NOW)
    assert roles(home)[camille] == after


def test_accept_answers_the_request_that_waited(home, owner):
    camille = factories.verified(factories.user("camille@example.org"))
    ask(home, camille)
    membership.accept(invite(home), by=camille, at=NOW + DAY)
    request = JoinRequest.objects.get()
    assert (request.state, request.answered_by, request.answered_at) == ("accepted", owner, NOW + DAY)


# Asking.


def test_request_mails_each_owner_a_link_and_nobody_else(home, owner):
    second = factories.member(home, OWNER)
    factories.member(home)
    closed = factories.member(home, OWNER, is_active=False)
    camille = factories.user("camille@example.org")
    request = ask(home, camille, "Je m’occupe des visites.")
    subject = "Une personne demande à rejoindre « Fonderie du Lion »"
    assert mails() == [(each.email, subject) for each in (owner, second)]
    assert closed.email not in [recipient for recipient, _ in mails()]
    for mail in OutboxMessage.objects.all():
        for body in (mail.text, mail.html):
            assert f"http://testserver/espace/organisation/lion/demandes/{request.pk}/" in body
            assert "Je m’occupe des visites." in body
            assert f"{camille.name} (camille@example.org) demande" in body


def test_request_twice_is_one_request_and_one_mail(home):
    camille = factories.user()
    first, second = (ask(home, camille, message) for message in ("Un", "Deux"))
    assert (first, second.message, OutboxMessage.objects.count()) == (second, "Un", 1)


def test_request_of_a_member_is_refused(home, owner):
    assert refused(ask, home, owner) == "Vous êtes déjà membre de « Fonderie du Lion »."


def test_request_to_nobody_is_refused(home, owner):
    owner.is_active = False
    owner.save()
    assert refused(ask, home, factories.user()) == (
        "Cette organisation n’a pas de responsable ici : écrivez à votre référent."
    )


def test_request_again_waits_a_month_after_a_refusal(home, owner):
    camille = factories.user()
    membership.refuse_request(ask(home, camille), by=owner, at=NOW)
    assert refused(ask, home, camille, at=NOW + 29 * DAY) == (
        "Votre demande a été refusée : parlez-en à un responsable de l’organisation."
    )
    assert ask(home, camille, at=NOW + 30 * DAY).state == JoinState.PENDING


def test_request_stops_at_ten_that_wait():
    camille = factories.user()
    for _ in range(10):
        ask(factories.organization(factories.user()), camille)
    assert refused(ask, factories.organization(factories.user()), camille) == (
        "10 de vos demandes attendent déjà : laissez venir les réponses."
    )


def test_accept_request_lets_in_an_editor_and_mails_them(home, owner):
    camille = factories.user("camille@example.org")
    membership.accept_request(ask(home, camille), by=owner, at=NOW + DAY)
    request = JoinRequest.objects.get()
    assert (request.state, request.answered_by, request.answered_at) == ("accepted", owner, NOW + DAY)
    assert roles(home) == {owner: OWNER, camille: EDITOR}
    assert mails()[1:] == [
        ("camille@example.org", "Votre demande pour rejoindre « Fonderie du Lion » est acceptée")
    ]


def test_refuse_request_keeps_out_and_mails_without_a_name(home, owner):
    camille = factories.user("camille@example.org")
    membership.refuse_request(ask(home, camille), by=owner, at=NOW)
    assert roles(home) == {owner: OWNER}
    assert mails()[1:] == [
        ("camille@example.org", "Votre demande pour rejoindre « Fonderie du Lion » est refusée")
    ]
    mail = OutboxMessage.objects.get(recipient="camille@example.org")
    assert [word for word in (owner.name, owner.email) if word in mail.text + mail.html] == []


@pytest.mark.parametrize("verb", [membership.accept_request, membership.refuse_request])
def test_request_is_answered_once_and_by_an_owner(home, owner, verb):
    camille, editor = factories.user(), factories.member(home)
    request = ask(home, camille)
    assert refused(verb, request, by=editor, at=NOW) == NOT_OWNER
    membership.refuse_request(request, by=owner, at=NOW)
    assert refused(verb, request, by=owner, at=NOW) == f"Cette demande a déjà été refusée par {owner}."
    assert (roles(home), OutboxMessage.objects.count()) == ({owner: OWNER, editor: EDITOR}, 2)


@pytest.mark.parametrize("text", [SCRIPT, '"><img src=x onerror=alert(1)>'])
def test_hostile_name_and_message_never_run_in_a_mail(text):
    owner = factories.user()
    home = factories.organization(owner, name=text)
    camille = factories.user()
    camille.name = text
    camille.save()
    invite(home)
    membership.accept_request(ask(home, camille, text), by=owner, at=NOW)
    found = [(text in mail.text, ActiveContent(mail.html).found) for mail in OutboxMessage.objects.all()]
    assert found == [(True, [])] * 3


# Roles, removing, leaving.


def of(home, person):
    return Membership.objects.select_related("organization").get(organization=home, user=person)


def test_hand_over_is_naming_another_owner_then_stepping_down(home, owner):
    camille = factories.member(home)
    assert refused(membership.change_role, of(home, owner), EDITOR, by=owner) == LAST
    membership.change_role(of(home, camille), OWNER, by=owner)
    membership.change_role(of(home, owner), EDITOR, by=owner)
    assert roles(home) == {owner: EDITOR, camille: OWNER}
    assert refused(membership.change_role, of(home, owner), OWNER, by=owner) == NOT_OWNER


def test_last_owner_neither_leaves_nor_is_removed_nor_becomes_editor(home, owner):
    factories.member(home)
    factories.member(home, OWNER, is_active=False)
    before = roles(home)
    assert refused(membership.leave, home, by=owner) == LAST
    assert refused(membership.remove, of(home, owner), by=owner, at=NOW) == LAST
    assert refused(membership.change_role, of(home, owner), EDITOR, by=owner) == LAST
    assert (roles(home), OutboxMessage.objects.count()) == (before, 0)


def test_owner_whose_account_is_closed_can_be_removed(home, owner):
    closed = factories.member(home, OWNER, is_active=False)
    membership.remove(of(home, closed), by=owner, at=NOW)
    assert roles(home) == {owner: OWNER}


def test_editor_leaves_and_their_events_stay(home, owner):
    camille = factories.member(home)
    event = factories.draft(camille)
    membership.leave(home, by=camille)
    membership.leave(home, by=camille)
    event.refresh_from_db()
    assert (roles(home), event.organization, event.created_by) == ({owner: OWNER}, home, camille)


def test_remove_takes_a_member_out_and_tells_them(home, owner):
    camille, other = factories.member(home, email="camille@example.org"), factories.member(home)
    member = of(home, camille)
    assert refused(membership.remove, member, by=other, at=NOW) == NOT_OWNER
    membership.remove(member, by=owner, at=NOW)
    assert roles(home) == {owner: OWNER, other: EDITOR}
    assert mails() == [("camille@example.org", "Vous n’êtes plus membre de « Fonderie du Lion »")]
    assert refused(membership.remove, member, by=owner, at=NOW) == (
        "Cette personne n’est plus membre de l’organisation."
    )


def test_owner_of_another_organization_changes_nothing_here(home, owner):
    stranger = factories.user()
    factories.organization(stranger)
    member = of(home, factories.member(home))
    assert refused(membership.remove, member, by=stranger, at=NOW) == NOT_OWNER
    assert refused(membership.change_role, member, OWNER, by=stranger) == NOT_OWNER
    assert refused(membership.describe, home, by=stranger, values={"name": "Volée"}) == NOT_OWNER
    assert (home.memberships.count(), owner.organizations.get().name) == (2, "Fonderie du Lion")


# Forgetting.


def test_forget_erases_old_invitations_and_answers_and_nothing_that_waits(home, owner):
    waiting = ask(home, factories.user())
    membership.refuse_request(ask(home, factories.user()), by=owner, at=NOW)
    old, recent = invite(home), invite(home, "recent@example.org", at=NOW + DAY)
    retention.erase_expired(NOW + 44 * DAY - timedelta(seconds=1))
    assert list(JoinRequest.objects.all()) == [waiting]
    assert list(Invitation.objects.all()) == [old, recent]
    retention.erase_expired(NOW + 44 * DAY)
    assert list(Invitation.objects.all()) == [recent]
    assert list(JoinRequest.objects.all()) == [waiting]


def test_forget_is_called_by_beat(home, settings):
    invite(home, at=NOW - 365 * DAY)
    import_string(settings.CELERY_BEAT_SCHEDULE["retention"]["task"])()
    assert Invitation.objects.count() == 0
