"""An event as another site shows it when somebody pastes its address there: oEmbed (oembed.com, version 1.0)."""

from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from events.cards import Card
from semaine.text import without_controls

WIDTH, HEIGHT = 600, 480  # pixels, unless who asks has less room
PICTURE = (1200, 630)
KEPT = 300  # seconds
JSON, XML = "json", "xml"
TYPES = {JSON: "application/json+oembed", XML: "text/xml+oembed"}


class Room(NamedTuple):
    """The most pixels that who asks has; None: as many as we like."""

    width: int | None = None
    height: int | None = None

    def within(self, width: int, height: int) -> tuple[int, int]:
        return min(width, self.width or width), min(height, self.height or height)


def document(card: Card, room: Room) -> dict:
    """Return what the specification calls a rich response: a frame of ours, and no script."""
    width, height = room.within(WIDTH, HEIGHT)
    return {
        "version": "1.0",
        "type": "rich",
        "title": without_controls(_title(card)),
        "author_name": without_controls(card.organizer_name),
        "author_url": settings.SITE_URL + card.organizer_url,
        "provider_name": "Semaine de l’industrie",
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": KEPT,
        **_picture(card, room),
        "html": _frame(card, width, height),
        "width": width,
        "height": height,
    }


def as_xml(told: dict) -> bytes:
    whole = Element("oembed")
    for name, value in told.items():
        SubElement(whole, name).text = f"{value}"
    return b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + tostring(whole, encoding="utf-8")


def links(url: str) -> dict[str, str]:
    """Return the address of what is told of a page, by the type of each format."""
    here = settings.SITE_URL + reverse("oembed")
    return {kind: f"{here}?{urlencode({'url': url, 'format': name})}" for name, kind in TYPES.items()}


def _title(card: Card) -> str:
    return f"Annulé : {card.title}" if card.is_cancelled else card.title


def _picture(card: Card, room: Room) -> dict:
    """Nothing where there is no room for it: it has one size."""
    if room.within(*PICTURE) != PICTURE:
        return {}
    url = settings.SITE_URL + reverse("event_picture", args=[card.event.edition.year, card.event.slug])
    return dict(zip(("thumbnail_url", "thumbnail_width", "thumbnail_height"), (url, *PICTURE), strict=True))


def _frame(card: Card, width: int, height: int) -> str:
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
        'style="max-width: 100%; border: 0"></iframe>',
        settings.SITE_URL + reverse("embed_event", args=[card.event.edition.year, card.event.slug]),
        without_controls(_title(card)),
        width,
        height,
    )
