"""France with its numbers of events: a drawing of the départements, and the collectivités beside it."""

from collections.abc import Callable, Iterable
from math import ceil, sqrt
from typing import NamedTuple

from semaine.models import Department
from semaine.outlines import OUTLINES
from semaine.text import NBSP, count

DARKEST = 5


class Territory(NamedTuple):
    """`words` is « Belfort : 12 événements »; `tint` goes from 0 (nothing) to 5 (the most)."""

    code: str
    name: str
    count: int
    words: str
    url: str
    tint: int
    path: str


class France(NamedTuple):
    """`drawn`: the 101 départements, by name; `others`: the collectivités that hold an event."""

    drawn: list[Territory]
    others: list[Territory]
    count: int


def france(counts: dict[str | None, int], address: Callable[[str], str]) -> France:
    """Return the numbers of events by département. One query.

    `counts`: by code; a purely online event is in none, and left out. `address` gives the page that a code leads to.
    """
    counts = {code: number for code, number in counts.items() if code}
    return drawn(counts, Department.objects.values_list("code", "name"), address)


def drawn(counts: dict[str, int], names: Iterable[tuple[str, str]], address: Callable[[str], str]) -> France:
    """Return the same of numbers already counted, by code. `names`: code and name of every territory, in order."""
    most = max(counts.values(), default=0)
    territories = [
        Territory(
            code=code,
            name=name,
            count=number,
            words=f"{name}{NBSP}: {count(number, 'événement')}",
            url=address(code),
            tint=ceil(DARKEST * sqrt(number / most)) if most else 0,
            path=OUTLINES.get(code, ""),
        )
        for code, name in names
        for number in [counts.get(code, 0)]
    ]
    return France(
        drawn=[each for each in territories if each.path],
        others=[each for each in territories if each.count and not each.path],
        count=sum(counts.values()),
    )
