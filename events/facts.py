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


def facts_of(event: Event, slots=None, others=None, **typed) -> EventFacts:
    """Return the facts of an event, saved or not.

    `slots`: (start, end) pairs; `others`: the names of the communes that its postal code designates when it is not
    its own commune's. Both are read from the database when left out. `typed`: typed_region or typed_department, which
    an import brings. Two queries at most.
    """
    if slots is None:
        slots = [(slot.starts_at, slot.ends_at) for slot in event.slots.all()] if event.pk else []
    return EventFacts(
        slots=tuple(slots),
        audiences=tuple(event.audience_codes),
        mode=event.mode,
        place=place_of(event.commune) if event.commune else None,
        postal_code_communes=_others_with(event) if others is None else others,
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
    if not has_foreign_code(event):
        return ()
    return others_with([event.postal_code])[event.postal_code]


def has_foreign_code(event: Event) -> bool:
    """Is the typed postal code another one than the event's commune has?"""
    typed, commune = event.postal_code, event.commune
    return bool(typed and commune and typed not in commune.postal_codes)


def others_with(codes) -> dict[str, tuple[str, ...]]:
    """Return the names of the communes that postal codes designate, three at most for each. One query."""
    found = dict.fromkeys(codes, ())
    communes = Commune.objects.filter(postal_codes__overlap=list(found), parent=None) if found else ()
    for commune in communes:
        for code in found.keys() & set(commune.postal_codes):
            found[code] = (*found[code], commune.name)[:3]
    return found
