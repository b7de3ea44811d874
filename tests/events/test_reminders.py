"""The mails that ask for the report: twice at most, to whom may write it, and not for what did not take place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from events import attendance, reminders, tasks, workflow
from events.models import Event
from organizers.enums import MembershipRole
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# The slot of `factories` is the 20th of November, until 11:30 in Paris.
DAY_AFTER = datetime(2025, 11, 21, 8, 20, tzinfo=UTC)
WEEK_AFTER = DAY_AFTER + timedelta(days=7)
DAY = timedelta(days=1)


def written() -> list[tuple]:
    """The reminders in the outbox, without the mails of the decisions."""
    mails = OutboxMessage.objects.filter(dedupe_key__startswith="attendance-").order_by("pk")
    return list(mails.values_list("dedupe_key", "recipient"))


def key(event, number, person) -> tuple:
    return f"attendance-{event.pk}-{number}-{person.pk}", person.email


def test_reminders_are_written_the_day_after_and_a_week_later():
    event = factories.labelled()
    author = event.created_by
    days = [reminders.remind(DAY_AFTER + number * DAY) for number in range(-1, 30)]
    assert [number for number, count in enumerate(days, start=-1) if count] == [0, 7]
    assert written() == [key(event, 1, author), key(event, 2, author)]


def test_run_of_the_same_hour_twice_writes_once():
    factories.labelled()
    assert [reminders.remind(DAY_AFTER) for _ in range(3)] == [1, 0, 0]
    assert len(written()) == 1


@pytest.mark.parametrize(
    ("days", "number"), [(0, 1), (6, 1), (7, 2), (20, 2)], ids=["first day", "late", "second", "very late"]
)
def test_run_that_comes_late_writes_what_is_still_due(days, number):
    event = factories.labelled()
    assert reminders.remind(DAY_AFTER + days * DAY) == 1
    assert written() == [key(event, number, event.created_by)]


def test_nothing_is_written_three_weeks_later():
    factories.labelled()
    assert (reminders.remind(DAY_AFTER + 21 * DAY), written()) == (0, [])


def test_nothing_is_written_once_the_report_is_there():
    event = factories.labelled()
    reminders.remind(DAY_AFTER)
    values = {"total": 3, "women_share": None, "by_audience": {}, "follow_up_codes": [], "comment": ""}
    attendance.save(event, by=event.created_by, at=DAY_AFTER, values=values)
    assert reminders.remind(WEEK_AFTER) == 0


def test_nothing_is_written_for_what_did_not_take_place_under_the_label():
    by = factories.national()
    factories.submitted()
    factories.draft()
    workflow.cancel(factories.labelled(), by=by, at=NOW, comment="Panne.")
    workflow.withdraw(factories.labelled(), by=by, at=NOW, comment="Payante.")
    workflow.refuse(factories.submitted(), by=by, at=NOW, rule="free", comment="Payante.")
    assert (reminders.remind(DAY_AFTER), written()) == (0, [])


def test_last_slot_counts_and_its_day_is_that_of_the_place():
    slots = [
        factories.slot("2025-11-18"),
        factories.slot("2025-11-20", zone="Pacific/Marquesas", end="23:00"),
    ]
    factories.labelled(commune_code="98718", slots=slots)
    # There it is still the 20th, a quarter of an hour before midnight.
    evening = datetime(2025, 11, 21, 9, 15, tzinfo=UTC)
    assert [reminders.remind(evening), reminders.remind(evening + timedelta(minutes=15))] == [0, 1]


def test_owners_are_asked_where_the_author_is_gone():
    event = factories.labelled()
    author, (first, second, editor) = event.created_by, (factories.user() for _ in range(3))
    roles = {first: MembershipRole.OWNER, second: MembershipRole.OWNER, editor: MembershipRole.EDITOR}
    for person, role in roles.items():
        Membership.objects.create(user=person, organization=event.organization, role=role)
    author.is_active = False
    author.save()
    assert reminders.remind(DAY_AFTER) == 1
    assert written() == [key(event, 1, first), key(event, 1, second)]
    [reason] = set(OutboxMessage.objects.filter(recipient=first.email).values_list("text", flat=True))
    assert reason.strip().endswith(
        f"Vous recevez ce message car vous êtes responsable de l’organisation « {event.organization} » à la "
        "Semaine de l’industrie."
    )


def test_author_who_left_the_organization_is_not_asked():
    event = factories.labelled()
    owner = factories.user()
    Membership.objects.create(user=owner, organization=event.organization, role=MembershipRole.OWNER)
    Membership.objects.filter(user=event.created_by).delete()
    reminders.remind(DAY_AFTER)
    assert written() == [key(event, 1, owner)]


def test_event_that_nobody_can_report_writes_nothing_and_stops_nothing():
    alone, other = factories.labelled(), factories.labelled()
    Membership.objects.filter(user=alone.created_by).delete()
    assert reminders.remind(DAY_AFTER) == 1
    assert written() == [key(other, 1, other.created_by)]


def test_mail_has_one_link_and_says_why_it_was_sent():
    event = factories.labelled(title="Visite & <fonderie>")
    reminders.remind(DAY_AFTER)
    mail = OutboxMessage.objects.get(dedupe_key__startswith="attendance-")
    link = f"{settings.SITE_URL}/espace/evenements/{event.pk}/bilan/"
    assert mail.subject == "Qui est venu ? Le bilan de votre événement : Visite & <fonderie>"
    assert mail.text.rstrip() == (
        "Bonjour,\n\nVotre événement a eu lieu : bravo et merci ! Dites-nous qui est venu. Deux minutes suffisent, et "
        "un seul nombre est obligatoire.\n\nÉvénement : Visite & <fonderie>\nÀ remplir : jusqu’au lundi 19 janvier "
        f"2026\n\nRemplir le bilan :\n{link}\n\nVous recevez ce message car vous avez proposé cet événement à la "
        "Semaine de l’industrie."
    )
    assert (mail.html.count("href="), mail.html.count(f'href="{link}"')) == (1, 1)
    assert mail.html.count("Visite &amp; &lt;fonderie&gt;") == 1


def test_second_mail_says_what_is_missing():
    factories.labelled()
    reminders.remind(WEEK_AFTER)
    mail = OutboxMessage.objects.get(dedupe_key__startswith="attendance-")
    assert mail.text.startswith(
        "Bonjour,\n\nIl manque encore le bilan de votre événement. Dites-nous qui est venu."
    )


def test_run_reads_its_events_at_once(django_assert_num_queries):
    for _ in range(3):
        factories.labelled()
    reminders.remind(DAY_AFTER)
    # The mails that were written, then the events that have no report: one query each.
    with django_assert_num_queries(2):
        reminders.remind(DAY_AFTER)


def test_task_is_planned_every_hour_of_the_day():
    planned = settings.CELERY_BEAT_SCHEDULE["attendance"]
    assert planned["task"] == tasks.remind_attendance.name
    assert planned["schedule"].hour == set(range(9, 19))


def test_task_writes_what_is_due():
    event = factories.labelled()
    now = datetime.now(tz=UTC)
    Event.objects.filter(pk=event.pk).update(last_ends_at=now - 2 * DAY)
    tasks.remind_attendance()
    assert written() == [key(event, 1, event.created_by)]
