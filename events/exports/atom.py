"""The programme as a feed (Atom, RFC 4287), for a feed reader or another site."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings

from events.cards import Card
from events.exports.extract import Extract
from semaine.text import without_controls

NAMESPACE = "http://www.w3.org/2005/Atom"


def pieces(extract: Extract) -> Iterator[bytes]:
    yield _head(extract)
    for card in extract.cards():
        yield tostring(_entry(card), encoding="utf-8") + b"\n"
    yield b"</feed>\n"


def _head(extract: Extract) -> bytes:
    feed = Element("feed", {"xmlns": NAMESPACE, "xml:lang": "fr"})
    _text(feed, "id", extract.uid.urn)
    _text(feed, "title", f"Programme de la {extract.title}")
    _text(feed, "updated", extract.updated_at.isoformat())
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=extract.url)
    SubElement(feed, "link", rel="alternate", type="text/html", href=extract.page_url)
    # An entry without an author of its own would need it; each has one.
    _text(SubElement(feed, "author"), "name", "Semaine de l’industrie")
    feed.tail = "\n"
    whole = tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole.replace(b"</feed>", b"")


def _entry(card: Card) -> Element:
    event = card.event
    entry = Element("entry")
    _text(entry, "id", event.uid.urn)
    _text(entry, "title", f"Annulé : {card.title}" if card.is_cancelled else card.title)
    _text(entry, "updated", event.updated_at.isoformat())
    _text(entry, "published", (event.labelled_at or event.created_at).isoformat())
    url = settings.SITE_URL + card.get_absolute_url
    SubElement(entry, "link", rel="alternate", type="text/html", href=url)
    author = SubElement(entry, "author")
    _text(author, "name", card.organizer_name)
    _text(author, "uri", settings.SITE_URL + card.organizer_url)
    for code in filter(None, [event.format_code, *event.sector_codes, *event.audience_codes]):
        SubElement(entry, "category", term=code)
    _text(entry, "summary", "\n".join(filter(None, [card.dates_label, card.address_label, card.summary])))
    return entry


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = without_controls(text)
