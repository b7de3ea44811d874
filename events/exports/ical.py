"""Events as a calendar file: RFC 5545, with the properties of RFC 7986 that calendars read."""

from collections.abc import Iterable
from datetime import UTC
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Component

from events.agenda import start_key
from events.cards import Card
from events.models import Event, TimeSlot


def calendar(events: Iterable[Event], *, key: str = "") -> bytes:
    """Return the VCALENDAR of events read with `for_list()`: one VEVENT per slot, one VTIMEZONE per zone used.

    `key` keeps the slots that start then: « 20251120T080000Z », in UTC.
    """
    whole = Calendar()
    whole.add("prodid", "-//Semaine de l’industrie//Programme//FR")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("name", "Semaine de l’industrie")
    whole.add("x-wr-calname", "Semaine de l’industrie")
    for event in events:
        card = Card(event, event.updated_at, {})
        for slot in card.slots:
            if key and key != start_key(slot):
                continue
            whole.add_component(_component(card, slot))
    whole.add_missing_timezones()
    return whole.to_ical()


def _component(card: Card, slot: TimeSlot) -> Component:
    event = card.event
    zone = ZoneInfo(event.timezone)
    url = settings.SITE_URL + card.get_absolute_url
    entry = Component()
    # Stable while the slot keeps its start, whatever is edited around it.
    entry.add("uid", f"{event.uid}-{start_key(slot)}@semaine-industrie")
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    # It must grow with each change, a cancellation and its way back included.
    entry.add("sequence", int((event.updated_at - event.created_at).total_seconds()))
    entry.add("dtstart", slot.starts_at.astimezone(zone))
    entry.add("dtend", slot.ends_at.astimezone(zone))
    entry.add("summary", f"Annulé : {card.title}" if card.is_cancelled else card.title)
    entry.add("description", f"{card.summary}\n\n{card.organizer_name}\n{url}")
    entry.add("location", card.address_label)
    if event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    entry.add("url", url)
    entry.add("status", "CANCELLED" if card.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PUBLIC")
    return entry
