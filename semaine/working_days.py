"""Working days of the State's services: Monday to Friday, less the public holidays of the territory.

Source of the holidays: the library `holidays`, which knows Alsace-Moselle and overseas.
"""

from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

# The library's names of the territories that have holidays of their own.
SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974",
    "976": "976", "977": "BL", "978": "MF", "975": "PM", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@cache
def _calendar(subdivision: str | None) -> holidays.HolidayBase:
    return holidays.France(subdiv=subdivision)


def is_working_day(day: date, department_code: str = "") -> bool:
    return day.weekday() < 5 and day not in _calendar(SUBDIVISIONS.get(department_code))


def shift(day: date, working_days: int, department_code: str = "") -> date:
    """Return the day that lies so many working days after `day` (before it, when negative)."""
    step = timedelta(days=1 if working_days > 0 else -1)
    left = abs(working_days)
    while left:
        day += step
        left -= is_working_day(day, department_code)
    return day


@lru_cache(maxsize=4096)
def between(first: date, last: date, department_code: str = "") -> int:
    """Return how many working days lie after `first`, up to `last` included."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day, department_code) for day in days)
