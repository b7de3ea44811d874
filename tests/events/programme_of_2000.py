"""A large programme with all that filters tell apart: drawn once in plain Python, then written to the tables.

What a filter should find is worked out from the `Row`s, never from what the tables hold.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from events.contents import slot_rows
from events.enums import Accessibility, AccessMode, AttendanceMode, Audience, Status, TermKind
from events.models import Event, Term, TimeSlot
from events.places import settle
from events.querysets import GRID_ZOOM
from organizers.models import Organization
from semaine.geometry import tile
from tests import factories

CURRENT, PAST, HIDDEN = 2025, 2024, 2023
SLUG = "evenement-"
FIRST_DAY, LAST_DAY = (11, 2), (12, 7)
FORMATS = ("visite", "job-dating", "conference", "atelier")
SECTORS = ("bois", "naval", "energie", "chimie", "eau")
TOPICS = ("mixite", "decarbonation", "handicap")
# Words of no language, in one place only; no one begins like another.
TITLE_WORDS = ("balkor", "drufton", "glozub", "krimpal", "snabrod", "tràmvuk", "vorkhan", "plizmöt")
SUMMARY_WORDS = ("jorbund", "frondak", "wêrmtol")
VENUE_WORDS = ("hulbrik", "zanfort")
ORGANIZERS = ("Quisband", "Ublonk", "Ostrèm", "Chavnud", "Epsilak", "Mirgoud", "Nobvard")
# Its events are drafts: the public has never heard of it.
SECRET_ORGANIZER = "Fulgast"
# (status, cancelled from, weight)
STATUSES = (
    (Status.LABELLED, "", 70),
    (Status.CANCELLED, Status.LABELLED, 6),
    (Status.CANCELLED, Status.SUBMITTED, 4),
    (Status.DRAFT, "", 4),
    (Status.SUBMITTED, "", 4),
    (Status.CHANGES_REQUESTED, "", 4),
    (Status.REFUSED, "", 4),
    (Status.WITHDRAWN, "", 4),
)
MODES = (AttendanceMode.ONSITE, AttendanceMode.ONSITE, AttendanceMode.MIXED, AttendanceMode.ONLINE)
# Local hours: of the day, then around midnight; "24:00" is the next day's first moment.
HOURS = (
    ("09:00", "11:30"), ("14:00", "17:00"), ("18:30", "20:00"),
    ("22:00", "24:00"), ("23:30", "24:30"), ("00:00", "01:00"), ("00:00", "24:00"), ("20:00", "44:00"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An event as plain values; `slots` are moments in UTC, `point` is (latitude, longitude)."""

    number: int
    year: int
    status: str
    cancelled_from: str
    title: str
    summary: str
    venue: str
    organizer: str
    mode: str
    commune: str | None
    point: tuple[float, float] | None
    slots: tuple[tuple[datetime, datetime], ...]
    audiences: frozenset[str]
    format: str
    sectors: frozenset[str]
    topics: frozenset[str]
    access: str
    accessibility: frozenset[str]

    @property
    def is_public(self) -> bool:
        labelled = "labelled" in (self.status, self.cancelled_from)
        return labelled and self.status in ("labelled", "cancelled") and self.year != HIDDEN

    def to_come(self, at: datetime) -> "Row":
        """The same without the slots that are over at `at`."""
        coming = tuple(slot for slot in self.slots if slot[1] > at)
        return self if coming == self.slots else replace(self, slots=coming)

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.commune)

    @property
    def territory(self) -> tuple[str | None, str | None]:
        """(département, region) where it takes place."""
        return factories.COMMUNES[self.commune][1:3] if self.commune else (None, None)

    @cached_property
    def days(self) -> frozenset[date]:
        """The local days on which it is open; what ends at midnight is not open on the day that begins."""
        found = set()
        for start, end in self.slots:
            moment = start
            while moment < end:
                found.add(moment.astimezone(self.zone).date())
                moment += timedelta(minutes=30)
        return frozenset(found)

    @property
    def is_lasting(self) -> bool:
        return any(all(day + timedelta(days=n) in self.days for n in range(4)) for day in self.days)


def zone_of(commune: str | None) -> ZoneInfo:
    return ZoneInfo(factories.COMMUNES[commune][6] if commune else "Europe/Paris")


def draw(number: int, seed: int = 1) -> list[Row]:
    """Return `number` rows, the same for the same seed."""
    rng = Random(seed)
    return [_row(rng, each) for each in range(number)]


def _row(rng: Random, number: int) -> Row:
    statuses = [each[:2] for each in STATUSES]
    [(status, cancelled_from)] = rng.choices(statuses, [each[2] for each in STATUSES])
    [year] = rng.choices((CURRENT, PAST, HIDDEN), (80, 16, 4))
    mode = rng.choice(MODES)
    online = mode == AttendanceMode.ONLINE
    commune = None if online else rng.choice(sorted(factories.COMMUNES))
    organizer = SECRET_ORGANIZER if status == Status.DRAFT and rng.random() < 0.5 else rng.choice(ORGANIZERS)
    return Row(
        number=number,
        year=year,
        status=status,
        cancelled_from=cancelled_from,
        title=f"Rencontre {rng.choice(TITLE_WORDS)}",
        summary=f"Avec {rng.choice(SUMMARY_WORDS)}." if rng.random() < 0.3 else "",
        venue=f"Salle {rng.choice(VENUE_WORDS)}" if not online and rng.random() < 0.3 else "",
        organizer=organizer,
        mode=mode,
        commune=commune,
        point=_point(rng, commune),
        slots=_slots(rng, year, zone_of(commune)),
        audiences=_some(rng, Audience.values, least=1),
        format=rng.choice(FORMATS),
        sectors=_some(rng, SECTORS),
        topics=_some(rng, TOPICS),
        access=rng.choice(AccessMode.values),
        accessibility=_some(rng, Accessibility.values, most=5),
    )


