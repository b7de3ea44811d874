"""Client of an agenda's API in the shape of OpenAgenda (v2), read page by page.

GET …/v2/agendas/<uid>/events?size=300&after[]=… with the header `key` answers `{total, events[], after}`. `after` may
stay when all is read, so what was seen is counted. Source: developers.openagenda.com, « Lecture ».
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from semaine import outgoing

SIZE = 300  # events of a page, the most that is given
SECONDS = 120  # for a whole page
OK, TOO_MANY, BROKEN = 200, 429, 500
LARGEST = 40_000_000  # bytes of a page
TRIES = 5
LONGEST_PAUSE = 300  # seconds
# With the texts of the options, not only their numbers.
ASKED = {"size": SIZE, "detailed": 1, "includeLabels": 1}


class Unreachable(Exception):
    """The agenda gives no more; the message is a French sentence."""


class Page(NamedTuple):
    total: int
    events: list


class _Later(Exception):
    """The server asks to come back, after so many seconds if it says so."""

    def __init__(self, seconds: float | None):
        super().__init__(seconds)
        self.seconds = seconds


def is_allowed(address: str) -> bool:
    """Is it an address of one of the agendas that the settings name?"""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower() in settings.AGENDA_ORIGINS


def pages(address: str, key: str, pause: Callable[[float], None] = time.sleep) -> Iterator[Page]:
    """Yield the pages of an agenda to its end; raises Unreachable. `pause`: waits so many seconds."""
    if not is_allowed(address):
        allowed = ", ".join(settings.AGENDA_ORIGINS)
        raise Unreachable(f"Cette adresse n’est pas celle d’un agenda permis : {allowed} (AGENDA_ORIGINS).")
    seen, after = 0, []
    while True:
        page, following = _page(address, key, after, pause)
        seen += len(page.events)
        yield page
        if not page.events or not following or following == after or seen >= page.total:
            return
        after = following


def _page(address: str, key: str, after: list, pause) -> tuple[Page, list]:
    answer = _patiently(address, key, after, pause)
    try:
        listed, total, following = answer["events"], answer["total"], answer.get("after")
    except (TypeError, KeyError):
        listed = total = following = None
    if not isinstance(listed, list) or not isinstance(total, int):
        raise Unreachable(
            "La réponse n’est pas celle d’un agenda : elle n’a pas de « total » ni de liste « events »."
        )
    return Page(total, listed), following if isinstance(following, list) else []


def _patiently(address: str, key: str, after: list, pause):
    for number in range(TRIES):
        try:
            return _ask(address, key, after)
        except (_Later, outgoing.Unanswered) as error:
            asked = getattr(error, "seconds", None)
            if number < TRIES - 1:
                pause(min(LONGEST_PAUSE, 2**number if asked is None else asked))
    raise Unreachable(f"L’agenda ne répond pas après {TRIES} essais : relancez la commande plus tard.")


def _ask(address: str, key: str, after: list):
    parameters = [*parse_qsl(urlsplit(address).query), *ASKED.items(), *(("after[]", each) for each in after)]
    bare = address.split("?")[0].split("#")[0]
    headers = {"key": key} if key else {}
    try:
        answer = outgoing.get(bare, parameters, headers=headers, seconds=SECONDS, at_most=LARGEST)
    except outgoing.TooMuch:
        raise Unreachable("La réponse de l’agenda est trop longue, ou trop lente.") from None
    return _read(answer)


def _read(answer: outgoing.Answer):
    if answer.status == TOO_MANY or answer.status >= BROKEN:
        raise _Later(_seconds(answer.headers.get("Retry-After", "")))
    if answer.status != OK:
        raise Unreachable(
            f"L’agenda refuse la demande (réponse {answer.status}) : vérifiez l’adresse et la clé."
        )
    try:
        return json.loads(answer.body)
    # ValueError: no UTF-8, no JSON, or a number of thousands of digits.
    except (ValueError, RecursionError):
        raise Unreachable("La réponse de l’agenda n’est pas du JSON.") from None


def _seconds(retry_after: str) -> float | None:
    """Return what a Retry-After asks, given in seconds or as a date."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after[:6])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
