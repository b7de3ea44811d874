"""Two people at once on one organization: real threads, each with its own connection, started together."""

import pytest

from organizers import membership
from organizers.enums import MembershipRole
from organizers.membership import MembershipError
from organizers.models import Invitation, JoinRequest, Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_concurrency import together
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

OWNER, EDITOR = MembershipRole.OWNER, MembershipRole.EDITOR


def run(*calls):
    """What each call returned, or the message of its MembershipError."""

    def caught(call):
        try:
            return call()
        except MembershipError as error:
            return error.message

    return together(*(lambda call=call: caught(call) for call in calls))


@pytest.fixture
def home():
    return factories.organization(factories.verified(factories.user()))


def owners(home):
    return home.memberships.owners().count()


def both(home):
    factories.member(home, OWNER)
    return list(home.memberships.select_related("organization", "user").order_by("pk"))


@pytest.mark.parametrize("attempt", range(5))
def test_two_owners_who_leave_at_once_leave_one(home, attempt):
    calls = [lambda each=each: membership.leave(home, by=each.user) for each in both(home)]
    outcomes = run(*calls)
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "str"]
    assert owners(home) == 1


def test_two_owners_who_step_down_at_once_leave_one(home):
    calls = [lambda each=each: membership.change_role(each, EDITOR, by=each.user) for each in both(home)]
    assert sorted(type(each).__name__ for each in run(*calls)) == ["Membership", "str"]
    assert (owners(home), home.memberships.count()) == (1, 2)


def test_two_owners_who_remove_each_other_leave_one(home):
    first, second = both(home)
    outcomes = run(
        lambda: membership.remove(second, by=first.user, at=NOW),
        lambda: membership.remove(first, by=second.user, at=NOW),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "str"]
    assert (owners(home), OutboxMessage.objects.count()) == (1, 1)


def test_request_posted_four_times_at_once_is_one(home):
    person = factories.user()
    calls = [lambda: membership.request_to_join(home, by=person, at=NOW, message="")] * 4
    assert {each.pk for each in run(*calls)} == {JoinRequest.objects.get().pk}
    assert OutboxMessage.objects.count() == 1


def test_invitation_posted_four_times_at_once_is_one(home):
    owner = home.members.get()
    calls = [lambda: membership.invite(home, "camille@example.org", EDITOR, by=owner, at=NOW)] * 4
    assert {each.pk for each in run(*calls)} == {Invitation.objects.get().pk}
    assert OutboxMessage.objects.count() == 1


def test_invitation_accepted_while_it_is_withdrawn_lets_one_of_them_win(home):
    owner, camille = home.members.get(), factories.verified(factories.user("camille@example.org"))
    invitation = membership.invite(home, camille.email, EDITOR, by=owner, at=NOW)
    accepted, _ = run(
        lambda: membership.accept(invitation, by=camille, at=NOW),
        lambda: membership.withdraw_invitation(invitation, by=owner, at=NOW),
    )
    entered = Membership.objects.filter(user=camille).exists()
    assert (entered, Invitation.objects.standing().count()) == ((True, 1) if accepted == home else (False, 0))


def test_request_accepted_and_refused_at_once_has_one_answer(home):
    owner, camille = home.members.get(), factories.user()
    request = membership.request_to_join(home, by=camille, at=NOW, message="")
    run(
        lambda: membership.accept_request(request, by=owner, at=NOW),
        lambda: membership.refuse_request(request, by=owner, at=NOW),
    )
    request.refresh_from_db()
    entered = Membership.objects.filter(user=camille).exists()
    assert (request.state, entered) in {("accepted", True), ("refused", False)}
    assert OutboxMessage.objects.filter(recipient=camille.email).count() == 1
