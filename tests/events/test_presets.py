"""« Aujourd’hui », « ce week-end »…: which days they mean, on whose calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from events import presets
from events.enums import AttendanceMode
from events.models import Event
from tests import factories

# From Monday 17 to Sunday 23 November 2025, then the next Monday: first and last day of each preset.
DAYS = {
    17: {"aujourdhui": (17, 17), "demain": (18, 18), "week-end": (22, 23), "cette-semaine": (17, 23)},
    18: {"aujourdhui": (18, 18), "demain": (19, 19), "week-end": (22, 23), "cette-semaine": (18, 23)},
    19: {"aujourdhui": (19, 19), "demain": (20, 20), "week-end": (22, 23), "cette-semaine": (19, 23)},
    20: {"aujourdhui": (20, 20), "demain": (21, 21), "week-end": (22, 23), "cette-semaine": (20, 23)},
    21: {"aujourdhui": (21, 21), "demain": (22, 22), "week-end": (22, 23), "cette-semaine": (21, 23)},
    22: {"aujourdhui": (22, 22), "demain": (23, 23), "week-end": (22, 23), "cette-semaine": (22, 23)},
    23: {"aujourdhui": (23, 23), "demain": (24, 24), "week-end": (23, 23), "cette-semaine": (23, 23)},
    24: {"aujourdhui": (24, 24), "demain": (25, 25), "week-end": (29, 30), "cette-semaine": (24, 30)},
}


@pytest.mark.parametrize("day", DAYS)
def test_days_are_those_to_come_of_the_week(day):
    found = {name: presets.days(name, date(2025, 11, day)) for name, _ in presets.CHOICES}
    assert {name: (first.day, last.day) for name, (first, last) in found.items()} == DAYS[day]


def test_days_go_on_in_the_next_month_and_year():
    assert presets.days("demain", date(2025, 11, 30)) == (date(2025, 12, 1), date(2025, 12, 1))
    assert presets.days("cette-semaine", date(2025, 12, 31)) == (date(2025, 12, 31), date(2026, 1, 4))
    assert presets.days("week-end", date(2025, 12, 31)) == (date(2026, 1, 3), date(2026, 1, 4))


# The moment, in UTC, when Wednesday 19 November begins there.
MIDNIGHTS = {
    "97411": datetime(2025, 11, 18, 20, tzinfo=UTC),  # La Réunion
    "90010": datetime(2025, 11, 18, 23, tzinfo=UTC),  # Belfort
    "97302": datetime(2025, 11, 19, 3, tzinfo=UTC),  # Cayenne
    "97101": datetime(2025, 11, 19, 4, tzinfo=UTC),  # Les Abymes
    "98718": datetime(2025, 11, 19, 9, 30, tzinfo=UTC),  # Fatu-Hiva, in the Marquesas
}
SECOND = timedelta(seconds=1)


def found(preset: str, at: datetime) -> set[str]:
    return set(Event.objects.filter(presets.condition(preset, at)).values_list("title", flat=True))


@pytest.fixture
def on_wednesday(db):
    """An event in each place, titled with its code, on its own 19 November."""
    for code in MIDNIGHTS:
        factories.labelled(title=code, commune_code=code, slots=[slot(code, "19", "09:00", "11:30")])


def slot(code, day, start, end):
    return factories.slot(f"2025-11-{day}", start, end, factories.COMMUNES[code][6])


def test_today_turns_at_each_places_own_midnight(on_wednesday):
    begun = set()
    for code, midnight in MIDNIGHTS.items():
        assert found("aujourdhui", midnight - SECOND) == begun
        assert found("demain", midnight - SECOND) == set(MIDNIGHTS) - begun
        begun.add(code)
        assert found("aujourdhui", midnight) == begun
        assert found("demain", midnight) == set(MIDNIGHTS) - begun


def test_today_ends_at_each_places_own_midnight(on_wednesday):
    left = set(MIDNIGHTS)
    for code, midnight in MIDNIGHTS.items():
        end = midnight + timedelta(days=1)
        assert found("aujourdhui", end - SECOND) == left
        left.remove(code)
        assert found("aujourdhui", end) == left


def test_week_ends_at_each_places_own_midnight(on_wednesday):
    for code, midnight in MIDNIGHTS.items():
        sunday = midnight - timedelta(days=3)
        assert code not in found("cette-semaine", sunday - SECOND)
        assert code in found("cette-semaine", sunday + timedelta(days=1))
        assert found("week-end", sunday) == set()


@pytest.mark.django_db
def test_slot_around_midnight_is_on_both_days_unless_it_ends_there():
    factories.labelled(title="Jusqu’à minuit", slots=[slot("90010", "18", "22:00", "00:00")])
    factories.labelled(title="Après minuit", slots=[slot("90010", "18", "23:00", "01:00")])
    factories.labelled(title="Dès minuit", slots=[slot("90010", "19", "00:00", "01:00")])
    tuesday = datetime(2025, 11, 18, 12, tzinfo=UTC)
    assert found("aujourdhui", tuesday) == {"Jusqu’à minuit", "Après minuit"}
    assert found("demain", tuesday) == {"Après minuit", "Dès minuit"}


@pytest.mark.django_db
def test_online_event_is_on_the_calendar_of_paris():
    factories.labelled(
        title="En ligne",
        commune_code=None,
        attendance_mode=AttendanceMode.ONLINE,
        online_url="https://example.org/",
        slots=[slot("90010", "19", "09:00", "11:30")],
    )
    midnight = MIDNIGHTS["90010"]
    assert (found("aujourdhui", midnight - SECOND), found("aujourdhui", midnight)) == (set(), {"En ligne"})
