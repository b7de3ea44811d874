"""Who may act: the answer, and the sentence beside the button that is not there."""

import pytest

from events import permissions
from events.permissions import Allowed
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership, OfficeMembership
from tests import factories

pytestmark = pytest.mark.django_db

YES = Allowed(True, "")
OTHERS = Allowed(False, "Cet événement est celui d’une autre organisation.")
ELSEWHERE = Allowed(False, "Cet événement n’est pas dans votre territoire.")
OWN = Allowed(False, "Vous êtes membre de l’organisation : un collègue doit décider.")


def answers(user, event):
    asked = permissions.may_edit, permissions.may_examine, permissions.may_decide, permissions.may_cancel
    return [predicate(user, event) for predicate in asked]


def test_organizer_edits_and_cancels():
    event = factories.submitted()
    assert answers(event.created_by, event) == [YES, ELSEWHERE, OWN, YES]


def test_colleague_edits_and_cancels_as_the_owner_does():
    event = factories.submitted()
    colleague = factories.user()
    Membership.objects.create(user=colleague, organization=event.organization, role=MembershipRole.EDITOR)
    assert answers(colleague, event) == [YES, ELSEWHERE, OWN, YES]


def test_organizer_of_another_organization_does_nothing():
    stranger = factories.draft().created_by
    assert answers(stranger, factories.submitted()) == [OTHERS, ELSEWHERE, ELSEWHERE, ELSEWHERE]


@pytest.mark.parametrize(
    ("kind", "territory", "expected"),
    [
        (OfficeKind.DEPARTMENTAL, "90", [OTHERS, YES, YES, YES]),
        (OfficeKind.DEPARTMENTAL, "59", [OTHERS, ELSEWHERE, ELSEWHERE, ELSEWHERE]),
        (OfficeKind.REGIONAL, "27", [OTHERS, YES, YES, YES]),
        (OfficeKind.REGIONAL, "32", [OTHERS, ELSEWHERE, ELSEWHERE, ELSEWHERE]),
        (OfficeKind.NATIONAL, "France", [OTHERS, YES, YES, YES]),
    ],
)
def test_referent_decides_in_their_territory(kind, territory, expected):
    agent = factories.referent(kind, territory)
    assert answers(agent, factories.submitted()) == expected


def test_referent_who_is_a_member_leaves_the_decision_to_a_colleague():
    event = factories.submitted()
    OfficeMembership.objects.create(user=event.created_by, office=factories.office())
    assert answers(event.created_by, event) == [YES, YES, OWN, YES]


def test_referent_does_not_see_what_was_never_sent():
    agent = factories.referent()
    assert answers(agent, factories.draft()) == [OTHERS, ELSEWHERE, ELSEWHERE, ELSEWHERE]


@pytest.mark.parametrize(("allowed", "truth"), [(YES, True), (OTHERS, False)])
def test_answer_is_true_when_allowed(allowed, truth):
    assert bool(allowed) is truth
