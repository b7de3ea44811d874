"""From an event as it is stored to the facts that the rules look at."""

from events.findings import EventFacts, Place
from events.models import Event
from semaine.models import Commune

SAME_NAMES = (
    "title",
    "summary",
    "timezone",
    "is_free",
    "postal_code",
    "latitude",
    "longitude",
    "online_url",
    "access_mode",
    "reserved_to",
    "registration_kind",
    "registration_value",
    "contact_email",
    "contact_phone",
    "capacity",
    "expected_participants",
)


def facts_of(event: Event, slots=None, **typed) -> EventFacts:
    """Return the facts of an event, saved or not.

    `slots`: (start, end) pairs, read from the database when left out. `typed`: typed_region or
    typed_department, which an import brings. Two queries at most.
    """
    if slots is None:
        slots = [(slot.starts_at, slot.ends_at) for slot in event.slots.all()] if event.pk else []
    return EventFacts(
        slots=tuple(slots),
        audiences=tuple(event.audience_codes),
        mode=event.mode,
        place=place_of(event.commune) if event.commune else None,
        postal_code_communes=_others_with(event),
        **{name: getattr(event, name) for name in SAME_NAMES},
        **typed,
    )


def place_of(commune: Commune) -> Place:
    department = commune.department
    return Place(
        commune=commune.name,
        department=department.name,
        department_code=department.code,
        region=department.region.name if department.region else "Outre-mer",
        postal_codes=tuple(commune.postal_codes),
        latitude=commune.latitude,
        longitude=commune.longitude,
    )


def _others_with(event: Event) -> tuple[str, ...]:
    """Return the names of the communes that a typed postal code designates, when it is not the event's."""
    if not event.postal_code or event.commune is None:
        return ()
    if event.postal_code in event.commune.postal_codes:
        return ()
    communes = Commune.objects.filter(postal_codes__contains=[event.postal_code], parent=None)
    return tuple(communes.values_list("name", flat=True)[:3])
