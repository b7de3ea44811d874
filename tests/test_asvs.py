"""The table of the ASVS names every requirement of levels 1 and 2, and tests that exist."""

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
ROW = re.compile(
    r"^\| V(\d+)\.(\d+)\.(\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| (?:`(\w+)`)? ?\|$", re.MULTILINE
)
# How many the standard has of each level.
REQUIREMENTS = {"1": 70, "2": 183}
ANSWERS = {"oui", "partie", "non", "sans objet", "exploitant"}


def rows() -> list[tuple[str, ...]]:
    return ROW.findall((HERE / "ASVS.md").read_text())


def test_every_requirement_is_answered_once_and_in_order():
    numbers = [tuple(map(int, row[:3])) for row in rows()]
    assert numbers == sorted(set(numbers))
    assert Counter(row[3] for row in rows()) == REQUIREMENTS
    assert {row[5] for row in rows()} == ANSWERS


def test_what_is_not_met_says_why():
    assert [row[:3] for row in rows() if row[5] in ("partie", "non") and not row[6].strip()] == []


def test_every_test_that_is_named_exists():
    there = {
        name
        for path in HERE.rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert {row[7] for row in rows() if row[7]} - there == set()
