"""Events as a calendar: RFC 5545, with the properties of RFC 7986 that calendars read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
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
from semaine.dates import HOME_ZONE
from semaine.text import without_controls

NAME = "Semaine de l’industrie"
END = b"END:VCALENDAR\r\n"
# How often a subscribed calendar asks again.
REFRESH = timedelta(hours=6)


def calendar(events: Iterable[Event], *, key: str = "") -> bytes:
    """Return the VCALENDAR of events read with `for_list()`: one VEVENT per slot, one VTIMEZONE per zone used.

    `key` keeps the slots that start then: « 20251120T080000Z », in UTC.
    """
    chosen = []
    for event in events:
        card = Card(event, event.updated_at, {})
        chosen.append((card, [slot for slot in card.slots if key in ("", start_key(slot))]))
    years = [
        moment.year for _, slots in chosen for slot in slots for moment in (slot.starts_at, slot.ends_at)
    ]
    zones = {card.event.timezone for card, slots in chosen if slots}
    frame = [_opening(_frame(NAME)), *(timezone_text(zone, min(years), max(years)) for zone in sorted(zones))]
    return b"".join([*frame, *(entry for card, slots in chosen for entry in _entries(card, slots)), END])


def pieces(extract: Extract) -> Iterator[bytes]:
    """Return the calendar of an extract, one to subscribe to: it says where it comes from and when to ask again."""
    edition = extract.filterset.edition
    yield _opening(_subscribed(extract))
    # A calendar has one component at least, even when it has no event.
    for zone in extract.zones or [HOME_ZONE]:
        yield timezone_text(zone, edition.label_from.year, edition.label_until.year)
    for card in extract.cards():
        yield from _entries(card, card.slots)
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


def _entries(card: Card, slots: Iterable[TimeSlot]) -> Iterator[bytes]:
    """Return a VEVENT for each slot. An event that is cancelled stays, so that the calendars that have it learn it."""
    described = _lines(_description(card))
    for slot in slots:
        yield b"".join([b"BEGIN:VEVENT\r\n", _lines(_time(card, slot)), described, b"END:VEVENT\r\n"])


def _lines(entry: Component) -> bytes:
    """Return what stands between the first and the last line: an event with many slots is described once."""
    return entry.to_ical().removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(b"END:VEVENT\r\n")


def _time(card: Card, slot: TimeSlot) -> Component:
    entry, zone = Component(), ZoneInfo(card.event.timezone)
    # Stable while the slot keeps its start, whatever is edited around it.
    entry.add("uid", f"{card.uid}-{start_key(slot)}@semaine-industrie")
    entry.add("dtstart", slot.starts_at.astimezone(zone))
    entry.add("dtend", slot.ends_at.astimezone(zone))
    return entry


def _description(card: Card) -> Component:
    entry = Component()
    _date(entry, card.event)
    _describe(entry, card)
    entry.add("status", "CANCELLED" if card.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PUBLIC")
    return entry


def _date(entry: Component, event: Event) -> None:
    changed = event.updated_at.astimezone(UTC)
    entry.add("dtstamp", changed)
    entry.add("created", event.created_at.astimezone(UTC))
    entry.add("last-modified", changed)
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


def _text(value: str | UUID) -> str:
    return without_controls(f"{value}")
