"""Working days of the State's services, here and overseas."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semaine.working_days import SUBDIVISIONS, between, is_working_day, shift
from tests.properties import patient

DAYS = st.dates(date(2016, 1, 1), date(2035, 12, 31))
TERRITORIES = st.sampled_from(["", "75", "2A", *SUBDIVISIONS])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 11, 10), True),
        (date(2025, 11, 11), False),
        (date(2025, 11, 14), True),
        (date(2025, 11, 15), False),
        (date(2025, 11, 16), False),
        (date(2025, 12, 25), False),
        (date(2025, 12, 26), True),
        (date(2025, 4, 21), False),
        (date(2025, 6, 9), False),
    ],
)
def test_working_day_is_no_weekend_nor_public_holiday(day, works):
    assert is_working_day(day, "90") is works


@pytest.mark.parametrize(
    ("codes", "day"),
    [
        (["57", "67", "68"], date(2025, 12, 26)),
        (["57", "67", "68"], date(2025, 4, 18)),
        (["971"], date(2025, 5, 27)),
        (["972"], date(2026, 5, 22)),
        (["973"], date(2025, 6, 10)),
        (["974"], date(2024, 12, 20)),
        (["976"], date(2026, 4, 27)),
        (["977"], date(2025, 10, 9)),
        (["978"], date(2025, 5, 28)),
        (["987"], date(2026, 3, 5)),
        (["988"], date(2025, 9, 24)),
    ],
)
def test_holiday_of_a_territory_is_a_working_day_elsewhere(codes, day):
    assert [is_working_day(day, code) for code in codes] == [False] * len(codes)
    assert is_working_day(day, "75") is True


@pytest.mark.parametrize(
    ("day", "days", "code", "expected"),
    [
        (date(2025, 10, 1), 4, "", date(2025, 10, 7)),
        (date(2025, 10, 3), 1, "", date(2025, 10, 6)),
        (date(2025, 10, 4), 1, "", date(2025, 10, 6)),
        (date(2025, 11, 10), 1, "", date(2025, 11, 12)),
        (date(2025, 11, 12), -1, "", date(2025, 11, 10)),
        (date(2025, 10, 6), -1, "", date(2025, 10, 3)),
        (date(2025, 10, 5), -1, "", date(2025, 10, 3)),
        (date(2025, 12, 24), 1, "90", date(2025, 12, 26)),
        (date(2025, 12, 24), 1, "67", date(2025, 12, 29)),
        (date(2024, 12, 19), 1, "974", date(2024, 12, 23)),
        (date(2025, 10, 4), 0, "", date(2025, 10, 4)),
    ],
)
def test_shift_skips_what_is_no_working_day(day, days, code, expected):
    assert shift(day, days, code) == expected


@patient
@given(DAYS, st.integers(-15, 15).filter(bool), TERRITORIES)
def test_shift_passes_over_as_many_working_days_as_asked(day, days, code):
    end = shift(day, days, code)
    step = 1 if days > 0 else -1
    passed = [day + timedelta(days=step * number) for number in range(1, abs((end - day).days) + 1)]
    assert [is_working_day(each, code) for each in passed].count(True) == abs(days)
    assert passed[-1] == end
    assert is_working_day(end, code) is True


@patient
@given(DAYS, st.integers(1, 15), TERRITORIES)
def test_shift_there_and_back_returns_to_a_working_day(day, days, code):
    start = shift(day, 1, code)
    assert shift(shift(start, days, code), -days, code) == start


@given(DAYS, st.integers(0, 30), TERRITORIES)
def test_days_between_are_those_that_were_counted(day, number, code):
    assert between(day, shift(day, number, code), code) == number


def test_days_between_leave_the_first_out_and_hold_the_last():
    friday, monday = date(2025, 10, 3), date(2025, 10, 6)
    assert [between(friday, monday), between(monday, monday), between(friday, date(2025, 10, 5))] == [1, 0, 0]
