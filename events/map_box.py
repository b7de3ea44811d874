"""The box of a map's view: « west,south,east,north » in degrees, widened to a grid so that addresses repeat."""

from math import ceil, floor

from django import forms

from events import filter_fields
from events.filter_fields import Box
from events.querysets import GRID_ZOOM

WHOLE_WORLD = (-180.0, -90.0, 180.0, 90.0)
# Ten metres. In whole units nothing is lost between the browser's arithmetic and ours.
UNITS = 10_000
# The grid has 8 to 15 steps in the larger side of a box.
STEPS = 4


def snapped(box: Box) -> Box:
    """Return the box widened to its grid and cut to the world; what is on its grid stays as it is.

    `static/js/map_view.js` does the same: views that differ little ask for the same data.
    """
    # Less than a millimetre is an error of arithmetic, not a reason to widen.
    west, south, east, north = (round(side * UNITS, 3) for side in box)
    sides = _cut([floor(west), floor(south), ceil(east), ceil(north)])
    while True:
        west, south, east, north = sides
        step = 1 << max(0, max(east - west, north - south).bit_length() - STEPS)
        lower, upper = (west // step, south // step), (-(-east // step), -(-north // step))
        wider = _cut([number * step for number in (*lower, *upper)])
        if wider == sides:
            return tuple(side / UNITS for side in sides)
        sides = wider


def _cut(sides: list[int]) -> list[int]:
    most = (180 * UNITS, 90 * UNITS, 180 * UNITS, 90 * UNITS)
    return [max(-limit, min(limit, side)) for side, limit in zip(sides, most, strict=True)]


class BoxField(filter_fields.BoxField):
    """A box, snapped; the whole world when there is none."""

    def to_python(self, value) -> Box:
        box = super().to_python(value)
        return snapped(box) if box else WHOLE_WORLD


class ViewForm(forms.Form):
    bbox = BoxField(required=False)
    zoom = forms.IntegerField(
        min_value=0,
        max_value=GRID_ZOOM,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"« zoom » est un nombre entier de 0 à {GRID_ZOOM}.",
        ),
    )
