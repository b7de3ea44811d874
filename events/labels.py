"""Label numbers and public addresses: given once, kept for ever, never given again."""

import re

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify

from events.models import Event

NATION = "FR"
SLUG_LENGTH = 120
# The counter's row is made, or locked and counted on, in one statement that Django has no words for.
NEXT = (
    "INSERT INTO events_labelcounter AS counter (edition_id, territory, last) VALUES (%s, %s, 1) "
    "ON CONFLICT (edition_id, territory) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


def give_label(event: Event) -> None:
    """Give the event its number and its address, unless it has them from an earlier label.

    Call it with the event's row locked: the counter's row is locked next and holds until the transaction ends,
    so numbers follow each other without gap or double.
    """
    if event.label_number is None:
        territory = event.department_id or NATION
        event.label_number = label_number(event.edition.year, territory, _next(event, territory))
    if not event.slug:
        _give_slug(event)


def label_number(year: int, territory: str, number: int) -> str:
    """Return "SI-2026-46-0007"."""
    return f"SI-{year}-{territory}-{number:04d}"


def _next(event: Event, territory: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [event.edition_id, territory])
        return cursor.fetchone()[0]


def slug_of(title: str) -> str:
    """Return the title as it stands in an address: « L’industrie 4.0 » gives "l-industrie-4-0"."""
    spaced = re.sub(r"[’'./]", "-", title)
    return slugify(spaced)[:SLUG_LENGTH].strip("-") or "evenement"


def _give_slug(event: Event) -> None:
    event.slug = slug_of(event.title)
    try:
        # The row is written here to let the database say whether another label just took the address.
        with transaction.atomic():
            event.save(update_fields=["slug"])
    except IntegrityError:
        event.slug = f"{event.slug}-{slugify(event.label_number)}"
