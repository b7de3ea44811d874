"""Dates and hours in French words, in the time of the place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semaine import dates
from tests.properties import patient

NBSP = "\u00a0"
HALF_PAST_TWO = datetime(2025, 11, 20, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "options", "words"),
    [
        (date(2024, 11, 21), {}, "jeudi 21 novembre"),
        (date(2024, 12, 1), {}, "dimanche 1er décembre"),
        (date(2024, 12, 1), {"year": True}, "dimanche 1er décembre 2024"),
        (date(2024, 12, 1), {"weekday": False, "year": True}, "1er décembre 2024"),
        (date(2024, 2, 29), {"weekday": False}, "29 février"),
        (date(2025, 8, 11), {}, "lundi 11 août"),
    ],
)
def test_day_words_are_french(day, options, words):
    assert dates.day_words(day, **options) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 11, 17), date(2025, 11, 17), "le 17 novembre 2025"),
        (date(2025, 11, 1), date(2025, 11, 1), "le 1er novembre 2025"),
        (date(2025, 11, 17), date(2025, 11, 23), "du 17 au 23 novembre 2025"),
        (date(2025, 11, 1), date(2025, 11, 3), "du 1er au 3 novembre 2025"),
        (date(2018, 3, 26), date(2018, 4, 1), "du 26 mars au 1er avril 2018"),
        (date(2024, 11, 3), date(2024, 12, 9), "du 3 novembre au 9 décembre 2024"),
        (date(2025, 12, 30), date(2026, 1, 2), "du 30 décembre 2025 au 2 janvier 2026"),
        (date(2024, 11, 20), date(2025, 11, 20), "du 20 novembre 2024 au 20 novembre 2025"),
    ],
)
def test_period_words_say_each_thing_once(first, last, words):
    assert dates.period_words(first, last) == words


def test_period_words_may_leave_out_the_year():
    assert dates.period_words(date(2025, 11, 17), date(2025, 11, 23), year=False) == "du 17 au 23 novembre"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(9, 0, f"9{NBSP}h"), (14, 30, f"14{NBSP}h{NBSP}30"), (0, 5, f"0{NBSP}h{NBSP}05"), (0, 0, f"0{NBSP}h")],
)
def test_hour_words_keep_together(hour, minute, words):
    assert dates.hour_words(datetime(2025, 11, 20, hour, minute, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Paris", f"jeudi 20 novembre 2025, 14{NBSP}h{NBSP}30"),
        ("Pacific/Marquesas", f"jeudi 20 novembre 2025, 4{NBSP}h"),
        ("Pacific/Noumea", f"vendredi 21 novembre 2025, 0{NBSP}h{NBSP}30"),
    ],
)
def test_moment_words_are_of_the_place(zone, words):
    assert dates.moment_words(HALF_PAST_TWO, zone) == words


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2025, 7, 1, 21, 59, tzinfo=UTC), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 22, 0, tzinfo=UTC), date(2025, 7, 2)),
        (datetime(2025, 12, 1, 22, 59, tzinfo=UTC), date(2025, 12, 1)),
        (datetime(2025, 12, 1, 23, 0, tzinfo=UTC), date(2025, 12, 2)),
        (datetime(2025, 12, 1, 13, 30, tzinfo=ZoneInfo("Pacific/Marquesas")), date(2025, 12, 2)),
    ],
)
def test_today_is_the_day_in_paris(at, day):
    assert dates.today(at) == day


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Paris", ""),
        ("Indian/Reunion", "heure de La Réunion"),
        ("Pacific/Marquesas", "heure des Marquises"),
        ("America/Miquelon", "heure de Saint-Pierre-et-Miquelon"),
    ],
)
def test_zone_words_name_the_time_of_a_territory(zone, words):
    assert dates.zone_words(zone) == words


@pytest.mark.parametrize("zone", dates.ZONE_NAMES)
def test_zone_named_exists_and_is_not_the_time_of_paris(zone):
    winter, summer = (datetime(2025, month, 15, 12, tzinfo=UTC) for month in (1, 7))
    offsets = [dates.local(at, zone).utcoffset() for at in (winter, summer)]
    assert offsets != [dates.local(at, "Europe/Paris").utcoffset() for at in (winter, summer)]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Marquesas", "Pacific/Noumea"])
@pytest.mark.parametrize(("hour", "minute", "day"), [(23, 59, 20), (0, 0, 19), (0, 1, 20)])
def test_last_local_day_of_midnight_is_the_day_before(zone, hour, minute, day):
    ends_at = datetime(2025, 11, 20, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert dates.last_local_day(ends_at, zone) == date(2025, 11, day)


@pytest.mark.parametrize(
    ("days", "length"),
    [
        ([], 0),
        ([20], 1),
        ([20, 20, 20], 1),
        ([20, 22, 24], 1),
        ([21, 20], 2),
        ([17, 18, 20, 21, 22, 25], 3),
        ([22, 21, 20, 18, 17], 3),
    ],
)
def test_longest_run_counts_days_that_follow_each_other(days, length):
    assert dates.longest_run([date(2025, 11, day) for day in days]) == length


def test_longest_run_goes_on_over_the_end_of_a_month():
    assert dates.longest_run([date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 2)]) == 3


@patient
@given(st.dates(), st.integers(0, 400))
def test_period_words_name_both_years_when_they_differ(first, length):
    if first > date.max - timedelta(days=length):
        return
    last = first + timedelta(days=length)
    words = dates.period_words(first, last)
    assert words.count(str(last.year)) >= 1
    assert words.split()[0] == ("le" if first == last else "du")
