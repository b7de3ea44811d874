"""What the digest, the dashboards and the national team read of events that a door of `querysets` has scoped."""

from datetime import datetime

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value, When

from events.eligibility import CROWD_A_DAY, CROWD_ONLINE
from events.enums import AttendanceMode, Stage, Status, Transition
from events.turns import turns_on
from organizers.enums import OfficeKind
from organizers.models import Office

# Nothing but such a word, a number or one letter again and again.
TRIAL = r"^\W*((tests?|essais?|toto|titi|azerty|qwerty|asdf\w*|lorem ipsum|(\w)\3{2,})[\W\d]*)+$"
EACH_DAY = "generate_series(%(expressions)s, interval '1 day')::date"
# What ends the wait of an organizer.
ANSWERS = (Transition.LABEL, Transition.REQUEST_CHANGES, Transition.REFUSE)


class SteeringQuerySet(models.QuerySet):
    def picked(self):
        """Those that the national team shows first, in its order."""
        return self.filter(featured__isnull=False).order_by("featured__position", "featured__pk")

    def with_turn(self, at: datetime):
        """With `turn`: the key of the office that is to examine what waits. Two queries, and one for the rows."""
        turns = turns_on(at)
        offices = Office.objects.with_active_agent(at) | Office.objects.filter(kind=OfficeKind.NATIONAL)
        holders = [When(turns.of(office), then=Value(office.pk)) for office in offices]
        return self.annotate(turn=Case(*holders, output_field=models.BigIntegerField()))

    def for_digest(self):
        """With what a line of the digest reads, and `proposed_at` where a change is proposed; the first due first."""
        proposals = apps.get_model("events", "Amendment").objects.open().filter(event=OuterRef("pk"))
        rows = self.annotate(proposed_at=Subquery(proposals.values("at")))
        return rows.select_related("department").only("title", "due_on", "submitted_at", "department__name")

    def for_dashboard(self):
        """With what the list behind a figure shows, the first due first."""
        rows = self.with_proposals().select_related("department", "commune")
        by_due = F("due_on").asc(nulls_last=True), "pk"
        return rows.defer("description", "search").order_by(*by_due)

    def with_outcome(self):
        """With what a dashboard counts: `refused_for` (a rule) and `answered_after`.

        That is the time from the first sending to the first answer, by night and on weekends too.
        """
        decisions = (
            apps.get_model("events", "Decision").objects.filter(event=OuterRef("pk")).order_by("at", "pk")
        )
        sent = decisions.filter(transition=Transition.SUBMIT).values("at")[:1]
        answered = decisions.filter(transition__in=ANSWERS).values("at")[:1]
        refusals = decisions.filter(transition=Transition.REFUSE).order_by("-at", "-pk").values("rule")[:1]
        return self.annotate(
            answered_after=ExpressionWrapper(Subquery(answered) - Subquery(sent), models.DurationField()),
            refused_for=Case(When(status=Status.REFUSED, then=Subquery(refusals)), default=Value("")),
        )

    def at_stage(self, stage: str, at: datetime):
        """Those of a stage of `Stage`, at `at`."""
        named = {
            Stage.SENT: lambda: self.filter(submitted_at__isnull=False),
            Stage.DRAFTS: lambda: self.filter(status=Status.DRAFT),
            Stage.WAITING: self.waiting,
            Stage.TO_COMPLETE: lambda: self.filter(status=Status.CHANGES_REQUESTED),
            Stage.LABELLED: self.taking_place,
            Stage.UNREPORTED: lambda: self.taking_place().filter(
                last_ends_at__lte=at, attendance_report=None
            ),
        }
        return named[Stage(stage)]()

    def correctable(self):
        """What waits for an answer or bears the label: what is worth a correction."""
        return self.filter(status__in=(Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.LABELLED))

    def roughly_placed(self):
        """Those on the map at the centre of their commune, though they give an address."""
        return self.filter(commune__isnull=False, point_source="").exclude(address="")

    def named_like_a_trial(self):
        """Those whose title is no title: « test », « essai 2 », « azerty », « xxx »."""
        return self.filter(title__iregex=TRIAL)

    def without_picture(self):
        return self.filter(image="")

    def with_likely(self):
        """With `likely`: the most people that `eligibility.attendance` finds likely at each."""
        slots = apps.get_model("events", "TimeSlot").objects.filter(event=OuterRef("pk"))
        online = ~Q(attendance_mode=AttendanceMode.ONSITE)
        most = Case(
            When(online, then=Value(CROWD_ONLINE)),
            When(capacity__gt=0, then=F("capacity") * _counted(slots, Count("pk"))),
            default=Value(CROWD_A_DAY) * _counted(slots, Count("first_day", distinct=True)),
            output_field=models.IntegerField(),
        )
        return self.annotate(likely=most)

    def with_measures(self):
        """With what the published figures read: `likely`, `reported` and `days`, those on which it is open."""
        slots = apps.get_model("events", "TimeSlot").objects.filter(event=OuterRef("pk")).order_by()
        days = Func("first_day", "last_day", template=EACH_DAY, output_field=models.DateField())
        reported = F("attendance_report__total")
        return self.with_likely().annotate(reported=reported, days=ArraySubquery(slots.values(day=days)))

    def crowded(self):
        """Those that expect more people than is likely."""
        return self.with_likely().filter(expected_participants__gt=F("likely"))


def _counted(slots, number: Count) -> Subquery:
    """How many there are of the event at hand; nothing else of the event is read for it."""
    return Subquery(slots.order_by().values("event").values(number=number))
