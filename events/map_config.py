"""What the script of a map is told: where it opens, whence its events come, where its links lead."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

# Degrees: south-west and north-east corners.
METROPOLE = [[41.3, -5.2], [51.1, 9.6]]


def map_config(query: str, bounds: list[list[float]] | None, **own) -> dict:
    """Return what `static/js/map.js` reads.

    `query`: the filters, as the programme writes them; `bounds`: the corners of what the map opens on, else it opens
    on the métropole. `own`: `zone`, the box that the page's list is limited to.
    """
    tiles = {"url": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION}
    return {
        "dataUrl": reverse("map_data"),
        "outlinesUrl": static("geo/france.topo.json"),
        "bounds": bounds or METROPOLE,
        "query": query,
        "tiles": tiles if settings.TILE_URL else None,
        "zone": "",
        "listUrl": "",
        "isWanted": False,
        "padding": [0, 0],
    } | own


def map_beside(query: str, bounds: list[list[float]] | None, **own) -> dict:
    """Return the same for a page that is not the map's own: it loads the script once the map is wanted.

    `own`: `points`, those of the page itself, which leave nothing to ask the server for.
    """
    # So that no marker is cut by the edge of a small frame.
    return map_config(query, bounds, listUrl=reverse("map"), isWanted=True, padding=[30, 30], **own)
