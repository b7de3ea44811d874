"""The words of the examples, from `fixtures/examples.json`, and how French joins them."""

import json
from functools import cache
from random import Random

from django.conf import settings

PATH = settings.BASE_DIR / "fixtures" / "examples.json"
EVERYWHERE = {"city": "La France", "at_city": "partout en France"}


@cache
def vocabulary() -> dict:
    return json.loads(PATH.read_text(encoding="utf-8"))


def of(phrase: str) -> str:
    """Return « du four », « des fours », « de la forge » for "le four", "les fours", "la forge"."""
    return _contracted(phrase, "de", "du", "des")


def to(phrase: str) -> str:
    """Return « au four », « aux fours », « à la forge »."""
    return _contracted(phrase, "à", "au", "aux")


def at(city: str) -> str:
    """Return « à Lille », « au Havre », « aux Abymes »."""
    return _contracted(city, "à", "au", "aux")


def _contracted(phrase: str, preposition: str, masculine: str, plural: str) -> str:
    article, _, rest = phrase.partition(" ")
    joined = {"le": masculine, "les": plural}.get(article.lower())
    return f"{joined} {rest}" if joined and rest else f"{preposition} {phrase}"


def pick(rng: Random, sector: str, city: str) -> dict[str, str]:
    """Return what fills the braces of a title or a summary; `city` may be empty."""
    words = vocabulary()["sectors"][sector]
    site, work, thing = (rng.choice(words[name]) for name in ("sites", "works", "things"))
    return {
        "site": site,
        "of_site": of(site),
        "work": work,
        "of_work": of(work),
        "to_work": to(work),
        "thing": thing,
        "Thing": thing[0].upper() + thing[1:],
        "of_thing": of(thing),
        **({"city": city, "at_city": at(city)} if city else EVERYWHERE),
    }


def weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights.values())[0]
