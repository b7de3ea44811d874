"""Two organizations merged while somebody else acts: real threads, each with its own connection."""

import pytest

from events import organization_merging
from events.workflow import WorkflowError
from organizers import membership
from organizers.enums import MembershipRole
from organizers.membership import MembershipError
from organizers.models import Invitation, Organization
from semaine.models import SiteRevision
from tests import factories
from tests.events.test_bad_input import plain
from tests.events.test_concurrency import together
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _revision():
    """The row that a migration makes; these tests empty every table."""
    SiteRevision.objects.get_or_create(pk=SiteRevision.ONLY)


@pytest.fixture
def owners():
    return factories.verified(factories.user()), factories.verified(factories.user())


@pytest.fixture
def pair(owners):
    return tuple(factories.organization(owner) for owner in owners)


@pytest.mark.parametrize("attempt", range(3))
def test_merged_both_ways_at_once_one_wins_and_the_other_is_told(pair, owners, attempt):
    agent = factories.national()
    for owner in owners:
        factories.labelled(owner)

    def caught(gone, kept):
        try:
            return organization_merging.merge(gone, into=kept, by=agent, at=NOW).pk
        except WorkflowError as error:
            return plain(error.message)

    outcomes = together(lambda: caught(*pair), lambda: caught(*pair[::-1]))
    assert sorted(type(each).__name__ for each in outcomes) == ["int", "str"]
    assert next(each for each in outcomes if isinstance(each, str)).startswith(
        "Une des deux organisations n’existe"
    )
    kept = Organization.objects.get()
    assert (kept.events.count(), kept.memberships.owners().count()) == (2, 2)


def test_invitation_accepted_while_its_organization_is_merged_lets_nobody_out(pair, owners):
    gone, kept = pair
    guest, agent = factories.verified(factories.user("g@example.org")), factories.national()
    invitation = membership.invite(gone, guest.email, MembershipRole.EDITOR, by=owners[0], at=NOW)

    def accept():
        try:
            return membership.accept(invitation, by=guest, at=NOW)
        except MembershipError as error:
            return error.message

    accepted, _ = together(accept, lambda: organization_merging.merge(gone, into=kept, by=agent, at=NOW))
    entered = kept.memberships.filter(user=guest).exists()
    # Told that it is gone, the person still has the invitation, which leads to the one that is kept.
    assert entered == isinstance(accepted, Organization)
    assert entered or Invitation.objects.waiting().get().organization == kept
