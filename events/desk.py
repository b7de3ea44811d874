"""What the examination shows beside a file: what else its organizer proposes, and what may be the same event."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.templatetags.static import static

from events.cards import Card
from events.contents import slots_of
from events.duplicates import duplicates
from events.enums import Status
from events.merging import KEEPABLE
from events.models import Event
from events.progress import first_day_words

MOST_OTHERS = 10


class Other(NamedTuple):
    """Another file, in words; `is_alike`: it may be the same event."""

    pk: int
    title: str
    organizer: str
    status: str
    when: str
    where: str
    is_alike: bool
    can_merge: bool


def others(event: Event, *, by, at: datetime) -> list[Other]:
    """Return the organizer's other files and those that may be this event, which come first, within one's right.

    One query.
    """
    alike = duplicates(event, slots_of(event)).order_by().values("pk")
    rows = Event.objects.examinable_by(by).exclude(pk=event.pk)
    rows = rows.annotate(is_alike=Exists(alike.filter(pk=OuterRef("pk"))))
    rows = rows.filter(Q(organization=event.organization_id) | Q(is_alike=True))
    rows = rows.select_related("commune__department").defer("description", "search")
    rows = rows.order_by(F("is_alike").desc(), "-submitted_at", "pk")[:MOST_OTHERS]
    return [_in_words(each, event, at) for each in rows]


def _in_words(other: Event, event: Event, at: datetime) -> Other:
    return Other(
        pk=other.pk,
        title=other.title,
        organizer=other.organizer_name,
        status=Status(other.status).referent_label,
        when=first_day_words(other),
        where=Card(other, at, {}).place_label,
        is_alike=other.is_alike,
        can_merge={other.status, event.status} <= KEEPABLE and other.edition_id == event.edition_id,
    )


def point(event: Event) -> dict | None:
    """Return what the map of the file needs, in degrees; None for what takes place nowhere."""
    if event.latitude is None:
        return None
    tiles = {"url": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION}
    return {
        "lat": event.latitude,
        "lon": event.longitude,
        "isExact": bool(event.point_source),
        "tiles": tiles if settings.TILE_URL else None,
        "outlinesUrl": static("geo/france.topo.json"),
    }


def precision_words(event: Event) -> str:
    """Return how the place is known, for who does not see the map."""
    if event.latitude is None:
        return ""
    where = f"{event.get_precision_display()}"
    source = f" ({event.get_point_source_display()})" if event.point_source else ""
    return f"Point placé {where}{source} : {event.latitude:.4f}, {event.longitude:.4f}."
