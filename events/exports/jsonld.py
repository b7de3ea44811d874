"""An event for search engines: schema.org/Event as JSON-LD, in a data block of its page."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe

from events.cards import Card
from events.enums import AttendanceMode, Precision
from events.models import Event, TimeSlot
from semaine.dates import local
from semaine.models import Edition

SCHEMA = "https://schema.org"
MODES = {
    AttendanceMode.ONSITE: f"{SCHEMA}/OfflineEventAttendanceMode",
    AttendanceMode.ONLINE: f"{SCHEMA}/OnlineEventAttendanceMode",
    AttendanceMode.MIXED: f"{SCHEMA}/MixedEventAttendanceMode",
}
# A permanent exhibition may have hundreds of slots; its page must stay small.
SUB_EVENTS = 50
# What would end the script, or begin something else in it.
UNSAFE = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def as_script(card: Card) -> str:
    """Return the text of the data block, safe inside <script>."""
    text = json.dumps(described(card), ensure_ascii=False).translate(UNSAFE)
    return mark_safe(text)  # noqa: S308 – no "<" is left


def described(card: Card) -> dict:
    """Return the event as schema.org names things.

    It spans all its slots; where there are several, each of the first fifty to come is a `subEvent`.
    """
    event = card.event
    url = settings.SITE_URL + card.get_absolute_url
    data = {
        "@context": SCHEMA,
        "@type": "Event",
        "@id": url,
        "url": url,
        "identifier": event.label_number,
        "name": card.title,
        "description": card.summary,
        "image": _images(event),
        "inLanguage": "fr",
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if card.is_cancelled else 'EventScheduled'}",
        "eventAttendanceMode": MODES[event.mode],
        "location": _location(card),
        "isAccessibleForFree": bool(event.is_free),
        "offers": _offer(card, url),
        "organizer": {
            "@type": "Organization",
            "name": card.organizer_name,
            "url": settings.SITE_URL + card.organizer_url,
        },
        "audience": [{"@type": "Audience", "audienceType": label} for label in card.audience_labels],
        "superEvent": _edition(event.edition),
    }
    if event.capacity:
        data["maximumAttendeeCapacity"] = event.capacity
    if event.age_min or event.age_max:
        data["typicalAgeRange"] = f"{event.age_min or ''}-{event.age_max or ''}"
    return data | _times(card)


def _images(event: Event) -> str | list[str]:
    """Return the address of the drawn picture, and before it that of the organizer's where there is one."""
    drawn = settings.SITE_URL + reverse("event_picture", args=[event.edition.year, event.slug])
    return [settings.SITE_URL + event.image.url, drawn] if event.image else drawn


def _times(card: Card) -> dict:
    slots = card.slots
    if not slots:
        return {}
    whole = _moments(card.event, slots[0], slots[-1])
    if len(slots) == 1:
        return whole
    coming = [time.slot for time in card.agenda.coming] or slots
    parts = [_moments(card.event, slot, slot) for slot in coming[:SUB_EVENTS]]
    return whole | {"subEvent": [{"@type": "Event", "name": card.title, **part} for part in parts]}


def _moments(event: Event, first: TimeSlot, last: TimeSlot) -> dict:
    starts, ends = local(first.starts_at, event.timezone), local(last.ends_at, event.timezone)
    return {"startDate": starts.isoformat(), "endDate": ends.isoformat()}


def _location(card: Card) -> list[dict] | dict:
    mode = card.event.mode
    online = {"@type": "VirtualLocation", "url": card.online_url}
    if not mode.has_place:
        return online
    return [_place(card.event), online] if mode.has_link else _place(card.event)


def _place(event: Event) -> dict:
    address = {
        "@type": "PostalAddress",
        "streetAddress": event.address,
        "postalCode": event.postal_code,
        "addressLocality": event.commune.name,
        "addressRegion": event.commune.department.name,
        "addressCountry": "FR",
    }
    place = {
        "@type": "Place",
        "name": event.venue or event.commune.name,
        "address": {name: value for name, value in address.items() if value},
    }
    if event.latitude is not None and event.precision != Precision.COMMUNE:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    return place


def _offer(card: Card, url: str) -> dict:
    closed = card.is_cancelled or card.is_over
    state = "Discontinued" if closed else "SoldOut" if card.is_full else "InStock"
    link = card.registration.href if card.registration else ""
    return {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "EUR",
        "availability": f"{SCHEMA}/{state}",
        "url": link if link.startswith("http") else url,
    }


def _edition(edition: Edition) -> dict:
    return {
        "@type": "EventSeries",
        "name": f"Semaine de l’industrie {edition.year}",
        "startDate": f"{edition.starts_on}",
        "endDate": f"{edition.ends_on}",
        "url": settings.SITE_URL + reverse("edition", args=[edition.year]),
    }
