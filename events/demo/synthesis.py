"""A programme of examples of any size, written straight to the tables.

The verbs would take an hour and a hundred thousand mails. What they keep true is kept true here: the statuses with
their dates, their numbers and their history; only the findings are left out of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils.text import slugify

from events.demo import accounts, contents, organizations
from events.demo.words import vocabulary
from events.enums import Rule, Status, Transition
from events.labels import NATION, label_number, slug_of
from events.models import Decision, Event, LabelCounter, TimeSlot
from events.turns import due_on
from organizers.enums import OfficeKind
from organizers.models import Office, User
from semaine.models import Commune, Edition, SiteRevision

BATCH = 500
EVENTS_PER_ORGANIZATION = 12
AT_HOME = 0.75
SHARES = {
    Status.LABELLED: 82,
    Status.SUBMITTED: 8,
    Status.CHANGES_REQUESTED: 3,
    Status.REFUSED: 2,
    Status.CANCELLED: 2,
    Status.DRAFT: 2,
    Status.WITHDRAWN: 1,
}
HISTORY = {
    Status.DRAFT: (),
    Status.SUBMITTED: (Transition.SUBMIT,),
    Status.CHANGES_REQUESTED: (Transition.SUBMIT, Transition.REQUEST_CHANGES),
    Status.REFUSED: (Transition.SUBMIT, Transition.REFUSE),
    Status.LABELLED: (Transition.SUBMIT, Transition.LABEL),
    Status.WITHDRAWN: (Transition.SUBMIT, Transition.LABEL, Transition.WITHDRAW),
    Status.CANCELLED: (Transition.SUBMIT, Transition.LABEL, Transition.CANCEL),
}
BY_ORGANIZER = {Transition.SUBMIT, Transition.CANCEL}
# How long ago, in days, what waits was sent: a few are late.
WAITING_DAYS = {Status.SUBMITTED: 7, Status.CHANGES_REQUESTED: 20}


@transaction.atomic
def synthesize(
    edition: Edition, number: int, *, seed: int, at: datetime, tick: Callable[[int], None]
) -> None:
    """Write `number` examples in `edition` as they stand at `at`; `tick` is told how many each batch wrote.

    The same seed on the same territories gives the same programme. Sends no mail; bumps the site revision once.
    """
    rng = Random(seed)  # noqa: S311 - nothing here is secret
    programme = Programme(edition, min(at, edition.submissions_close_at))
    communes = list(
        Commune.objects.filter(parent=None).order_by("code").values_list("code", "department", "population")
    )
    organizers = organizations.load(rng, max(number // EVENTS_PER_ORGANIZATION, 1), communes)
    statuses = _statuses(rng, number)
    hosts = _hosts(rng, number, organizers)
    territories = _territories(communes)
    for start in range(0, number, BATCH):
        batch = [(host, _place(rng, host, territories)) for host in hosts[start : start + BATCH]]
        programme.write(rng, batch, statuses[start : start + BATCH])
        tick(len(batch))
    programme.close()


def _statuses(rng: Random, number: int) -> list[Status]:
    """Return each status by its share, once at least, in any order."""
    counts = {status: max(number * share // 100, 1) for status, share in SHARES.items()}
    counts[Status.LABELLED] += number - sum(counts.values())
    found = [status for status, count in counts.items() for _ in range(count)][:number]
    rng.shuffle(found)
    return found


def _hosts(rng: Random, number: int, organizers: list) -> list:
    """Return who holds each event: everyone holds one, then by weight."""
    weights = [organizer.weight for organizer in organizers]
    more = rng.choices(organizers, weights, k=max(number - len(organizers), 0))
    return (organizers + more)[:number]


def _territories(communes: list) -> dict[str, organizations.Territory]:
    by_department = defaultdict(list)
    for commune in communes:
        by_department[commune[1]].append(commune)
    return {code: organizations.territory(rows) for code, rows in by_department.items()}


def _place(rng: Random, host: organizations.Organizer, territories: dict) -> str | None:
    home = host.row.headquarters
    if home is None or rng.random() < AT_HOME:
        return home and home.code
    return territories[home.department_id].draw(rng)


class Programme:
    """The edition being filled: its counters, its addresses, and who acts."""

    def __init__(self, edition: Edition, at: datetime):
        self.edition = edition
        self.at = at
        self.opened = min(edition.submissions_open_at, at - timedelta(days=1))
        self.author = accounts.silent("exemples@example.org", "Organisations d’exemple")
        self.referent = accounts.silent("examen@example.org", "Référents d’exemple")
        self.offices = dict(
            Office.objects.filter(kind=OfficeKind.DEPARTMENTAL).values_list("department", "pk")
        )
        self.nation = Office.objects.get(kind=OfficeKind.NATIONAL).pk
        self.slugs = set(edition.events.values_list("slug", flat=True))
        given = LabelCounter.objects.filter(edition=edition).values_list("territory", "last")
        self.counters = defaultdict(int, given)

    def write(self, rng: Random, batch: list, statuses: list[Status]) -> None:
        """Write one event for each (organizer, INSEE code or None), with its slots and its history."""
        places = Commune.objects.select_related("department").in_bulk({code for _, code in batch if code})
        events, slots, decisions = [], [], []
        for (host, code), status in zip(batch, statuses, strict=True):
            event = contents.write(rng, host, places.get(code), self.edition, self.author)
            events.append(event)
            slots += contents.write_slots(rng, event)
            decisions += self._live(rng, event, status)
        Event.objects.bulk_create(events)
        TimeSlot.objects.bulk_create(slots)
        Decision.objects.bulk_create(decisions)

    def _live(self, rng: Random, event: Event, status: Status) -> list[Decision]:
        """Take the event to its status and return its history."""
        event.status = status
        moment = self._first_moment(rng, status)
        event.created_at = moment - timedelta(hours=rng.randint(1, 48))
        event.updated_at = event.created_at
        decisions = []
        for transition in HISTORY[status]:
            self._apply(event, transition, moment)
            decisions.append(self._decision(rng, event, transition, moment))
            moment = min(moment + timedelta(hours=rng.randint(2, 90)), self.at)
        return decisions

    def _first_moment(self, rng: Random, status: Status) -> datetime:
        since = self.opened
        if status in WAITING_DAYS:
            since = max(since, self.at - timedelta(days=WAITING_DAYS[status]))
        return since + (self.at - since) * rng.random()

    def _apply(self, event: Event, transition: Transition, moment: datetime) -> None:
        event.updated_at = moment
        if transition == Transition.SUBMIT:
            event.submitted_at = moment
            event.due_on = due_on(moment, event.department)
        elif transition == Transition.LABEL:
            event.labelled_at = moment
            event.office_id = self._office(event)
            self._give_label(event)
        elif transition == Transition.CANCEL:
            event.cancelled_from = Status.LABELLED

    def _office(self, event: Event) -> int:
        return self.offices.get(event.department_id, self.nation)

    def _give_label(self, event: Event) -> None:
        territory = event.department_id or NATION
        self.counters[territory] += 1
        event.label_number = label_number(self.edition.year, territory, self.counters[territory])
        event.slug = slug_of(event.title)
        if event.slug in self.slugs:
            event.slug = f"{event.slug}-{slugify(event.label_number)}"
        self.slugs.add(event.slug)

    def _decision(self, rng: Random, event: Event, transition: Transition, moment: datetime) -> Decision:
        by_organizer = transition in BY_ORGANIZER
        comments = vocabulary()["comments"].get(transition.value, [""])
        return Decision(
            event=event,
            event_version=event.version,
            transition=transition,
            by=self._actor(by_organizer),
            office_id=None if by_organizer else self._office(event),
            at=moment,
            comment=rng.choice(comments),
            rule=Rule.PURPOSE if transition == Transition.REFUSE else "",
        )

    def _actor(self, by_organizer: bool) -> User:
        return self.author if by_organizer else self.referent

    def close(self) -> None:
        """Write the counters, let the planner know what came, and tell the site's revision last."""
        LabelCounter.objects.bulk_create(
            self._counters(),
            update_conflicts=True,
            unique_fields=["edition", "territory"],
            update_fields=["last"],
        )
        # The first visitors come before autovacuum does.
        with connection.cursor() as cursor:
            for model in (Event, TimeSlot, Decision):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
        SiteRevision.objects.bump()

    def _counters(self) -> Iterator[LabelCounter]:
        for territory, last in self.counters.items():
            yield LabelCounter(edition=self.edition, territory=territory, last=last)
