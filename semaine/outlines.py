"""France drawn small: the outline of each département, as SVG path data on one grid of 662 × 610 units.

The five overseas départements stand in frames below the Atlantic coast; the eight collectivités are not drawn.
"""

import json
import re
from collections.abc import Iterable
from itertools import accumulate

from django.conf import settings

# code → path data
OUTLINES = json.loads((settings.BASE_DIR / "fixtures" / "outlines.json").read_text())


def view_box(codes: Iterable[str]) -> str:
    """Return the SVG viewBox around the outlines of some territories; nothing when none of them is drawn."""
    points = [point for code in codes for point in _points(OUTLINES.get(code, ""))]
    if not points:
        return ""
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*points, strict=True))
    return f"{left - 1} {top - 1} {right - left + 2} {bottom - top + 2}"


def _points(path: str) -> Iterable[tuple[int, int]]:
    """The corners of rings such as « M303 165l3-2-3-3z »: the first absolute, the others from the one before."""
    for ring in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        yield from zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)
