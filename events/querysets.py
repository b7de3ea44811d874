"""Who sees an event? The one door: every list, page, map, calendar, counter and export starts here.

One file, though a long one: two would be two doors.
"""

from datetime import date, datetime
from functools import reduce
from operator import attrgetter, or_

from django.apps import apps
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from events.enums import AttendanceMode, Status, TermKind
from events.steering_querysets import SteeringQuerySet
from events.turns import Turns, turn_of, turns_on
from organizers.models import Organization
from semaine.geometry import tile
from semaine.models import Department, Edition

# What the public sees: the labelled, and the labelled that were then cancelled (shown as « Annulé »).
PUBLIC = Q(status=Status.LABELLED) | Q(status=Status.CANCELLED, cancelled_from=Status.LABELLED)
# What figures count of it; the rest is counted apart.
HELD = ~Q(status=Status.CANCELLED)
# What was held with the label may be held again.
RENEWABLE = Q(status=Status.LABELLED)
CHANGED_UNSEEN = Q(status=Status.LABELLED, changed_since_label=True)
# What bore a label and is public no more, however it left: withdrawn, examined again, and what became of it since.
LEFT = Q(label_number__isnull=False) & ~PUBLIC
GRID_ZOOM = 20


def is_seen(event) -> bool:
    """Does its page answer: the event, « Annulé », or that it left the programme (410)?"""
    return bool({Status.LABELLED, Status.WITHDRAWN} & {event.status, event.cancelled_from})


def is_public(event) -> bool:
    """Does the public see an event, read with its edition? What `PUBLIC` says of a row."""
    return event.edition.is_published and Status.LABELLED in (event.status, event.cancelled_from)


