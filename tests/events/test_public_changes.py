"""The bits after single events have changed: the same events, counts and order as if all were read again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict

from events import bits, facets, public_changes, workflow
from events.filters import ProgrammeFilter
from events.found import Found
from events.models import Event, PublicChange
from events.public_changes import changed_between, tell
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db
STATES = (
    "", "departement=90", "q=visite", "jour=aujourd-hui", "du=2025-11-20&au=2025-11-21",
    "nature=visite&public=scolaires", "passes=oui", "region=27&mode=sur-place",
)  # fmt: skip
MOMENTS = [datetime(2025, 11, day, hour, tzinfo=UTC) for day, hour in ((18, 8), (20, 9), (20, 23), (22, 12))]


def told() -> list:
    """Return all that the bits say, of several questions at several moments."""
    found = []
    for at in MOMENTS:
        for query in STATES:
            state = ProgrammeFilter(
                QueryDict(query), Event.objects.public(), edition=factories.edition(), at=at
            )
            counts, answer = facets.count(state), Found(state)
            found.append((at, query, counts, answer.events[:100], answer.events.numbers("departement")))
    return found


def whole() -> list:
    bits.forget()
    cache.clear()
    return told()


def of_several_days(**fields):
    days = ("2025-11-20", "2025-11-19", "2025-11-21")
    return factories.labelled(slots=[slot(day) for day in days[: fields.pop("days", 3)]], **fields)


@pytest.fixture
def events():
    places = ("90010", "59350", "90010", "97411", "59350")
    made = [
        of_several_days(title=f"Visite {n}", commune_code=code, days=n % 3 + 1)
        for n, code in enumerate(places)
    ]
    told()
    return made


def withdrawn(events):
    workflow.withdraw(events[0], by=factories.national(), at=NOW, comment="Annulé par la préfecture.")


def cancelled(events):
    workflow.cancel(events[1], by=events[1].created_by, at=NOW, comment="Panne.")


def new_one(events):
    of_several_days(title="Visite nouvelle", days=2)


def all_at_once(events):
    for change in (withdrawn, cancelled, new_one, new_one):
        change(events)
    withdrawn(events[2:])


@pytest.mark.parametrize("change", [withdrawn, cancelled, new_one, all_at_once])
def test_same_as_if_all_were_read(events, change):
    change(events)
    after = told()
    assert after == whole()


def test_whole_is_read_once_and_then_what_has_changed(events, django_assert_num_queries):
    """The revision, what has changed, and of that what is public: nothing of the others."""
    withdrawn(events)
    state = ProgrammeFilter(QueryDict(), Event.objects.public(), edition=factories.edition(), at=MOMENTS[0])
    state.is_valid()
    with django_assert_num_queries(3) as asked:
        Found(state)
    assert f'"events_event"."id" IN ({events[0].pk})' in asked[-1]["sql"]


def test_what_another_process_has_read_is_brought_up_to_date(events, django_assert_num_queries):
    withdrawn(events)
    bits.forget()
    state = ProgrammeFilter(QueryDict(), Event.objects.public(), edition=factories.edition(), at=MOMENTS[0])
    state.is_valid()
    with django_assert_num_queries(3):
        assert Found(state).shown().bit_count() == len(events) - 1


def test_change_of_the_structure_reads_everything(events):
    before = told()
    Event.objects.filter(pk=events[0].pk).update(format_code="autre")
    SiteRevision.objects.bump()
    after = told()
    assert after != before
    assert after == whole()


def test_changes_are_known_by_revision():
    event, other = factories.labelled(), factories.labelled()
    first = SiteRevision.objects.number()
    tell(event)
    tell(other)
    number = SiteRevision.objects.number()
    assert number == first + 2
    assert changed_between(first, number, using="default") == {event.pk, other.pk}
    assert changed_between(first, first + 1, using="default") == {event.pk}
    assert changed_between(number, number, using="default") == set()
    # Going back, as after a restoration; something that is told by no line; too long ago.
    assert changed_between(number, first, using="default") is None
    SiteRevision.objects.bump()
    assert changed_between(first, number + 1, using="default") is None
    assert changed_between(number - public_changes.KEPT - 1, number, using="default") is None


def test_old_lines_go(monkeypatch):
    monkeypatch.setattr(public_changes, "KEPT", 3)
    monkeypatch.setattr(public_changes, "EVERY", 5)
    event = factories.labelled()
    while (number := SiteRevision.objects.number()) < 10:
        tell(event)
    assert number == 10
    assert list(PublicChange.objects.order_by("pk").values_list("pk", flat=True)) == [8, 9, 10]


def test_slot_over_in_the_changed_part_is_no_more_to_come(events):
    late = factories.labelled(slots=[slot("2025-11-18", "06:00", "06:30")])
    told()
    state = ProgrammeFilter(
        QueryDict(), Event.objects.public(), edition=factories.edition(), at=late.last_ends_at
    )
    assert facets.count(state).over == 1
    early = late.last_ends_at - timedelta(seconds=1)
    state = ProgrammeFilter(QueryDict(), Event.objects.public(), edition=factories.edition(), at=early)
    assert facets.count(state).over == 0
