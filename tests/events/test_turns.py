"""Whose turn: the nearest office at work, then one step up for each working day overdue."""

from datetime import UTC, date, datetime

import pytest

from events import turns
from events.models import Event
from organizers.enums import OfficeKind
from semaine.models import Edition
from tests import factories
from tests.events.test_workflow import standing
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DEPARTMENTAL, REGIONAL, NATIONAL = OfficeKind.DEPARTMENTAL, OfficeKind.REGIONAL, OfficeKind.NATIONAL
OFFICES = [(DEPARTMENTAL, "90"), (REGIONAL, "27"), (NATIONAL, "France")]
# Sent on Wednesday 1 October 2025, due on Tuesday 7.
ABSENT = {"absent_from": date(2025, 9, 1), "absent_until": date(2025, 12, 31)}


def at_noon(day, hour=10):
    return datetime.fromisoformat(f"2025-{day}T{hour:02}:00").replace(tzinfo=UTC)


def turn(event, at, offices=OFFICES):
    """The offices whose turn it is."""
    asked = [(kind, Event.objects.whose_turn(factories.office(kind, where), at)) for kind, where in offices]
    return [kind.value for kind, queue in asked if event in queue]


def everybody():
    for kind, territory in OFFICES:
        factories.referent(kind, territory)


@pytest.mark.parametrize(
    ("at_work", "expected"),
    [
        ([DEPARTMENTAL, REGIONAL, NATIONAL], "departmental"),
        ([DEPARTMENTAL], "departmental"),
        ([REGIONAL, NATIONAL], "regional"),
        ([REGIONAL], "regional"),
        ([NATIONAL], "national"),
        ([], "national"),
    ],
)
def test_turn_is_the_nearest_office_at_work(at_work, expected):
    for kind, territory in OFFICES:
        if kind in at_work:
            factories.referent(kind, territory)
    assert turn(factories.submitted(), NOW) == [expected]


@pytest.mark.parametrize(
    "fields",
    [
        ABSENT,
        {"is_active": False},
        {"absent_from": date(2025, 10, 1), "absent_until": date(2025, 10, 1)},
    ],
)
def test_turn_passes_over_an_office_where_nobody_is_at_work(fields):
    factories.referent(DEPARTMENTAL, "90", **fields)
    factories.referent(REGIONAL, "27")
    assert turn(factories.submitted(), NOW) == ["regional"]


def test_turn_passes_over_an_office_whose_agent_has_no_account_any_more():
    agent = factories.referent(DEPARTMENTAL, "90")
    agent.is_active = False
    agent.save()
    assert turn(factories.submitted(), NOW) == ["national"]


@pytest.mark.parametrize(
    ("absent_from", "absent_until"),
    [(date(2025, 10, 2), date(2025, 10, 9)), (date(2025, 9, 1), date(2025, 9, 30))],
)
def test_turn_is_the_office_s_until_the_eve_and_from_the_morrow_of_an_absence(absent_from, absent_until):
    factories.referent(DEPARTMENTAL, "90", absent_from=absent_from, absent_until=absent_until)
    assert turn(factories.submitted(), NOW) == ["departmental"]


def test_turn_stays_where_a_colleague_is_at_work():
    factories.referent(DEPARTMENTAL, "90", **ABSENT)
    factories.referent(DEPARTMENTAL, "90")
    assert turn(factories.submitted(), NOW) == ["departmental"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("10-01", "departmental"),
        ("10-07", "departmental"),
        ("10-08", "regional"),
        ("10-09", "national"),
        ("10-10", "national"),
        ("12-31", "national"),
    ],
)
def test_turn_goes_one_step_up_for_each_working_day_overdue(day, expected):
    everybody()
    assert turn(factories.submitted(), at_noon(day)) == [expected]


@pytest.mark.parametrize(
    ("day", "expected"), [("10-07", "regional"), ("10-08", "national"), ("10-09", "national")]
)
def test_turn_starts_from_the_first_office_at_work(day, expected):
    factories.referent(DEPARTMENTAL, "90", **ABSENT)
    factories.referent(REGIONAL, "27")
    assert turn(factories.submitted(), at_noon(day)) == [expected]


