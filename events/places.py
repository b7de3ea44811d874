"""Where an event is: its point, its département, its time zone and the words people search it by."""

from events.enums import PointSource, Precision
from events.models import Event
from events.querysets import GRID_ZOOM
from semaine import geocoding
from semaine.dates import HOME_ZONE
from semaine.geometry import tile
from semaine.models import Commune
from semaine.text import sort_key

# What the address service found, as exactly as we say it.
PRECISIONS = {
    "housenumber": Precision.ADDRESS,
    "street": Precision.STREET,
    "locality": Precision.STREET,
}


def located(address: str, postal_code: str, commune: Commune) -> dict:
    """Return the point of an address by the names of the event's fields; nothing when it is not known.

    It asks the address service, for two seconds at most: never inside a transaction.
    """
    found = geocoding.locate(address, postal_code, commune)
    if found is None:
        return {}
    return {
        "latitude": found.latitude,
        "longitude": found.longitude,
        "precision": PRECISIONS[found.kind],
        "point_source": PointSource.ADDRESS_SERVICE,
        "geocoding_score": found.score,
    }


def settle(event: Event) -> None:
    """Work out what follows from the commune and the mode. The commune decides the département.

    A purely online event follows its organization's headquarters, for competence only, else it is the nation's.
    """
    if not event.mode.has_place:
        event.commune = None
        event.venue = event.address = event.postal_code = ""
    commune = event.commune or event.organization.headquarters
    before, event.department = event.department_id, commune.department if commune else None
    if event.department_id != before:
        # Whom it was handed to may have no right there.
        event.handed_to = None
    event.timezone = event.commune.timezone if event.commune else HOME_ZONE
    event.place_name = " ".join(filter(None, [event.venue, _names(event)]))[:200]
    copy_organizer(event)
    _put_on_map(event)


def copy_organizer(event: Event) -> None:
    """Write the organization's name where the search finds it: again when it is renamed."""
    event.organizer_name = event.organization.name
    event.trigram_key = sort_key(f"{event.title} {event.organizer_name} {event.place_name}")[:500]


def _names(event: Event) -> str:
    if event.commune is None:
        return ""
    return f"{event.commune.name} {event.commune.department.name}"


def _put_on_map(event: Event) -> None:
    """Keep a point that the address service or a person gave; any other is the commune's centre."""
    if event.commune is None or not event.point_source:
        _put_in_centre(event)
    put_on_grid(event)


def put_on_grid(event: Event) -> None:
    known = event.latitude is not None
    event.tile_x, event.tile_y = tile(event.latitude, event.longitude, GRID_ZOOM) if known else (None, None)


def _put_in_centre(event: Event) -> None:
    commune = event.commune
    known = commune is not None and commune.latitude is not None
    centre = (commune.latitude, commune.longitude) if known else (None, None)
    if (event.latitude, event.longitude) != centre:
        # A point goes: its address is to be looked up again.
        event.address_asked = ""
    event.point_source, event.geocoding_score = "", None
    event.precision = Precision.COMMUNE if known else ""
    event.latitude, event.longitude = centre
