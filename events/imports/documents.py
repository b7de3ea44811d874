"""JSON files: the events that other sites export, each kind with its own reading."""

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from events.enums import Source
from events.imports import france_travail, openagenda
from events.imports.columns import BY_KEY
from events.imports.limits import Refused

# Brackets and commas of five thousand events with all that an agenda tells of them.
MOST_MARKS = 1_500_000
# A true export has six levels; what is deeper would exhaust whoever walks through it.
MOST_LEVELS = 30
UNREADABLE = "Ce fichier JSON est abîmé : téléchargez de nouveau l’export de votre agenda."
TOO_DEEP = "Ce fichier JSON s’emboîte sans fin : téléchargez de nouveau l’export de votre agenda."
TOO_BIG = "Ce fichier JSON est trop gros une fois ouvert : partagez-le en plusieurs exports."
NO_EVENTS = (
    "Ce fichier JSON n’est pas un export d’OpenAgenda, qui a une liste « events », ni de France Travail, qui a une "
    "liste « content »."
)


class Kind(NamedTuple):
    """Whose export it is; `list` is the name of the list that holds the events.

    `keys_of`: of some events, the keys of the columns that they have.
    """

    source: Source
    list: str
    keys_of: Callable[[list[dict]], tuple[str, ...]]
    cells_of: Callable[[dict], dict[str, str]]


OPENAGENDA = Kind(Source.OPENAGENDA, "events", openagenda.keys_of, openagenda.cells_of)
FRANCE_TRAVAIL = Kind(Source.FRANCE_TRAVAIL, "content", france_travail.keys_of, france_travail.cells_of)
BY_LIST = {kind.list: kind for kind in (OPENAGENDA, FRANCE_TRAVAIL)}


def kind_of(name: str, first: dict) -> Kind:
    """Return whose events they are: by the name of their list, or a list alone by what its first event tells."""
    return BY_LIST.get(name) or (FRANCE_TRAVAIL if "dateEvenement" in first else OPENAGENDA)


def events(content: bytes) -> tuple[Kind, list[dict]]:
    """Return the events of an export: `{"events": [...]}`, `{"content": [...]}`, or the list alone."""
    if sum(content.count(mark) for mark in (b"[", b"{", b",")) > MOST_MARKS:
        raise Refused(TOO_BIG)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    # ValueError: no UTF-8, no JSON, or a number of thousands of digits.
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None
    name = next((each for each in BY_LIST if each in found), "") if isinstance(found, dict) else ""
    listed = found.get(name) if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refused(NO_EVENTS)
    if is_deep(listed):
        raise Refused(TOO_DEEP)
    return kind_of(name, listed[0] if listed else {}), listed


def is_deep(value, levels: int = MOST_LEVELS) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(is_deep(each, levels - 1) for each in inner)


def rows(kind: Kind, listed: list[dict]) -> Iterator[list[str]]:
    """Return the header, then one row per event."""
    keys = kind.keys_of(listed)
    yield [BY_KEY[key].name for key in keys]
    for event in listed:
        cells = kind.cells_of(event)
        yield [cells.get(key, "") for key in keys]