def _some(rng: Random, codes, *, least: int = 0, most: int = 2) -> frozenset[str]:
    return frozenset(rng.sample(sorted(codes), rng.randint(least, most)))


def _point(rng: Random, commune: str | None) -> tuple[float, float] | None:
    """Up to 150 km around the commune's centre, often the centre itself, sometimes not known."""
    if commune is None or rng.random() < 0.05:
        return None
    latitude, longitude = factories.COMMUNES[commune][4:6]
    if rng.random() < 0.3:
        return latitude, longitude
    return latitude + rng.uniform(-1, 1), longitude + rng.uniform(-1, 1)


def _slots(rng: Random, year: int, zone: ZoneInfo) -> tuple:
    length = (date(year, *LAST_DAY) - date(year, *FIRST_DAY)).days
    kind = rng.random()
    if kind < 0.15:
        start, run = rng.randrange(length - 8), rng.randint(3, 8)
        days, hours = range(start, start + run), [rng.choice(HOURS[:7])] * run
    else:
        # Two slots of 24 hours or more never touch when a day lies between them.
        days = sorted(rng.sample(range(0, length, 2), 1 if kind < 0.7 else rng.randint(2, 4)))
        hours = [rng.choice(HOURS) for _ in days]
    first = date(year, *FIRST_DAY)
    return tuple(
        (_moment(first + timedelta(days=day), start, zone), _moment(first + timedelta(days=day), end, zone))
        for day, (start, end) in zip(days, hours, strict=True)
    )


def _moment(day: date, hour: str, zone: ZoneInfo) -> datetime:
    hours, minutes = map(int, hour.split(":"))
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hours, minutes=minutes)
    return local.astimezone(UTC)


@contextmanager
def written(rows: list[Row], blocker) -> Iterator[None]:
    """Write the rows for a whole module of tests, which change nothing.

    `blocker`: pytest-django's `django_db_blocker`. The module's fixture takes the name `db`, in the place of
    pytest-django's own, which closes the connection after each test.
    """
    with blocker.unblock(), transaction.atomic():
        _write(rows)
        yield
        transaction.set_rollback(True)


def _write(rows: list[Row]) -> None:
    for kind, codes in ((TermKind.FORMAT, FORMATS), (TermKind.SECTOR, SECTORS), (TermKind.TOPIC, TOPICS)):
        Term.objects.bulk_create(Term(kind=kind, code=code, label=code.capitalize()) for code in codes)
    frame = {
        "author": factories.user(),
        "office": factories.office(),
        "communes": {code: factories.commune(code) for code in factories.COMMUNES},
        "editions": {
            year: factories.edition(year, is_published=year != HIDDEN) for year in (CURRENT, PAST, HIDDEN)
        },
        "organizations": {name: _organization(name) for name in (*ORGANIZERS, SECRET_ORGANIZER)},
    }
    events = [_event(row, **frame) for row in rows]
    slots = [slot for row, event in zip(rows, events, strict=True) for slot in slot_rows(event, row.slots)]
    Event.objects.bulk_create(events)
    TimeSlot.objects.bulk_create(slots)
    with connection.cursor() as cursor:
        # Until it is told, the planner takes tables just filled for almost empty ones.
        cursor.execute("ANALYZE")


def _organization(name: str) -> Organization:
    """One has no headquarters; those of the others, which online events are examined by, are all over France."""
    places = dict(zip(ORGANIZERS, [None, *factories.COMMUNES], strict=False))
    return factories.organization(name=name, slug=slug_of(name), headquarters=places.get(name))


def number_of(slug: str) -> int:
    """Return the number of the row whose event has this address."""
    return int(slug.removeprefix(SLUG))


def slug_of(organizer: str) -> str:
    return organizer.lower().replace("è", "e")


def _event(row: Row, *, author, office, communes, editions, organizations) -> Event:
    at = factories.NOW.replace(year=row.year)
    event = Event(
        edition=editions[row.year],
        organization=organizations[row.organizer],
        created_by=author,
        title=row.title,
        slug=f"{SLUG}{row.number}",
        summary=row.summary,
        venue=row.venue,
        format_code=row.format,
        sector_codes=sorted(row.sectors),
        topic_codes=sorted(row.topics),
        audience_codes=sorted(row.audiences),
        attendance_mode=row.mode,
        commune=communes.get(row.commune),
        online_url="https://example.org/",
        access_mode=row.access,
        accessibility_codes=sorted(row.accessibility),
        is_free=True,
        status=row.status,
        cancelled_from=row.cancelled_from,
        office=office,
        label_number=f"SI-{row.year}-90-{row.number:04d}",
        submitted_at=at,
        labelled_at=at,
        created_at=at,
        updated_at=at,
    )
    settle(event)
    event.latitude, event.longitude = row.point or (None, None)
    event.tile_x, event.tile_y = tile(*row.point, GRID_ZOOM) if row.point else (None, None)
    return event
