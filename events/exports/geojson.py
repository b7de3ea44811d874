"""The programme for maps: GeoJSON (RFC 7946), a feature for each event; one without a point has a null geometry."""

from collections.abc import Iterator

from events.cards import Card
from events.exports.columns import record
from events.exports.extract import Extract
from events.exports.json import collection

# The geometry tells where; the long text is for the page.
LEFT_OUT = ("latitude", "longitude", "longdescription_fr")


def pieces(extract: Extract) -> Iterator[bytes]:
    return collection({"type": "FeatureCollection"}, "features", map(_feature, extract.cards()))


def _feature(card: Card) -> dict:
    told = record(card)
    longitude, latitude = told["longitude"], told["latitude"]
    point = {"type": "Point", "coordinates": [longitude, latitude]} if latitude is not None else None
    return {
        "type": "Feature",
        "id": told["uid"],
        "geometry": point,
        "properties": {name: value for name, value in told.items() if name not in LEFT_OUT},
    }
