"""Points of the globe, in degrees (WGS 84)."""

from math import asin, asinh, cos, degrees, pi, radians, sin, sqrt, tan

EARTH_RADIUS_KM = 6371.0


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in km between two points in degrees (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (lat_a, lon_a, lat_b, lon_b))
    chord = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def around(latitude: float, km: float) -> tuple[float, float]:
    """Return by how many degrees of latitude and of longitude a point at most `km` away differs, at most."""
    tall = degrees(km / EARTH_RADIUS_KM)
    if abs(latitude) + tall >= 90:
        return tall, 180.0
    return tall, degrees(asin(sin(radians(tall)) / cos(radians(latitude))))


def tile(latitude: float, longitude: float, zoom: int) -> tuple[int, int]:
    """Return the Web-Mercator tile (x, y) of a point in degrees (source: OGC WebMercatorQuad)."""
    side = 2**zoom
    x = int((longitude + 180) / 360 * side)
    y = int((1 - asinh(tan(radians(latitude))) / pi) / 2 * side)
    return min(max(x, 0), side - 1), min(max(y, 0), side - 1)
