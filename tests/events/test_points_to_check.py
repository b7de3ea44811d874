"""What a human is to look into is written with what it is judged from: never older than the contents."""

import pytest

from events import amending, drafting, workflow
from events.enums import Rule, Verdict
from events.findings import Finding, points_to_check
from events.models import Event
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CROWD = {"expected_participants": 90_000}
FEW = {"expected_participants": 30}


def stored():
    return Event.objects.get().points_to_check


def test_points_name_each_doubtful_rule_once_and_never_the_purpose():
    found = [
        Finding(Rule.PURPOSE, Verdict.NEEDS_REVIEW, "?"),
        Finding(Rule.TERRITORY, Verdict.NEEDS_REVIEW, "CEDEX"),
        Finding(Rule.TERRITORY, Verdict.NEEDS_REVIEW, "loin"),
        Finding(Rule.FREE, Verdict.PASSED, "gratuit"),
        Finding(Rule.DATES, Verdict.FAILED, "tard"),
    ]
    assert points_to_check(found) == ["territory", "dates"]


def test_draft_is_not_judged_and_what_is_sent_is():
    event = factories.draft(**CROWD)
    assert stored() == []
    workflow.submit(event, by=event.created_by, at=NOW)
    assert stored() == ["attendance"]


def test_decision_without_a_judgement_leaves_the_points():
    event = factories.submitted(**CROWD)
    workflow.request_changes(event, by=factories.national(), at=NOW, comment="Combien ?")
    assert stored() == ["attendance"]


def test_revision_of_what_is_sent_is_judged_again():
    event = factories.submitted(**CROWD)
    drafting.revise(event, by=event.created_by, at=NOW, values=FEW)
    assert stored() == []
    drafting.revise(event, by=event.created_by, at=NOW, values=CROWD | {"postal_code": "90123"})
    assert stored() == ["territory", "attendance"]


def test_correction_sent_again_is_judged_again():
    event = factories.submitted(**CROWD)
    workflow.request_changes(event, by=factories.national(), at=NOW, comment="Combien ?")
    drafting.revise(event, by=event.created_by, at=NOW, values=FEW)
    workflow.submit(event, by=event.created_by, at=NOW)
    assert stored() == []


def test_label_keeps_the_points_and_a_change_of_the_rest_judges_again():
    event = factories.labelled(**CROWD)
    assert stored() == ["attendance"]
    amending.amend(event, by=event.created_by, at=NOW, values=FEW)
    assert stored() == []


def test_accepted_proposal_is_judged():
    event = factories.labelled()
    event = amending.amend(event, by=event.created_by, at=NOW, values={"postal_code": "90123"})
    assert stored() == []
    amending.accept_amendment(event, by=factories.national(), at=NOW, version=event.version)
    assert stored() == ["territory"]
