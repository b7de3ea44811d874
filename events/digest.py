"""The morning digest of an agent: what came, what is due, what is late. One mail at most for each agent and day.

The day is the territory's own: its clock, its public holidays. Nothing to say is no mail.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse

from events.models import Event
from organizers.models import Office, OfficeMembership, User
from semaine import outbox, working_days
from semaine.dates import HOME_ZONE, PARIS, day_words, local
from semaine.models import Department, OutboxMessage
from semaine.text import count

# A run that comes late still sends, until the evening.
FIRST_HOUR, LAST_HOUR = 7, 18
TITLES_SHOWN = 3
# After so long, a first digest and one after a long silence are alike.
REMEMBERED = timedelta(days=31)


@dataclass(frozen=True)
class Place:
    """The clock and the calendar by which an office works."""

    zone: str = HOME_ZONE
    calendar: str = ""  # the code of a département that keeps the same public holidays


@dataclass(frozen=True)
class Line:
    label: str
    events: list[Event]

    @property
    def shown(self) -> list[Event]:
        return self.events[:TITLES_SHOWN]

    @property
    def more(self) -> int:
        return len(self.events) - len(self.shown)


def send(at: datetime) -> int:
    """Write to the outbox the digests of the agents whose morning it is at `at`; return how many.

    Twice is once, and so are two workers: the key names the agent and the day. A constant number of queries, and one
    for each mail.
    """
    since = _last_sent(at)
    return sum(_send_of_day(day, people, since, at) for day, people in _mornings(at).items())


def _mornings(at: datetime) -> dict[date, dict[User, Place]]:
    """Return by day the agents where it is the morning of a working day, each with the place of their first office."""
    found = defaultdict(dict)
    departments = list(Department.objects.values_list("pk", "region", "timezone"))
    rows = OfficeMembership.objects.in_post().select_related("user", "office").order_by("-pk")
    for agent, office in {each.user: each.office for each in rows}.items():
        place = _place(office, departments)
        there = local(at, place.zone)
        works = working_days.is_working_day(there.date(), place.calendar)
        if agent.wants_digest and works and FIRST_HOUR <= there.hour < LAST_HOUR:
            found[there.date()][agent] = place
    return found


def _place(office: Office, departments: list[tuple]) -> Place:
    """A region keeps what all its départements share: overseas it has one, Grand Est works on Good Friday."""
    own = [
        (code, zone)
        for code, region, zone in departments
        if code == office.department_id or (region and region == office.region_id)
    ]
    zones = {zone for _, zone in own}
    calendars = {working_days.SUBDIVISIONS.get(code, "") for code, _ in own}
    return Place(
        zone=zones.pop() if len(zones) == 1 else HOME_ZONE,
        calendar=own[0][0] if len(calendars) == 1 else "",
    )


def _last_sent(at: datetime) -> dict[str, datetime]:
    """Return when the last digest was written, by address."""
    written = OutboxMessage.objects.filter(dedupe_key__startswith="digest-", created_at__gt=at - REMEMBERED)
    return dict(written.order_by().values_list("recipient").annotate(Max("created_at")))


def _send_of_day(day: date, people: dict[User, Place], since: dict[str, datetime], at: datetime) -> int:
    keys = {agent: f"digest-{agent.pk}-{day}" for agent in people}
    told = OutboxMessage.objects.filter(dedupe_key__in=keys.values())
    told = set(told.values_list("dedupe_key", flat=True))
    waiting = {agent: place for agent, place in people.items() if keys[agent] not in told}
    if not waiting:
        return 0
    files, seats = _files(_noon(day)), _seats(day)
    digests = (
        Digest(agent, day, place, since.get(agent.email), seats[agent], files)
        for agent, place in waiting.items()
    )
    return sum(_tell(digest, keys[digest.agent], at) for digest in digests)


def _noon(day: date) -> datetime:
    """Return a moment of that day in Paris: overseas a day begins sooner, and the queue is to be that day's."""
    return datetime.combine(day, time(12), PARIS)


def _files(noon: datetime) -> dict[int, list[Event]]:
    """Return what waits on that day, by the office whose turn it is, the first due first."""
    found = defaultdict(list)
    for event in Event.objects.waiting().with_turn(noon).for_digest():
        found[event.turn].append(event)
    return found


def _seats(day: date) -> dict[User, dict[int, list[OfficeMembership]]]:
    """Return for which offices each person answers on that day, each with the absent agents they replace there."""
    found = defaultdict(dict)
    rows = OfficeMembership.objects.select_related("user", "office", "deputy").order_by("pk")
    for each in rows.at_work(day):
        found[each.user][each.office_id] = []
    for each in rows.replaced(day):
        found[each.deputy].setdefault(each.office_id, []).append(each)
    return found


@dataclass(frozen=True)
class Digest:
    """What there is to say to one agent on one day."""

    agent: User
    day: date
    place: Place
    last: datetime | None  # when the digest before was written
    seats: dict[int, list[OfficeMembership]]
    files: dict[int, list[Event]]

    @cached_property
    def events(self) -> list[Event]:
        mine = [each for seat in self.seats for each in self.files.get(seat, ())]
        return sorted(mine, key=lambda each: (each.due_on, each.pk))

    @property
    def since(self) -> datetime:
        """The last digest, else the morning of the working day before."""
        before = working_days.shift(self.day, -1, self.place.calendar)
        return self.last or datetime.combine(before, time(FIRST_HOUR), ZoneInfo(self.place.zone))

    @property
    def replaced(self) -> list[OfficeMembership]:
        return [absent for seat in self.seats.values() for absent in seat]

    @cached_property
    def lines(self) -> list[Line]:
        """What the mail says, line by line; a file stands on each line that speaks of it."""
        day, next_day = self.day, working_days.shift(self.day, 1, self.place.calendar)
        events, since = self.events, self.since
        lines = [
            Line("En retard", [each for each in events if each.due_on < day]),
            Line("À répondre aujourd’hui", [each for each in events if each.due_on == day]),
            Line(
                f"À répondre {day_words(next_day)}",
                [each for each in events if day < each.due_on <= next_day],
            ),
            Line(
                "Nouveaux dossiers",
                [each for each in events if not each.proposed_at and each.submitted_at > since],
            ),
            Line(
                "Nouvelles modifications proposées",
                [each for each in events if each.proposed_at and each.proposed_at > since],
            ),
        ]
        return [line for line in lines if line.events]


def _tell(digest: Digest, key: str, at: datetime) -> bool:
    """Write one agent's mail; nothing when there is nothing to say."""
    if not digest.lines:
        return False
    day = day_words(digest.day)
    context = {
        "day": day,
        "waiting": count(len(digest.events), "dossier attend", "dossiers attendent"),
        "lines": digest.lines,
        "replaced": digest.replaced,
        "url": settings.SITE_URL + reverse("admin:events_event_changelist"),
    }
    text = render_to_string("emails/digest.txt", context)
    html = render_to_string("emails/digest.html", context)
    subject = f"{count(len(digest.events), 'dossier')} à examiner, {day}"
    outbox.enqueue(digest.agent.email, subject, text, html=html, dedupe_key=key, at=at)
    return True
