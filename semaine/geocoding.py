"""Client of the national address service (Géoplateforme, Base adresse nationale). Nobody needs it to go on.

GET `GEOCODER_URL`?q=…&citycode=…&limit=1&autocomplete=0 answers a GeoJSON FeatureCollection: `geometry.coordinates`
are [longitude, latitude] in degrees (WGS 84), `properties.score` goes from 0 to 1, `properties.type` is housenumber,
street, locality or municipality, `properties.citycode` the INSEE code (of the arrondissement in Paris, Lyon and
Marseille). More than 50 requests a second are answered 429. Source: the service's documentation, geoservices.ign.fr.
"""

import json
import logging
import re
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

from semaine import outgoing
from semaine.models import Commune

TIMEOUT = 2  # seconds, for the whole answer
OK = 200
LEAST_SCORE = 0.7
EXACT = ("housenumber", "street", "locality")
LONGEST_QUESTION = 200
LONGEST_ANSWER = 200_000  # bytes
# After a failure nobody else waits for the same one.
REST = 30  # seconds
RESTING = "geocoding-rests"

# Not there, not in time, or an answer that is none.
FAILURES = (
    outgoing.Unanswered,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)

logger = logging.getLogger(__name__)


class Located(NamedTuple):
    """A point in degrees, what it is (housenumber, street or locality), and how sure the service is (0 to 1)."""

    latitude: float
    longitude: float
    kind: str
    score: float


def answers() -> bool:
    """Is there a service, and did it not fail within the last seconds?"""
    return bool(settings.GEOCODER_URL) and not cache.get(RESTING)


def locate(address: str, postal_code: str, commune: Commune) -> Located | None:
    """Return the point of an address in a commune.

    None when the service does not answer in time, does not know the address, is not sure of it (score below 0.7),
    or finds it in another commune: the caller then takes the commune's centre.
    """
    question = re.sub(r"^[^0-9a-zA-ZÀ-ÿ]+", "", f"{address} {postal_code} {commune.name}")[:LONGEST_QUESTION]
    if len(question) < 3 or not answers():
        return None
    parts = set(commune.parts.values_list("pk", flat=True))
    # Paris, Lyon and Marseille are known by their arrondissements.
    where = {} if parts else {"citycode": commune.pk}
    try:
        answer = _ask({"q": question, "limit": 1, "autocomplete": 0} | where)
        return _read(answer, {commune.pk, *parts})
    except FAILURES as error:
        logger.warning("The address service failed: %s", type(error).__name__)
        cache.set(RESTING, True, timeout=REST)
        return None


def _ask(parameters: dict) -> dict:
    answer = outgoing.get(settings.GEOCODER_URL, parameters, seconds=TIMEOUT, at_most=LONGEST_ANSWER)
    if answer.status != OK:
        raise ValueError(f"status {answer.status}")
    return json.loads(answer.body)


def _read(answer: dict, codes: set[str]) -> Located | None:
    features = answer["features"]
    if not features:
        return None
    found = features[0]["properties"]
    longitude, latitude = map(float, features[0]["geometry"]["coordinates"][:2])
    score = float(found["score"])
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and score <= 1
    if not known or score < LEAST_SCORE or found["citycode"] not in codes or found["type"] not in EXACT:
        return None
    # A metre is enough, and what a form shows then comes back the same.
    return Located(round(latitude, 5), round(longitude, 5), found["type"], round(score, 3))
