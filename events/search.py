"""French full text over what the public reads of an event, and the distance to it.

Two configurations side by side: `french` stems « employée » and « employé » alike; `french_plain` first drops the
accents, so that "metallurgie" finds « métallurgie ». A word found by either is found.
"""

import re
from math import cos, degrees, radians

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

from semaine.geometry import EARTH_RADIUS_KM

CONFIGURATIONS = ("french", "french_plain")
WEIGHTS = {"title": "A", "organizer_name": "B", "place_name": "B", "summary": "C"}


def search_document() -> GeneratedField:
    """Return the stored `tsvector` of an event: title, organizer and place names, summary."""
    vectors = [
        SearchVector(field, weight=weight, config=configuration)
        for configuration in CONFIGURATIONS
        for field, weight in WEIGHTS.items()
    ]
    document = vectors[0]
    for vector in vectors[1:]:
        document = document + vector
    return GeneratedField(expression=document, output_field=SearchVectorField(), db_persist=True)


def matches(words: str) -> Q:
    """Return the condition that an event matches the words: all of them, "exact phrases", the last one as a prefix."""
    return Q(search=_query(words))


def relevance(words: str) -> SearchRank:
    """Return how well an event matches: its title counts most, then organizer and place, then the summary."""
    return SearchRank(F("search"), _query(words))


def distance_km(latitude: float, longitude: float):
    """Return the expression of the distance in km from a point in degrees (haversine, as `semaine.geometry`)."""
    half = Value(0.5)
    north = Sin((Radians("latitude") - Value(radians(latitude))) * half)
    east = Sin((Radians("longitude") - Value(radians(longitude))) * half)
    across = Value(cos(radians(latitude))) * Cos(Radians("latitude"))
    chord = north * north + across * east * east
    return Value(2 * EARTH_RADIUS_KM) * ASin(Least(Value(1.0), Sqrt(chord)))


def within(latitude: float, longitude: float, km: float) -> Q:
    """Return the condition that an event's point is at most `km` away; one without a point never is."""
    near = Q(LessThanOrEqual(distance_km(latitude, longitude), Value(km)))
    # The frame is cheap to compare with, and drops nearly everything before the trigonometry.
    tall = degrees(km / EARTH_RADIUS_KM)
    return Q(latitude__range=(latitude - tall, latitude + tall)) & near


def _query(words: str):
    query = None
    for configuration in CONFIGURATIONS:
        part = _in(words, configuration)
        query = part if query is None else query | part
    return query


def _in(words: str, configuration: str):
    whole = SearchQuery(words, config=configuration, search_type="websearch")
    last = re.search(r"(?:^|\s)(\w{2,})$", words)
    if last is None:
        return whole
    # Someone still typing "industri" means « industrie » and « industrielle ».
    prefix = SearchQuery(f"{last[1]}:*", config=configuration, search_type="raw")
    before = words[: last.start()].strip()
    if not before:
        return whole | prefix
    return whole | SearchQuery(before, config=configuration, search_type="websearch") & prefix
