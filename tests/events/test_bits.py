"""What every count is made from: read once for a revision of the site, and anew for the next."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from events import bits, facets, workflow
from events.bitmaps import MICROSECOND
from events.filters import ProgrammeFilter
from events.models import Event
from semaine.models import SiteRevision
from tests import factories

pytestmark = pytest.mark.django_db
DURING = datetime(2025, 11, 18, 8, tzinfo=UTC)


def counted(query="", at=factories.NOW) -> tuple[int, int, dict]:
    edition = factories.edition()
    filterset = ProgrammeFilter(QueryDict(query), Event.objects.public(), edition=edition, at=at)
    found = facets.count(filterset)
    return found.shown, found.over, found.by_choice.get("departement", {})


def test_counts_follow_the_revision():
    event = factories.labelled()
    assert counted() == (1, 0, {"90": 1})
    factories.labelled(title="Lille", commune_code="59350")
    assert counted() == (2, 0, {"90": 1, "59": 1})
    workflow.withdraw(event, by=factories.national(), at=factories.NOW, comment="Annulé par la préfecture.")
    assert counted() == (1, 0, {"59": 1})


@pytest.mark.parametrize("rows", [1, 3])
def test_counts_cost_one_query_and_a_second_one_once_for_a_revision(django_assert_num_queries, rows):
    for _ in range(rows):
        factories.labelled()
    edition = factories.edition()
    for queries in (2, 1):
        state = ProgrammeFilter(QueryDict("q=fonderie"), Event.objects.public(), edition=edition, at=DURING)
        state.is_valid()
        with django_assert_num_queries(queries):
            assert facets.count(state).shown == rows
    # Which events have changed: nobody says.
    SiteRevision.objects.bump()
    with django_assert_num_queries(3):
        facets.count(state)


def test_programme_without_event_counts_nothing():
    assert counted() == (0, 0, {})


def test_end_of_the_last_slot_is_over_to_the_microsecond():
    event = factories.labelled()
    last = event.last_ends_at
    assert counted(at=last.replace(microsecond=0))[:2] == (0, 1)
    assert counted(at=last - MICROSECOND)[:2] == (1, 0)


def test_keys_and_codes_of_nobody_are_no_bits():
    factories.labelled()
    revision = SiteRevision.objects.number()
    found = bits.read(Event.objects.public(), factories.edition().pk, revision)
    assert (found.of([-1]), found.some("departement", ["75"]), found.all) == (0, 0, 1)


def test_bits_that_another_process_has_read_cost_no_query(django_assert_num_queries):
    factories.labelled()
    revision = SiteRevision.objects.number()
    events, edition = Event.objects.public(), factories.edition().pk
    found = bits.read(events, edition, revision)
    bits.forget()
    with django_assert_num_queries(0):
        assert bits.read(events, edition, revision) == found
    with django_assert_num_queries(2):
        bits.read(events, edition, revision + 1)
