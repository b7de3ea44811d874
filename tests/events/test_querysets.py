"""Who sees an event: each door over events that should and events that should not pass it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from events import workflow
from events.models import Event
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership, OfficeMembership
from semaine.models import Edition
from tests import factories
from tests.events.test_workflow import STATUSES, standing
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

DEPARTMENTAL, REGIONAL, NATIONAL = OfficeKind.DEPARTMENTAL, OfficeKind.REGIONAL, OfficeKind.NATIONAL
ONLINE = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "commune_code": None}
MICROSECOND = timedelta(microseconds=1)


def titles(events):
    return sorted(events.values_list("title", flat=True))


@pytest.fixture
def one_of_each():
    for status in STATUSES:
        standing(status, title=status)


def test_public_shows_the_labelled_and_those_then_cancelled(one_of_each):
    labelled = ["labelled", "labelled:amended", "labelled:edited"]
    assert titles(Event.objects.public()) == ["cancelled:labelled", *labelled]
    assert titles(Event.objects.taking_place()) == labelled
    assert titles(Event.objects.gone()) == ["withdrawn"]
    assert titles(Event.objects.waiting()) == ["kept", "labelled:amended", "submitted"]


def test_public_shows_nothing_of_an_unpublished_edition(one_of_each):
    Edition.objects.update(is_published=False)
    doors = Event.objects.public(), Event.objects.taking_place(), Event.objects.gone(), Event.objects.on_map()
    assert [titles(door) for door in doors] == [[], [], [], []]


def test_gone_forgets_what_is_examined_again():
    event = standing("withdrawn")
    workflow.reinstate(event, by=factories.national(), at=NOW, comment="Erreur.")
    assert titles(Event.objects.gone()) == []


def test_upcoming_lasts_until_the_end_of_the_last_slot():
    event = factories.draft(slots=[slot("2025-11-20"), slot("2025-11-21", "09:00", "12:00")])
    end = datetime(2025, 11, 21, 11, tzinfo=UTC)
    assert list(Event.objects.upcoming(end - MICROSECOND)) == [event]
    assert list(Event.objects.upcoming(end)) == []


def test_upcoming_leaves_out_what_has_no_slot():
    factories.draft(slots=[])
    assert list(Event.objects.upcoming(NOW)) == []


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (20, 20, True),
        (19, 20, True),
        (22, 22, True),
        (22, 25, True),
        (20, None, True),
        (None, 20, True),
        (None, None, True),
        (21, 21, False),
        (18, 19, False),
        (23, None, False),
        (None, 19, False),
    ],
)
def test_between_looks_at_the_days_of_each_slot(first, last, found):
    factories.draft(title="Visite", slots=[slot("2025-11-20"), slot("2025-11-22")])
    days = [day and date(2025, 11, day) for day in (first, last)]
    assert titles(Event.objects.between(*days)) == (["Visite"] if found else [])


@pytest.mark.parametrize(
    ("commune_code", "zone", "start", "end"),
    [
        ("98718", "Pacific/Marquesas", "20:00", "23:00"),
        ("98718", "Pacific/Marquesas", "18:00", "00:00"),
        ("97411", "Indian/Reunion", "00:30", "02:00"),
    ],
)
def test_between_counts_the_days_of_the_place(commune_code, zone, start, end):
    event = factories.draft(commune_code=commune_code, slots=[slot("2025-11-20", start, end, zone)])
    found = [list(Event.objects.between(day, day)) for day in (date(2025, 11, d) for d in (19, 20, 21))]
    assert found == [[], [event], []]


def test_editable_by_shows_the_events_of_ones_organizations():
    organizer = factories.user()
    factories.draft(organizer, title="de la première")
    second = factories.draft(title="de la seconde").organization
    factories.draft(title="des autres")
    Membership.objects.create(user=organizer, organization=second, role=MembershipRole.EDITOR)
    assert titles(Event.objects.editable_by(organizer)) == ["de la première", "de la seconde"]
    assert titles(Event.objects.editable_by(factories.referent())) == []


@pytest.fixture
def everywhere():
    """One sent event in each kind of territory, and a draft that nobody may examine."""
    for code, title in [
        ("90010", "Belfort"),
        ("02738", "Tergnier"),
        ("59350", "Lille"),
        ("98718", "Fatu-Hiva"),
    ]:
        factories.submitted(commune_code=code, title=title)
    with_seat, without_seat = factories.user(), factories.user()
    factories.organization(with_seat, headquarters="59350")
    factories.organization(without_seat, headquarters=None)
    factories.submitted(with_seat, title="En ligne, siège à Lille", **ONLINE)
    factories.submitted(without_seat, title="En ligne, sans siège", **ONLINE)
    factories.draft(title="Brouillon")


@pytest.mark.parametrize(
    ("kind", "territory", "expected"),
    [
        (DEPARTMENTAL, "90", ["Belfort"]),
        (DEPARTMENTAL, "59", ["En ligne, siège à Lille", "Lille"]),
        (DEPARTMENTAL, "93", []),
        (DEPARTMENTAL, "987", ["Fatu-Hiva"]),
        (REGIONAL, "27", ["Belfort"]),
        (REGIONAL, "32", ["En ligne, siège à Lille", "Lille", "Tergnier"]),
        (REGIONAL, "11", []),
        (
            NATIONAL,
            "France",
            ["Belfort", "En ligne, sans siège", "En ligne, siège à Lille", "Fatu-Hiva", "Lille", "Tergnier"],
        ),
    ],
)
def test_examinable_by_follows_the_territory(everywhere, kind, territory, expected):
    agent = factories.referent(kind, territory)
    assert titles(Event.objects.examinable_by(agent)) == expected


def test_examinable_by_adds_up_the_offices_of_an_agent(everywhere):
    agent = factories.referent(DEPARTMENTAL, "02")
    for office in (factories.office(REGIONAL, "32"), factories.office(DEPARTMENTAL, "90")):
        OfficeMembership.objects.create(user=agent, office=office)
    expected = ["Belfort", "En ligne, siège à Lille", "Lille", "Tergnier"]
    assert titles(Event.objects.examinable_by(agent)) == expected


def test_examinable_by_does_not_ask_whose_turn_it_is(everywhere):
    absence = {"absent_from": date(2025, 9, 1), "absent_until": date(2025, 12, 31)}
    agent = factories.referent(DEPARTMENTAL, "90", **absence)
    assert titles(Event.objects.examinable_by(agent)) == ["Belfort"]


def test_examinable_by_is_empty_for_who_has_no_office_now(everywhere):
    retired = factories.referent(NATIONAL, "France", is_active=False)
    locked_out = factories.referent(DEPARTMENTAL, "90")
    locked_out.is_active = False
    locked_out.save()
    superuser = factories.user(is_staff=True, is_superuser=True)
    people = [retired, locked_out, superuser, factories.user(), AnonymousUser()]
    assert [titles(Event.objects.examinable_by(person)) for person in people] == [[], [], [], [], []]


def test_examinable_by_keeps_every_status_once_sent(one_of_each):
    agent = factories.referent(DEPARTMENTAL, "90")
    assert titles(Event.objects.examinable_by(agent)) == sorted(set(STATUSES) - {"draft"})


def test_examinable_by_composes_without_doubles():
    event = factories.submitted(slots=[slot("2025-11-20"), slot("2025-11-21")])
    agent = factories.referent(DEPARTMENTAL, "90")
    for office in (factories.office(REGIONAL, "27"), factories.office(NATIONAL, "France")):
        OfficeMembership.objects.create(user=agent, office=office)
    days = date(2025, 11, 20), date(2025, 11, 21)
    assert list(Event.objects.examinable_by(agent).between(*days).in_order(NOW)) == [event]


def in_order(at):
    return [event.title for event in Event.objects.in_order(at)]


MORNING_OF_19 = datetime(2025, 11, 19, 6, tzinfo=UTC)


def test_in_order_puts_what_lasts_after_what_is_of_the_day():
    factories.draft(
        title="exposition", slots=[slot(f"2025-11-{day}", "08:00", "18:00") for day in range(17, 22)]
    )
    factories.draft(title="le 20", slots=[slot("2025-11-20", "08:00")])
    factories.draft(title="le 19, après-midi", slots=[slot("2025-11-19", "14:00", "15:00")])
    factories.draft(title="le 19, matin", slots=[slot("2025-11-19", "09:00")])
    assert in_order(MORNING_OF_19) == ["le 19, matin", "le 19, après-midi", "exposition", "le 20"]


def test_in_order_looks_at_the_next_slot_still_to_come():
    factories.draft(title="le 18 et le 21", slots=[slot("2025-11-18"), slot("2025-11-21")])
    factories.draft(title="le 20", slots=[slot("2025-11-20")])
    factories.draft(title="passé", slots=[slot("2025-11-17")])
    factories.draft(title="sans créneau", slots=[])
    assert in_order(MORNING_OF_19) == ["le 20", "le 18 et le 21", "passé", "sans créneau"]
    assert in_order(NOW) == ["passé", "le 18 et le 21", "le 20", "sans créneau"]


def test_in_order_counts_a_slot_until_it_ends():
    factories.draft(title="le 19 à 8 h", slots=[slot("2025-11-19", "08:00", "10:00"), slot("2025-11-21")])
    factories.draft(title="le 20", slots=[slot("2025-11-20")])
    end = datetime(2025, 11, 19, 9, tzinfo=UTC)
    assert in_order(end - MICROSECOND) == ["le 19 à 8 h", "le 20"]
    assert in_order(end) == ["le 20", "le 19 à 8 h"]


def test_in_order_of_an_ended_edition_is_by_first_slot():
    factories.draft(title="le 19", slots=[slot("2025-11-19")])
    factories.draft(title="du 17 au 20", slots=[slot(f"2025-11-{day}") for day in range(17, 21)])
    factories.draft(title="le 18 et le 21", slots=[slot("2025-11-18"), slot("2025-11-21")])
    assert in_order(None) == ["du 17 au 20", "le 18 et le 21", "le 19"]


def test_in_order_settles_a_tie_by_creation():
    for number in range(3):
        factories.draft(title=str(number))
    assert in_order(NOW) == ["0", "1", "2"]


def test_on_map_shows_the_public_events_that_have_a_point(one_of_each):
    factories.labelled(title="en ligne", **ONLINE)
    assert titles(Event.objects.on_map()) == titles(Event.objects.public().placed())
    assert titles(Event.objects.public().exclude(pk__in=Event.objects.on_map())) == ["en ligne"]


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ((6, 47, 7, 48), True),
        ((6.86, 47.64, 7, 48), True),
        ((6, 47, 6.86, 47.64), True),
        ((6.87, 47, 7, 48), False),
        ((6, 47.65, 7, 48), False),
        ((6, 47, 6.85, 48), False),
        ((6, 47, 7, 47.63), False),
    ],
)
def test_in_box_is_west_south_east_north(box, found):
    factories.labelled(title="Belfort")
    assert titles(Event.objects.in_box(*box)) == (["Belfort"] if found else [])


def test_online_only_leaves_out_the_mixed():
    for mode in ("en-ligne", "mixte"):
        factories.draft(title=mode, attendance_mode=mode, online_url="https://visio.example.org")
    factories.draft(title="sur place")
    assert titles(Event.objects.online_only()) == ["en-ligne"]


@pytest.mark.parametrize("events", [1, 3])
def test_for_list_reads_events_and_slots_in_two_queries(django_assert_num_queries, events):
    for _ in range(events):
        factories.labelled()
    with django_assert_num_queries(2):
        read = [
            (
                each.edition.year,
                each.commune.name,
                each.department.name,
                each.organization.name,
                len(each.slots.all()),
            )
            for each in Event.objects.for_list()
        ]
    assert len(read) == events
