"""What one example says: its texts, its publics, its place, its access and its times."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from events.contents import slot_rows
from events.demo.organizations import Organizer
from events.demo.words import pick, vocabulary, weighted
from events.enums import (
    Accessibility,
    AccessMode,
    AttendanceMode,
    Audience,
    RegistrationKind,
    Source,
)
from events.models import Event, TimeSlot
from events.places import settle
from organizers.enums import OrganizationKind
from semaine.models import Commune, Edition
from semaine.text import NBSP

NOTE = f"Cet événement est un exemple{NBSP}: il n’aura pas lieu."
ONLINE_FORMAT = "webinaire"
LASTING_FORMAT = "exposition"
MIXITE = "mixite"
MIXITE_SHARE = 0.1  # 732 of 7 400 in 2024
HOURS = (
    ("09:00", "11:30"),
    ("09:30", "12:00"),
    ("10:00", "17:00"),
    ("13:30", "15:30"),
    ("14:00", "16:30"),
    ("18:00", "20:00"),
)
NUMBER_OF_SLOTS = {1: 70, 2: 14, 3: 8, 4: 4, 5: 4}


def write(rng: Random, organizer: Organizer, commune: Commune | None, edition: Edition, author) -> Event:
    """Return an event, not saved, with all but its times and its status. `commune` None: purely online."""
    organization = organizer.row
    near = commune or organization.headquarters
    formats = vocabulary()["kinds"][organization.kind]["formats"]
    format_code = weighted(rng, formats) if commune else ONLINE_FORMAT
    event = Event(
        edition=edition,
        organization=organization,
        created_by=author,
        source=Source.EXAMPLE,
        format_code=format_code,
        sector_codes=[organizer.sector],
        attendance_mode=_mode(rng, format_code, commune),
        commune=commune,
        postal_code=rng.choice(commune.postal_codes or [""]) if commune else "",
        is_free=True,
        contact_email="contact@example.org",
        **_texts(rng, organizer.sector, format_code, near.name if near else ""),
        **_practical(rng),
    )
    _open_to(rng, event)
    settle(event)
    return event


def _mode(rng: Random, format_code: str, commune: Commune | None) -> AttendanceMode:
    if commune is None or format_code == ONLINE_FORMAT:
        return AttendanceMode.ONLINE
    return AttendanceMode.MIXED if rng.random() < 0.03 else AttendanceMode.ONSITE


def _texts(rng: Random, sector: str, format_code: str, city: str) -> dict:
    form = vocabulary()["formats"][format_code]
    words = pick(rng, sector, city)
    topics = [rng.choice(form["topics"])]
    titles = form["titles"]
    if rng.random() < MIXITE_SHARE:
        topics = [MIXITE]
        titles = titles + vocabulary()["mixite"]
    summary = rng.choice(form["summaries"]).format(**words)
    return {
        "title": rng.choice(titles).format(**words),
        "summary": summary,
        "description": f"{summary}\n\n{NOTE}",
        "topic_codes": topics,
    }


def _practical(rng: Random) -> dict:
    return {
        "venue": rng.choice(vocabulary()["halls"]),
        "address": f"{rng.randint(1, 120)} {rng.choice(vocabulary()['streets'])}",
        "capacity": rng.choice((None, None, 12, 20, 30, 60, 150)),
        "is_full": rng.random() < 0.05,
        "accessibility_codes": rng.choice(([], [Accessibility.MOBILITY], Accessibility.values)),
    }


def _open_to(rng: Random, event: Event) -> None:
    """Say for whom the event is, how many are expected and how one comes."""
    event.expected_participants = event.capacity
    event.audience_codes = rng.choice(vocabulary()["formats"][event.format_code]["audiences"])
    if event.mode.has_link:
        event.online_url = "https://example.org/direct"
    if event.organization.kind == OrganizationKind.EMPLOYMENT:
        event.access_mode = AccessMode.REGISTRATION
        event.registration_kind = RegistrationKind.FRANCE_TRAVAIL
    elif event.audience_codes == [Audience.PUPILS]:
        event.access_mode = AccessMode.RESERVED
        event.reserved_to = "classes des établissements inscrits"
        event.registration_kind = RegistrationKind.EMAIL
        event.registration_value = "inscription@example.org"
    elif rng.random() < 0.5:
        event.access_mode = AccessMode.OPEN
    else:
        event.access_mode = AccessMode.REGISTRATION
        event.registration_kind = RegistrationKind.LINK
        event.registration_value = "https://example.org/inscription"


def write_slots(rng: Random, event: Event) -> list[TimeSlot]:
    """Return one to five times, one a day at most, in the label window; the event is given what sums them up."""
    opens, closes = rng.choice(HOURS)
    zone = ZoneInfo(event.timezone)
    days = sorted(_days(rng, event))
    return slot_rows(event, [(_moment(day, opens, zone), _moment(day, closes, zone)) for day in days])


def _days(rng: Random, event: Event) -> list[date]:
    edition = event.edition
    week = [edition.starts_on + timedelta(days=n) for n in range(5)]
    if event.format_code == LASTING_FORMAT:
        return week
    if rng.random() < 0.2:
        length = (edition.label_until - edition.label_from).days + 1
        window = [edition.label_from + timedelta(days=n) for n in range(length)]
        week = [day for day in window if day.weekday() < 6]
    return rng.sample(week, weighted(rng, NUMBER_OF_SLOTS))


def _moment(day: date, hour: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone)
