"""The drawn outlines of the territories, a TopoJSON topology (source: github.com/topojson/topojson-specification)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations


def neighbours(topology: dict, name: str) -> set[tuple[str, str]]:
    """Return the pairs of codes, both ways, whose outlines have a line in common.

    `name`: the collection of geometries, each with a `code` in its properties. Points in common do not count.
    """
    sides = defaultdict(set)
    for geometry in topology["objects"][name]["geometries"]:
        for arc in _arcs(geometry["arcs"]):
            # A line drawn the other way round bears the complement of its number.
            sides[max(arc, ~arc)].add(geometry["properties"]["code"])
    return {pair for codes in sides.values() for pair in permutations(codes, 2)}


def _arcs(nested: list | int) -> Iterator[int]:
    """The numbers of the arcs of a polygon or several, however deep they lie."""
    if isinstance(nested, int):
        yield nested
    else:
        for each in nested:
            yield from _arcs(each)
