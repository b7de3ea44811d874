"""Sets of events from the bits say what the statements over the same events say."""

from datetime import UTC, datetime

import pytest

from events import search, workflow
from events.bitmaps import bits_at
from events.event_sets import EventSet, public_events
from events.models import Event
from semaine.geometry import around, distance_km
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db
DURING = datetime(2025, 11, 20, 9, tzinfo=UTC)
AFTER = datetime(2026, 3, 1, tzinfo=UTC)
POINTS = [
    (47.64, 6.86), (47.9, 7.2), (50.63, 3.06), (-21.34, 55.48), (-14.28, -178.12), (-14.3, -179.9), (89.8, 179.0),
]  # fmt: skip
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/"}


@pytest.fixture
def programme():
    factories.labelled(slots=[slot("2025-11-19")])
    factories.labelled(commune_code="59350", slots=[slot("2025-11-21"), slot("2025-11-20", 14, 16)])
    factories.labelled(commune_code="97411", format_code="job-dating", topic_codes=["mixite"])
    factories.labelled(**ONLINE)
    cancelled = factories.labelled(commune_code="59350")
    workflow.cancel(cancelled, by=cancelled.created_by, at=NOW, comment="Panne.")
    factories.submitted()
    same_organization = factories.labelled(cancelled.created_by)
    # So that some are known by what has changed, some by the whole.
    public_events(factories.edition(), NOW)
    factories.labelled(cancelled.created_by, title="Après", commune_code="59350")
    workflow.withdraw(same_organization, by=factories.national(), at=NOW, comment="Doublon.")
    return factories.edition()


def shown(at):
    """The same by statements."""
    return Event.objects.public().on_show(factories.edition(), at)


def keys(found: EventSet) -> set[int]:
    return set(found[:100])


@pytest.mark.parametrize("at", [NOW, DURING, AFTER])
def test_sets_are_those_of_the_statements(programme, at):
    found, rows = public_events(programme, at).on_show, shown(at)
    nord = rows.placed().filter(department="59")
    ours = [found, found.placed, found.taking_place, found.having("departement", "59", "90")]
    theirs = [
        rows,
        rows.placed(),
        rows.filter(pk__in=Event.objects.taking_place()),
        rows.placed().filter(department__in=["59", "90"]),
    ]
    assert [keys(each) for each in ours] == [set(each.values_list("pk", flat=True)) for each in theirs]
    assert [each.number for each in ours] == [each.count() for each in theirs]
    assert [each.organizations for each in ours] == [each.organizations().count() for each in theirs]
    assert found.numbers("departement") == rows.by_department()
    order = nord.in_order(None if at == AFTER else at).values_list("pk", flat=True)
    assert found.having("departement", "59")[:2] == list(order[:2])


def test_events_left_aside_are_not_among_the_first(programme):
    found = public_events(programme, NOW).on_show
    first = found[:2]
    assert (found.without(first)[:1], found.without([*first, -1]).number) == (
        found[:3][2:],
        found.number - 2,
    )
    assert found.without(first)[:0] == []


@pytest.mark.parametrize("codes", [["59"], ["59", "974"], ["90", "59", "974"]])
def test_bounds_are_the_corners_of_the_points(programme, codes):
    found = public_events(programme, NOW).having("departement", *codes)
    points = Event.objects.public().placed().filter(department__in=codes).values_list("latitude", "longitude")
    south_west, north_east = zip(*((min(each), max(each)) for each in zip(*points, strict=True)), strict=True)
    assert found.bounds == [[*south_west], [*north_east]]


def test_events_without_a_point_have_no_bounds(programme):
    everything = public_events(programme, NOW)
    assert everything.having("departement", None).number == 1
    assert everything.having("departement", None).bounds is None
    assert everything.having("departement", "75").bounds is None


def test_edition_without_events_is_an_empty_set():
    found = public_events(factories.edition(), NOW)
    assert (found.number, found.organizations, found[:5], found.bounds) == (0, 0, [], None)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(47.64, 6.86), (50.63, 3.06), (-21.0, 55.3), (-14.3, 179.9), (89.9, 0.0), (0.0, 0.0)],
)
@pytest.mark.parametrize("km", [5, 30, 100, 9_000])
def test_near_is_what_the_statement_finds(latitude, longitude, km):
    points = [
        (47.64, 6.86),
        (47.9, 7.2),
        (50.63, 3.06),
        (-21.34, 55.48),
        (-14.28, -178.12),
        (-14.3, -179.9),
        (89.8, 179),
    ]
    for title, (north, east) in enumerate(points):
        event = factories.labelled(title=f"Visite {title}")
        Event.objects.filter(pk=event.pk).update(latitude=north, longitude=east)
    factories.labelled(**ONLINE)
    SiteRevision.objects.bump()
    found = public_events(factories.edition(), NOW).bits
    near = Event.objects.public().filter(search.within(latitude, longitude, km))
    assert found.near(latitude, longitude, km) == found.of(near.values_list("pk", flat=True))


@pytest.mark.parametrize("latitude", [0.0, 47.6, -21.0, 89.95])
def test_nothing_at_that_distance_is_further_in_degrees(latitude):
    tall, wide = around(latitude, 30)
    assert distance_km(latitude, 3.0, min(latitude + tall, 90.0), 3.0) <= 30.001
    if wide < 180:
        # Just beyond the widest, no latitude is near enough.
        beyond = [
            distance_km(latitude, 3.0, latitude + step * tall / 50, 3.0 + wide * 1.001)
            for step in range(-50, 51)
        ]
        assert min(beyond) > 30
    else:
        assert latitude == 89.95


def test_numbers_with_ones_at_no_place_are_nothing():
    assert (bits_at([], 5), bits_at([0, 4], 5)) == (0, 0b10001)


@pytest.mark.parametrize("rows", [1, 3])
def test_set_costs_one_query_and_a_second_one_once(django_assert_num_queries, rows):
    for _ in range(rows):
        factories.labelled()
    edition = factories.edition()
    for queries in (2, 1):
        with django_assert_num_queries(queries):
            found = public_events(edition, NOW)
            assert (found.number, len(found[:9]), found.organizations) == (rows, rows, rows)
