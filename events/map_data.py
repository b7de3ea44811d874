"""The map's data for one view: cells counted in the database when far, points when few.

Every event of the view is in one cell or one point: their counts sum to the list's, online events aside.
"""

from datetime import datetime

from django.db.models import Avg, Count, F, Max, Min, QuerySet

from events.cards import Card
from events.models import Event
from events.querysets import GRID_ZOOM

# A cell is a quarter of a 256-pixel tile: 64 pixels, a finger's width apart.
CELLS_PER_TILE = 2
FEW = 40


def view_data(events: QuerySet, zoom: int, at: datetime) -> dict:
    """Return {"total": n, "cells": […], "points": […]} for events already limited to a box.

    A cell: lat, lon (the mean of its points), count, bbox [west, south, east, north], all in degrees.
    A point: lat, lon, title, url, when, place.
    """
    total = events.count()
    if total <= FEW:
        return {"total": total, "cells": [], "points": _points(events, at)}
    return {"total": total, "cells": _cells(events, zoom), "points": []}


def _cells(events: QuerySet, zoom: int) -> list[dict]:
    shift = max(GRID_ZOOM - zoom - CELLS_PER_TILE, 0)
    rows = (
        events.order_by()
        .values(x=F("tile_x").bitrightshift(shift), y=F("tile_y").bitrightshift(shift))
        .annotate(
            count=Count("pk"),
            lat=Avg("latitude"),
            lon=Avg("longitude"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
        )
        .order_by("x", "y")
    )
    return [
        {
            "lat": round(row["lat"], 5),
            "lon": round(row["lon"], 5),
            "count": row["count"],
            "bbox": [row["west"], row["south"], row["east"], row["north"]],
        }
        for row in rows
    ]


def _points(events: QuerySet, at: datetime) -> list[dict]:
    rows = Event.objects.for_list().filter(pk__in=list(events.values_list("pk", flat=True)))
    return [
        {
            "lat": card.event.latitude,
            "lon": card.event.longitude,
            "title": card.title,
            "url": card.get_absolute_url,
            "when": card.when_label,
            "place": card.place_label,
        }
        for card in (Card(row, at, {}) for row in rows.order_by("pk"))
    ]
