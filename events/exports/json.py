"""The programme as JSON: what the CSV tells, an object for each event."""

import json
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from events.exports.columns import record
from events.exports.extract import Extract


def pieces(extract: Extract) -> Iterator[bytes]:
    head = {
        "title": extract.title,
        "url": extract.page_url,
        "schema": settings.SITE_URL + reverse("programme_schema"),
        "edition": extract.filterset.edition.year,
        "total": len(extract.ids),
    }
    return collection(head, "events", map(record, extract.cards()))


def collection(head: dict, name: str, items: Iterator[dict]) -> Iterator[bytes]:
    """Return the bytes of an object whose last member is a list, one item a line, without holding the list."""
    yield f'{_text(head)[:-1]}, "{name}": ['.encode()
    between = "\n"
    for item in items:
        yield f"{between}{_text(item)}".encode()
        between = ",\n"
    yield b"\n]}\n"


def _text(value: dict) -> str:
    return json.dumps(value, ensure_ascii=False)
