"""The counts beside every choice of the programme, each with the other filters applied.

What a facet's own filter leaves out is still counted beside its other choices: each count puts its own filter aside.
"""

from dataclasses import dataclass

from events.filters import ProgrammeFilter
from events.found import ARRAYS, FACETS, SINGLE, Found

__all__ = ["FACETS", "Counts", "count", "counted"]


@dataclass(frozen=True)
class Counts:
    """How many events are shown, how many more are over and hidden, and how many each choice would show.

    `online`: how many online events a place leaves out; 0 when none is asked for.
    """

    shown: int
    over: int
    online: int
    by_choice: dict[str, dict[str, int]]


NONE = Counts(0, 0, 0, {})


def count(filterset: ProgrammeFilter) -> Counts:
    """Return the counts of a filter state; all are 0 when one of its values is wrong."""
    return counted(Found(filterset)) if filterset.is_valid() else NONE


def counted(found: Found) -> Counts:
    shown, ever = found.shown().bit_count(), found.ever().bit_count()
    by_choice = {facet: found.counts(facet) for facet in (*SINGLE, *ARRAYS)}
    if not found.filterset.edition.is_over(found.at):
        by_choice["jour"] = found.day_counts()
    by_choice = {facet: numbers for facet, numbers in by_choice.items() if numbers}
    online = found.online().bit_count() if found.filterset.names_a_place else 0
    return Counts(shown, ever - shown, online, by_choice)
