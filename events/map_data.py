"""The map's data for one view: cells counted in the database when far, points when few.

Every event of the view is in one cell or one point: their counts sum to the list's, online events aside.
"""

from collections.abc import Iterable
from datetime import datetime
from math import ceil, floor

from django.db.models import Avg, Count, F, Max, Min, QuerySet

from events.cards import Card
from events.models import Event
from events.querysets import GRID_ZOOM

# A cell is a quarter of a 256-pixel tile: 64 pixels, a finger's width apart.
CELLS_PER_TILE = 2
FEW = 40
SIDES = {
    "west": Min("longitude"),
    "south": Min("latitude"),
    "east": Max("longitude"),
    "north": Max("latitude"),
}


def view_data(events: QuerySet, zoom: int, at: datetime, formats: dict[str, str]) -> dict:
    """Return {"total": n, "cells": […], "points": […]} for events already limited to a box.

    A cell: lat, lon (the mean of its points), count, bbox [west, south, east, north], all in degrees.
    A point: lat, lon, title, url, when, place, organizer, format, access, tags, approximate.
    At the grid's own zoom, which asks for the list of one place, there are never cells but the first points.
    """
    cells = _cells(events, zoom)
    total = sum(cell["count"] for cell in cells)
    if total > FEW and zoom < GRID_ZOOM:
        return {"total": total, "cells": cells, "points": []}
    first = Event.objects.for_list().filter(pk__in=list(_first(events)))
    return {"total": total, "cells": [], "points": _points(Card(each, at, formats) for each in first)}


def _first(events: QuerySet) -> QuerySet:
    return events.order_by("last_ends_at", "pk").values_list("pk", flat=True)[:FEW]


def _cells(events: QuerySet, zoom: int) -> list[dict]:
    """Count by cell. A count of keys instead of rows would need the rows: the index holds no key."""
    shift = max(GRID_ZOOM - zoom - CELLS_PER_TILE, 0)
    rows = (
        events.order_by()
        .values(x=F("tile_x").bitrightshift(shift), y=F("tile_y").bitrightshift(shift))
        .annotate(count=Count("*"), lat=Avg("latitude"), lon=Avg("longitude"), **SIDES)
        .order_by("x", "y")
    )
    return [
        {"lat": round(row["lat"], 4), "lon": round(row["lon"], 4), "count": row["count"], "bbox": _bbox(row)}
        for row in rows
    ]


def _bbox(row: dict) -> list[float]:
    """Outwards, so that the box of a place holds the place."""
    south_west = (floor(row[side] * 10_000) / 10_000 for side in ("west", "south"))
    return [*south_west, *(ceil(row[side] * 10_000) / 10_000 for side in ("east", "north"))]


def _points(cards: Iterable[Card]) -> list[dict]:
    """Return the points in the order of their next slot."""
    return [point(card) for card in sorted(cards, key=_moment)]


def point(card: Card) -> dict:
    """Return what a popup says of an event that has a place on the map."""
    return {
        "lat": card.event.latitude,
        "lon": card.event.longitude,
        "title": card.title,
        "url": card.get_absolute_url,
        "when": card.when_label,
        "place": card.place_label,
        "organizer": card.organizer_name,
        "format": card.format_label,
        "access": card.access_label,
        "tags": _tags(card),
        "approximate": card.is_approximate,
    }


def bounds(points: list[dict]) -> list[list[float]] | None:
    """Return the south-west and north-east corners of points, None without one."""
    if not points:
        return None
    lats, lons = ([each[side] for each in points] for side in ("lat", "lon"))
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _moment(card: Card) -> tuple:
    return card.next_slot.starts_at, card.event.pk


def _tags(card: Card) -> list[str]:
    said = {"Annulé": card.is_cancelled, "Complet": card.is_full, "Exemple": card.is_example}
    return [word for word, true in said.items() if true]