@pytest.mark.parametrize(
    ("sent", "due", "steps"),
    [
        # Over a weekend.
        (
            "10-06",
            "2025-10-10",
            {"10-10": "departmental", "10-11": "departmental", "10-12": "departmental", "10-13": "regional"},
        ),
        # Over the 11th of November, a Tuesday.
        (
            "11-04",
            "2025-11-10",
            {"11-10": "departmental", "11-11": "departmental", "11-12": "regional", "11-13": "national"},
        ),
        # Due the day after it.
        ("11-05", "2025-11-12", {"11-11": "departmental", "11-12": "departmental", "11-13": "regional"}),
    ],
)
def test_turn_counts_working_days_only(sent, due, steps):
    everybody()
    event = factories.submitted(at=at_noon(sent))
    assert event.due_on.isoformat() == due
    assert {day: turn(event, at_noon(day)) for day in steps} == {day: [kind] for day, kind in steps.items()}


def test_turn_changes_at_midnight_in_paris():
    everybody()
    event = factories.submitted()
    assert turn(event, datetime(2025, 10, 7, 21, 59, tzinfo=UTC)) == ["departmental"]
    assert turn(event, datetime(2025, 10, 7, 22, 0, tzinfo=UTC)) == ["regional"]


def test_turn_counts_the_holidays_of_the_territory():
    """On 20 December, a Friday in 2024, nobody works in La Réunion."""
    offices = [(DEPARTMENTAL, "974"), (REGIONAL, "04"), (NATIONAL, "France")]
    for kind, territory in offices:
        factories.referent(kind, territory)
    event = factories.submitted(commune_code="97411")
    Event.objects.update(due_on=date(2024, 12, 19))
    at = datetime(2024, 12, 20, 9, tzinfo=UTC)
    assert turn(event, at, offices) == ["departmental"]


@pytest.mark.parametrize(
    ("at_work", "expected"), [([DEPARTMENTAL], "departmental"), ([NATIONAL], "national"), ([], "national")]
)
def test_turn_of_a_collectivite_without_region_goes_from_departement_to_nation(at_work, expected):
    offices = [(DEPARTMENTAL, "987"), (REGIONAL, "27"), (NATIONAL, "France")]
    for kind, territory in offices:
        if kind in at_work:
            factories.referent(kind, territory)
    assert turn(factories.submitted(commune_code="98718"), NOW, offices) == [expected]


def test_turn_of_a_collectivite_without_region_skips_the_region_when_late():
    offices = [(DEPARTMENTAL, "987"), (REGIONAL, "27"), (NATIONAL, "France")]
    for kind, territory in offices:
        factories.referent(kind, territory)
    event = factories.submitted(commune_code="98718")
    assert [turn(event, at_noon(day), offices) for day in ("10-07", "10-08")] == [
        ["departmental"],
        ["national"],
    ]


def test_turn_of_an_online_event_follows_the_headquarters_else_the_nation():
    everybody()
    online = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "commune_code": None}
    homeless = factories.user()
    factories.organization(homeless, headquarters=None)
    assert turn(factories.submitted(**online), NOW) == ["departmental"]
    assert turn(factories.submitted(homeless, **online), NOW) == ["national"]


def test_turn_leaves_the_other_territories_to_their_offices():
    everybody()
    event = factories.submitted(commune_code="59350")
    assert turn(event, NOW) == ["national"]
    factories.referent(DEPARTMENTAL, "59")
    assert turn(event, NOW) == []


@pytest.mark.parametrize("status", ["draft", "changes_requested", "labelled", "refused"])
def test_turn_is_nobody_s_when_nothing_waits(status):
    everybody()
    assert turn(standing(status), NOW) == []


@pytest.mark.parametrize(
    ("sent", "department_code", "due"),
    [
        (datetime(2025, 10, 1, 8, tzinfo=UTC), None, date(2025, 10, 7)),
        (datetime(2025, 10, 4, 8, tzinfo=UTC), None, date(2025, 10, 9)),
        (datetime(2025, 11, 7, 8, tzinfo=UTC), None, date(2025, 11, 14)),
        (datetime(2025, 10, 1, 22, 30, tzinfo=UTC), None, date(2025, 10, 8)),
        (datetime(2024, 12, 17, 8, tzinfo=UTC), "90", date(2024, 12, 23)),
        (datetime(2024, 12, 17, 8, tzinfo=UTC), "974", date(2024, 12, 24)),
    ],
)
def test_due_on_is_four_working_days_later_there(sent, department_code, due):
    department = factories.department(department_code) if department_code else None
    assert turns.due_on(sent, department) == due


@pytest.mark.parametrize("events", [1, 3])
def test_turn_is_asked_in_one_query_and_the_files_in_another(django_assert_num_queries, events):
    everybody()
    for _ in range(events):
        factories.submitted()
    office = factories.office(DEPARTMENTAL, "90")
    assert Edition.objects.count() == 1
    with django_assert_num_queries(2):
        assert len(Event.objects.whose_turn(office, NOW)) == events
