"""The possible doubles that the queue shows are kept beside the files, and are those of the rule."""

from datetime import date, timedelta
from random import Random

import pytest

from events import drafting, duplicates, organization_merging, tasks, twins, workflow
from events.contents import slots_of
from events.models import Event, PossibleTwin
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

TITLE = "Visite de la fonderie Martin"
TITLES = (TITLE, "Visite fonderie Martin", "Visite de la brasserie Dupont", "VISITE DE LA FONDERIE MARTIN")
MINUTE = timedelta(minutes=1)


def twinned() -> list[str]:
    """The titles of the events that a list marks."""
    return sorted(Event.objects.filter(twins.has_twin()).values_list("title", flat=True))


def test_what_was_sent_is_looked_at_once_after_each_change(django_assert_num_queries):
    factories.draft(title=TITLE)
    first, second = (factories.submitted(title=title) for title in TITLES[:2])
    assert twins.look() == 2
    assert (twinned(), twins.look()) == ([TITLE, TITLES[1]], 0)
    values = {"title": "Portes ouvertes"}
    drafting.revise(second, by=second.created_by, at=NOW + MINUTE, values=values)
    assert (twins.look(), twinned()) == (1, [])
    with django_assert_num_queries(1):
        twins.look()
    drafting.revise(first, by=first.created_by, at=NOW + MINUTE, values=values)
    tasks.look_for_twins()
    assert twinned() == ["Portes ouvertes", "Portes ouvertes"]


def test_pair_is_kept_both_ways_round():
    first, second = (factories.submitted(title=TITLE) for _ in range(2))
    twins.look(most=1)
    kept = set(PossibleTwin.objects.values_list("event", "other"))
    assert kept == {(first.pk, second.pk), (second.pk, first.pk)}
    twins.look()
    assert set(PossibleTwin.objects.values_list("event", "other")) == kept


def test_what_left_the_programme_is_nobody_s_twin_at_once():
    first, second = (factories.submitted(title=title) for title in TITLES[:2])
    twins.look()
    workflow.cancel(first, by=first.created_by, at=NOW + MINUTE, comment="Travaux.")
    assert twinned() == [first.title]
    twins.look()
    workflow.reopen(first, by=first.created_by, at=NOW + 2 * MINUTE)
    twins.look()
    assert twinned() == [TITLE, TITLES[1]]
    assert second.possible_twins.get().other == first


def test_events_of_organizations_that_were_merged_are_looked_at_again():
    """At the same hours: no sign of a twin until they are of one organization."""
    people = [factories.verified(factories.user()) for _ in range(2)]
    gone, kept = (factories.organization(person, name="Fonderie du Lion") for person in people)
    for person, title in zip(people, (TITLES[0], TITLES[2]), strict=True):
        factories.submitted(person, title=title)
    twins.look()
    assert twinned() == []
    organization_merging.merge(gone, into=kept, by=factories.referent(), at=NOW + MINUTE)
    assert (twins.look(), twinned()) == (2, [TITLES[2], TITLES[0]])


def test_number_of_queries_grows_with_the_batch_alone(django_assert_num_queries):
    for _ in range(3):
        factories.submitted(title=TITLE)
    # What to look at (twice: there is none left), a savepoint, what is kept; then slots and twins of each.
    with django_assert_num_queries(7 + 2 * 3):
        assert twins.look() == 3


@pytest.mark.parametrize("seed", range(3))
def test_kept_twins_are_those_of_the_rule_for_any_events(seed):
    drawn = Random(seed)
    people = [factories.user() for _ in range(3)]
    for _ in range(14):
        first = date(2025, 11, 18) + timedelta(drawn.randrange(3))
        days = [first + timedelta(each) for each in sorted(drawn.sample(range(6), drawn.choice([1, 1, 3])))]
        factories.submitted(
            drawn.choice(people),
            title=drawn.choice(TITLES),
            commune_code=drawn.choice(["90010", "59350"]),
            slots=[slot(f"{day}", f"{drawn.choice([9, 14]):02}:00", "17:00") for day in days],
        )
    twins.look()
    for event in Event.objects.all():
        there = set(duplicates.duplicates(event, slots_of(event)).values_list("pk", flat=True))
        assert set(event.possible_twins.values_list("other", flat=True)) == there
    assert PossibleTwin.objects.exists()