class EventQuerySet(SteeringQuerySet):
    def public(self):
        return self.filter(PUBLIC, edition__is_published=True)

    def gone(self):
        """The events that left the programme: their page answers 410."""
        return self.filter(status=Status.WITHDRAWN, label_number__isnull=False, edition__is_published=True)

    def moved(self):
        """The events whose public address leads to the one that they were merged into."""
        return self.filter(status=Status.MERGED, label_number__isnull=False, edition__is_published=True)

    def removed_since(self, at: datetime | None):
        """What the public has seen and sees no more, of which something changed since; ever, for None.

        Only who was told of an event may be told that it left, and then no more than which one and when.
        """
        rows = self.filter(LEFT, edition__is_published=True)
        return rows.filter(updated_at__gte=at) if at else rows

    def once_labelled(self):
        """What bore a label that anybody may check: what the public sees, what left the programme, what was merged."""
        return self.public() | self.gone() | self.moved()

    def taking_place(self):
        """Public, and not cancelled: what figures count."""
        return self.public().filter(HELD)

    def unreported(self, since: datetime, at: datetime):
        """What took place, ended between the two, and has no report yet."""
        return self.taking_place().filter(last_ends_at__range=(since, at), attendance_report=None)

    def upcoming(self, at: datetime):
        """The events with a slot that is not over at `at`."""
        return self.filter(last_ends_at__gt=at)

    def on_show(self, edition: Edition, at: datetime):
        """Those of an edition that a list shows unless asked for more: what is to come, or all once it ended."""
        return self if edition.is_over(at) else self.upcoming(at)

    def placed(self):
        """The events that take place somewhere; one that is online only belongs to no territory."""
        return self.filter(commune__isnull=False)

    def between(self, first: date | None, last: date | None):
        """The events with a slot on one of these days, both included, in their own time zone."""
        return self.filter(open_between(first, last))

    def editable_by(self, user):
        """The events of a person's organizations."""
        return self.filter(organization__memberships__user=user)

    def whose_contact_is(self, person):
        """The events that give a person's own address to the referent."""
        return self.filter(contact_email__iexact=person.email)

    def examinable_by(self, user):
        """What a State agent may examine: the events once sent, in the territories of their offices."""
        return self.once_sent().filter(_territory_of(user))

    def once_sent(self):
        """What was sent at least once: the rest is nobody's business but its organizer's."""
        return self.filter(submitted_at__isnull=False)

    def whose_turn(self, office, at: datetime):
        """What waits for this office now: its own territory's, and what went up a step for being late."""
        return self.filter(is_waiting() & turn_of(office, at))

    def my_turn(self, user, at: datetime):
        """What waits now for any of an agent's offices, and for those where they replace somebody."""
        return self.filter(is_my_turn(user, turns_on(at)))

    def waiting(self):
        """What waits for a referent's answer: what was sent, and what is proposed for a labelled event."""
        return self.filter(is_waiting())

    def amended(self):
        return self.filter(is_amended())

    def changed_since_label(self):
        """The labelled events of which something changed that no referent has seen yet."""
        return self.filter(CHANGED_UNSEEN)

    def with_proposals(self):
        """With `is_amended`: does a proposal wait for an answer?"""
        return self.annotate(is_amended=is_amended())

    def most_urgent_first(self):
        """What waits, the longest overdue first; then the rest, the latest due first."""
        due = Case(When(is_waiting(), then=F("due_on")))
        return self.order_by(due.asc(nulls_last=True), F("due_on").desc(nulls_last=True), "pk")

    def in_the_running(self, organization_id: int):
        """What is proposed or at the programme, and of the drafts those of one organization."""
        over = (Status.CANCELLED, Status.WITHDRAWN, Status.REFUSED, Status.MERGED)
        own_draft = Q(status=Status.DRAFT, organization=organization_id)
        return self.filter(own_draft | ~Q(status__in=(Status.DRAFT, *over)))

    def held_in(self, department):
        """The events that take place in a département: an online one is examined there, no more."""
        return self.placed().filter(department=department)

    def online_only(self):
        return self.filter(attendance_mode=AttendanceMode.ONLINE)

    def on_map(self):
        """The public events that have a point on the map."""
        return self.public().filter(tile_x__isnull=False)

    def renewable_in(self, edition: Edition):
        """The labelled events of the edition before, which may be held again."""
        earlier = Edition.objects.published().filter(label_until__lt=edition.label_from)
        last = earlier.order_by("-label_from").values("pk")[:1]
        return self.filter(RENEWABLE, edition=Subquery(last))

    def drafts_of(self, edition: Edition | None):
        """Those of an edition that were never sent."""
        return self.filter(status=Status.DRAFT, edition=edition)

    def for_space(self):
        """With what the organizer's own list shows, the latest first."""
        decisions = apps.get_model("events", "Decision").objects
        return (
            self.select_related("edition", "commune__department", "organization")
            .prefetch_related(models.Prefetch("decisions", decisions.defer("contents")), "decisions__office")
            .defer("description", "search")
            .order_by("-updated_at", "-pk")
        )

    def for_page(self):
        """With everything that an event's own page shows."""
        return self.for_list().defer(None).defer("search")

    def for_examination(self, user):
        """What a person may examine, with everything to judge it by.

        `is_own`: is it of their organizations? `format_label`: the name of its format.
        """
        own = self.model.objects.editable_by(user).filter(pk=OuterRef("pk"))
        formats = apps.get_model("events", "Term").objects.filter(kind=TermKind.FORMAT)
        label = Subquery(formats.filter(code=OuterRef("format_code")).values("label"))
        files = self.examinable_by(user).for_steps().with_proposals()
        return files.annotate(is_own=Exists(own), format_label=Coalesce(label, Value("")))

    def for_steps(self):
        """With everything that the steps of its form show and judge."""
        return self.for_page().select_related(
            "edition", "organization__headquarters__department", "department", "commune__department__region"
        )

    def in_box(self, west: float, south: float, east: float, north: float):
        """Those whose point is in a box, in degrees; an index knows the columns of the grid."""
        left, top = tile(north, west, GRID_ZOOM)
        right, bottom = tile(south, east, GRID_ZOOM)
        return self.filter(
            tile_x__range=(left, right),
            tile_y__range=(top, bottom),
            longitude__range=(west, east),
            latitude__range=(south, north),
        )

    def alike(self, word: str):
        """The events with a word much like this one in their title, organizer or place, the likest first."""
        similarity = TrigramWordSimilarity(word, "trigram_key")
        return self.filter(trigram_key__trigram_word_similar=word).order_by(similarity.desc(), "pk")

    def in_order(self, at: datetime | None):
        """By the day of the next slot, what lasts more than three days after what is of the day.

        `at` None is for an edition that has ended: by first slot.
        """
        day, start = _next("first_day", at), _next("first_starts_at", at)
        return self.annotate(next_day=day, next_starts_at=start).order_by(
            F("next_day").asc(nulls_last=True), "is_lasting", "next_starts_at", "pk"
        )

    def by_department(self) -> dict[str | None, int]:
        """How many take place in each département, by code, and under None those that are online only."""
        return dict(self.order_by().values_list(where_held("department")).annotate(Count("pk")))

    def organizations(self):
        return Organization.objects.filter(pk__in=self.values("organization"))

    def by_edition(self, at: datetime):
        """What is to come by its next day, then what is over, the last edition first."""
        return self.in_order(at).order_by(
            F("next_day").asc(nulls_last=True),
            "-edition__label_from",
            "is_lasting",
            "next_starts_at",
            "first_starts_at",
            "pk",
        )

    def for_list(self):
        """With what a card shows, and nothing heavier."""
        return (
            self.select_related("edition", "commune__department", "department", "organization")
            .prefetch_related("slots")
            .defer("description", "search")
        )


