"""Events as a calendar: RFC 5545, with the properties of RFC 7986 that calendars read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Component

from events.agenda import start_key
from events.cards import Card
from events.exports.extract import Extract
from events.exports.timezones import timezone_text
from events.models import Event, TimeSlot
from semaine.text import without_controls

NAME = "Semaine de l’industrie"
END = b"END:VCALENDAR\r\n"
# How often a subscribed calendar asks again.
REFRESH = timedelta(hours=6)


def calendar(events: Iterable[Event], *, key: str = "") -> bytes:
    """Return the VCALENDAR of events read with `for_list()`: one VEVENT per slot, one VTIMEZONE per zone used.

    `key` keeps the slots that start then: « 20251120T080000Z », in UTC.
    """
    cards = [Card(event, event.updated_at, {}) for event in events]
    slots = [(card, slot) for card in cards for slot in card.slots if key in ("", start_key(slot))]
    years = [moment.year for _, slot in slots for moment in (slot.starts_at, slot.ends_at)]
    zones = {card.event.timezone for card, _ in slots}
    parts = [_opening(_frame(NAME)), *(timezone_text(zone, min(years), max(years)) for zone in sorted(zones))]
    return b"".join([*parts, *(_component(card, slot) for card, slot in slots), END])


def pieces(extract: Extract) -> Iterator[bytes]:
    """Return the calendar of an extract, one to subscribe to: it says where it comes from and when to ask again."""
    edition = extract.filterset.edition
    yield _opening(_subscribed(extract))
    for zone in extract.zones:
        yield timezone_text(zone, edition.label_from.year, edition.label_until.year)
    for card in extract.cards():
        yield b"".join(_component(card, slot) for slot in card.slots)
    yield END


def _frame(name: str) -> Calendar:
    whole = Calendar()
    whole.add("prodid", "-//Semaine de l’industrie//Programme//FR")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("name", name)
    whole.add("x-wr-calname", name)
    return whole


def _subscribed(extract: Extract) -> Calendar:
    whole = _frame(extract.title)
    whole.add("uid", _text(extract.uid))
    whole.add("last-modified", extract.updated_at.astimezone(UTC))
    whole.add("url", extract.page_url)
    whole.add("source", extract.url, parameters={"VALUE": "URI"})
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    # What was in use before RFC 7986, and still is.
    whole.add("x-published-ttl", "PT6H")
    return whole


def _opening(whole: Calendar) -> bytes:
    return whole.to_ical().removesuffix(END)


def _component(card: Card, slot: TimeSlot) -> bytes:
    """Return the VEVENT of a slot. An event that is cancelled stays, so that the calendars that have it learn it."""
    entry = Component()
    _identify(entry, card, slot)
    _describe(entry, card)
    zone = ZoneInfo(card.event.timezone)
    entry.add("dtstart", slot.starts_at.astimezone(zone))
    entry.add("dtend", slot.ends_at.astimezone(zone))
    entry.add("status", "CANCELLED" if card.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PUBLIC")
    return entry.to_ical()


def _identify(entry: Component, card: Card, slot: TimeSlot) -> None:
    event = card.event
    # Stable while the slot keeps its start, whatever is edited around it.
    entry.add("uid", f"{event.uid}-{start_key(slot)}@semaine-industrie")
    entry.add("dtstamp", _whole(event.updated_at))
    entry.add("created", _whole(event.created_at))
    entry.add("last-modified", _whole(event.updated_at))
    # It must grow with each change, a cancellation and its way back included.
    entry.add("sequence", int((event.updated_at - event.created_at).total_seconds()))


def _describe(entry: Component, card: Card) -> None:
    event = card.event
    url = settings.SITE_URL + card.get_absolute_url
    entry.add("summary", _text(f"Annulé : {card.title}" if card.is_cancelled else card.title))
    entry.add("description", _text(f"{card.summary}\n\n{card.organizer_name}\n{url}"))
    entry.add("location", _text(card.address_label))
    entry.add("contact", _text(event.public_contact or card.organizer_name))
    if event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    entry.add("url", url)
    if card.format_label:
        entry.add("categories", [_text(card.format_label)])
    if card.online_url:
        entry.add("conference", _text(card.online_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _text(value: str | UUID) -> str:
    return without_controls(f"{value}")
