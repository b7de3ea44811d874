"""Addresses that open an event, already filled in, in a calendar on the web; the visitor chooses to go there."""

from datetime import UTC
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from events.agenda import Time
from events.cards import Card

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"

AT_MOST = 6  # slots


class Choice(NamedTuple):
    """One slot to come, and where each calendar takes it."""

    time: Time
    google: str
    outlook: str


def choices(card: Card) -> list[Choice]:
    """Return the next slots with their addresses; none of an event that does not take place."""
    coming = [] if card.is_cancelled else card.agenda.coming[:AT_MOST]
    return [Choice(time, google(card, time), outlook(card, time)) for time in coming]


def google(card: Card, time: Time) -> str:
    """Return the address of Google's form for one slot."""
    starts, ends = (moment.astimezone(UTC) for moment in (time.slot.starts_at, time.slot.ends_at))
    return f"{GOOGLE}?" + urlencode(
        {
            "action": "TEMPLATE",
            "text": card.title,
            "dates": f"{starts:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}",
            "details": _details(card),
            "location": card.address_label,
        }
    )


def outlook(card: Card, time: Time) -> str:
    """Return the address of Outlook.com's form for one slot."""
    starts, ends = (moment.astimezone(UTC) for moment in (time.slot.starts_at, time.slot.ends_at))
    return f"{OUTLOOK}?" + urlencode(
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": card.title,
            "startdt": f"{starts:%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
            "body": _details(card),
            "location": card.address_label,
        }
    )


def _details(card: Card) -> str:
    return f"{card.summary}\n\n{settings.SITE_URL}{card.get_absolute_url}"