def where_held(territory: str) -> Case:
    """The territory in which an event counts: none for one that is online only, which is merely examined there."""
    return Case(When(commune__isnull=False, then=F(territory)))


def open_between(first: date | None, last: date | None, since: datetime | None = None) -> Q:
    """The condition that an event has a slot on one of these days, both included, in its own time zone.

    `since`: a slot that is over at this moment does not count.
    """
    slots = _slots_of_each()
    slots = slots.filter(ends_at__gt=since) if since else slots
    slots = slots.filter(last_day__gte=first) if first else slots
    return Q(Exists(slots.filter(first_day__lte=last) if last else slots))


def within_box(west: float, south: float, east: float, north: float) -> Q:
    """The condition that an event lies in a box in degrees, which may go beyond the 180th meridian."""
    around = [
        (west + turn, east + turn) for turn in (-360, 0, 360) if west + turn <= 180 and east + turn >= -180
    ]
    return reduce(or_, (Q(longitude__range=each) for each in around)) & Q(latitude__range=(south, north))


def _slots_of_each() -> models.QuerySet:
    """The slots of the event at hand, for a subquery."""
    return apps.get_model("events", "TimeSlot").objects.filter(event=OuterRef("pk"))


def is_waiting() -> Q:
    """The condition that a referent's answer is awaited."""
    return Q(status=Status.SUBMITTED) | Q(is_amended())


def is_my_turn(user, turns: Turns) -> Q:
    """The condition that it waits for any of an agent's offices, or one where they replace somebody."""
    mine = [turns.of(office) for office in sorted(turns.answered_by(user), key=attrgetter("pk"))]
    return is_waiting() & reduce(or_, mine, Q(pk__in=[]))


def is_amended() -> Exists:
    return Exists(apps.get_model("events", "Amendment").objects.open().filter(event=OuterRef("pk")))


def _next(column: str, at: datetime | None):
    """The first slot's, which is written on the event; only an event under way has to look its slots up."""
    if at is None:
        return F(column)
    coming = _slots_of_each().filter(ends_at__gt=at).order_by("ends_at")
    there = Subquery(coming.values("first_day" if column == "first_day" else "starts_at")[:1])
    return Case(When(first_ends_at__gt=at, then=F(column)), default=there)


def _territory_of(user) -> Q:
    """The condition that an event is in an agent's territory; the nation's holds what takes place nowhere, too."""
    if _is_nation(user):
        return Q()
    return Q(department__in=departments_of(user).order_by().values("pk"))


def examines_in(user, department: Department) -> bool:
    """Is the département in an agent's territory?"""
    return _is_nation(user) or any(
        department.pk == each.department_id or (each.region_id and department.region_id == each.region_id)
        for each in getattr(user, "held_offices", ())
    )


def departments_of(user) -> models.QuerySet:
    """The départements in which a State agent examines. Their offices are read once per request, and not again."""
    if _is_nation(user):
        return Department.objects.all()
    offices = getattr(user, "held_offices", ())
    own = [each.department_id for each in offices if each.department_id]
    regions = [each.region_id for each in offices if each.region_id]
    return Department.objects.filter(Q(pk__in=own) | Q(region__in=regions))


def _is_nation(user) -> bool:
    return getattr(user, "is_national", False)
