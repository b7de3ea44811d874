"""Writing an event's contents: created once, changed by its own people, complete while it is examined."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from events import drafting, workflow
from events.enums import Rule, Status
from events.models import Decision, Event, TimeSlot
from events.workflow import StaleVersion, WorkflowError
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_workflow import standing
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

KEY = UUID("00000000-0000-4000-8000-000000000001")
OTHER_KEY = UUID("00000000-0000-4000-8000-000000000002")
LATER = NOW + timedelta(hours=3)
NBSP = "\u00a0"
OTHERS = "Cet événement est celui d’une autre organisation."


def create(organizer, organization=None, *, key=KEY, at=NOW, sends=False, **fields):
    organization = organization or organizer.organizations.get()
    contents = {"values": factories.values(**fields), "slots": [slot()], "sends": sends}
    return drafting.draft(organization, factories.edition(), by=organizer, at=at, key=key, **contents)


def owner():
    person = factories.user()
    factories.organization(person)
    return person


def revise(event, *, by=None, slots=None, version=None, **fields):
    contents = {"values": factories.values(**fields), "slots": [slot()] if slots is None else slots}
    return drafting.revise(event, by=by or event.created_by, at=LATER, version=version, **contents)


def stored_slots(event):
    return list(
        TimeSlot.objects.filter(event=event).values_list("starts_at", "ends_at", "first_day", "last_day")
    )


def test_draft_is_a_private_first_version():
    organizer = owner()
    event = Event.objects.get(pk=create(organizer).pk)
    assert (event.status, event.version, event.submitted_at) == (Status.DRAFT, 1, None)
    assert (event.created_by, event.created_at, event.updated_at) == (organizer, NOW, NOW)
    assert (Decision.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert SiteRevision.objects.number() == 0


def test_draft_posted_twice_makes_one_event():
    organizer = owner()
    first = create(organizer)
    again = create(organizer)
    assert again == first
    assert list(Event.objects.values_list("title", "version")) == [("Visite de la fonderie", 1)]
    assert TimeSlot.objects.count() == 1


def test_draft_posted_again_with_other_contents_is_corrected():
    organizer = owner()
    assert create(organizer) == create(organizer, title="Autre titre")
    assert list(Event.objects.values_list("title", "version")) == [("Autre titre", 2)]
    assert TimeSlot.objects.count() == 1


def test_draft_with_the_key_of_a_stranger_is_refused():
    event = create(owner())
    with pytest.raises(WorkflowError) as caught:
        create(owner(), title="Titre de l’autre")
    assert caught.value.message == OTHERS
    assert list(Event.objects.values_list("pk", "title")) == [(event.pk, "Visite de la fonderie")]


def test_draft_for_an_organization_of_others_writes_nothing():
    with pytest.raises(WorkflowError) as caught:
        create(owner(), organization=factories.organization(factories.user()))
    assert caught.value.message == OTHERS
    assert Event.objects.count() == 0


def rows_of(event):
    """All that the database holds of an event, but what names it."""
    own = {"id", "uid", "creation_key", "event_id", "by_id"}
    rows = [Event.objects.filter(pk=event.pk), event.slots.all(), event.decisions.all()]
    return [
        {name: value for name, value in row.items() if name not in own}
        for each in rows
        for row in each.values()
    ]


def test_draft_sent_at_once_is_as_drafted_then_submitted_quietly():
    organizer = owner()
    drafted = create(organizer, key=OTHER_KEY)
    two_steps = workflow.submit(drafted, by=organizer, at=NOW, quietly=True)
    at_once = create(organizer, sends=True)
    assert rows_of(at_once) == rows_of(two_steps)
    assert (len(rows_of(at_once)), OutboxMessage.objects.count()) == (3, 0)


def test_draft_sent_again_with_the_same_key_is_sent_once():
    organizer = owner()
    first = create(organizer)
    assert create(organizer, sends=True).pk == first.pk
    assert Event.objects.get().status == Status.SUBMITTED
    with pytest.raises(workflow.AlreadyDecided):
        create(organizer, sends=True)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_free": False}, f"Il reste 1{NBSP}point à corriger."),
        ({"at": NOW - timedelta(days=90)}, "Les propositions sont reçues du mercredi 17 septembre 2025"),
        ({"organization": "of others"}, OTHERS),
    ],
)
def test_draft_that_may_not_be_sent_writes_nothing(change, message):
    organizer = owner()
    if "organization" in change:
        change = {"organization": factories.organization(factories.user())}
    with pytest.raises(WorkflowError) as error:
        create(organizer, sends=True, **change)
    assert error.value.message[: len(message)] == message
    assert (Event.objects.count(), TimeSlot.objects.count(), Decision.objects.count()) == (0, 0, 0)


def test_draft_copies_the_names_that_people_search():
    organizer = owner()
    event = create(organizer, venue="Halle aux forges")
    assert event.organizer_name == organizer.organizations.get().name
    assert event.place_name == "Halle aux forges Belfort Territoire de Belfort"


def test_draft_takes_zone_department_and_point_from_the_commune():
    event = factories.draft(commune_code="98718", timezone="Europe/Paris", latitude=0.0)
    assert (event.timezone, event.department_id) == ("Pacific/Marquesas", "987")
    assert (event.latitude, event.longitude, event.precision) == (-10.49, -138.64, "commune")


@pytest.mark.parametrize(("headquarters", "department"), [("59350", "59"), (None, None)])
def test_online_draft_follows_the_headquarters(headquarters, department):
    organizer = factories.user()
    factories.organization(organizer, headquarters=headquarters)
    online = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "venue": "Salle 2"}
    event = factories.draft(organizer, **online)
    assert (event.department_id, event.timezone) == (department, "Europe/Paris")
    assert (event.commune, event.venue, event.postal_code, event.place_name) == (None, "", "", "")
    assert (event.latitude, event.longitude, event.tile_x, event.tile_y) == (None, None, None, None)


@pytest.mark.parametrize(
    ("zone", "commune_code", "first", "last"),
    [
        ("Europe/Paris", "90010", date(2025, 11, 20), date(2025, 11, 20)),
        ("Pacific/Marquesas", "98718", date(2025, 11, 20), date(2025, 11, 20)),
    ],
)
def test_slot_until_midnight_belongs_to_one_local_day(zone, commune_code, first, last):
    event = factories.draft(commune_code=commune_code, slots=[slot("2025-11-20", "18:00", "00:00", zone)])
    assert [row[2:] for row in stored_slots(event)] == [(first, last)]


def test_slot_over_midnight_belongs_to_two_local_days():
    event = factories.draft(slots=[slot("2025-11-20", "22:00", "00:30")])
    assert [row[2:] for row in stored_slots(event)] == [(date(2025, 11, 20), date(2025, 11, 21))]


@pytest.mark.parametrize(
    ("days", "is_lasting"),
    [
        (["17", "18", "19"], False),
        (["17", "18", "19", "20"], True),
        (["17", "18", "20", "21"], False),
        (["21", "17", "19", "18", "20"], True),
    ],
)
def test_event_lasts_when_open_more_than_three_days_in_a_row(days, is_lasting):
    event = factories.draft(slots=[slot(f"2025-11-{day}") for day in days])
    assert Event.objects.get(pk=event.pk).is_lasting is is_lasting


def test_revise_counts_a_version_and_rewrites_the_slots():
    event = factories.draft()
    slots = [slot("2025-11-22", "14:00", "16:00"), slot("2025-11-21", "09:00", "10:00")]
    event = revise(event, slots=slots, title="Nouveau titre", version=1)
    stored = Event.objects.get(pk=event.pk)
    assert (stored.title, stored.version, stored.updated_at) == ("Nouveau titre", 2, LATER)
    assert [row[:2] for row in stored_slots(event)] == sorted(slots)
    assert stored.first_starts_at == datetime(2025, 11, 21, 8, tzinfo=UTC)
    assert stored.last_ends_at == datetime(2025, 11, 22, 15, tzinfo=UTC)
    assert OutboxMessage.objects.count() == 0


def test_revise_may_leave_a_draft_without_slot():
    event = revise(factories.draft(), slots=[], title="")
    assert (stored_slots(event), event.first_starts_at, event.last_ends_at) == ([], None, None)


def test_revise_of_another_version_changes_nothing():
    event = revise(factories.draft())
    with pytest.raises(StaleVersion):
        revise(event, title="Trop tard", version=1)
    assert list(Event.objects.values_list("title", "version")) == [("Visite de la fonderie", 2)]


def test_revise_by_a_stranger_is_refused():
    event = factories.draft()
    with pytest.raises(WorkflowError) as caught:
        revise(event, by=factories.referent())
    assert caught.value.message == OTHERS
    assert Event.objects.get().version == 1


def test_revise_of_a_sent_event_keeps_it_complete():
    event = factories.submitted()
    before = stored_slots(event)
    with pytest.raises(WorkflowError) as caught:
        revise(event, slots=[slot("2025-12-08")], is_free=False)
    assert caught.value.message == "Un événement envoyé doit rester complet."
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [Rule.DATES, Rule.FREE]
    assert (stored_slots(event), Event.objects.get().version) == (before, 1)


def test_revise_with_slots_that_overlap_keeps_the_former_ones():
    event = factories.draft()
    before = stored_slots(event)
    with pytest.raises(IntegrityError):
        revise(event, slots=[slot(start="09:00", end="11:00"), slot(start="10:00", end="12:00")])
    assert (stored_slots(event), Event.objects.get().version) == (before, 1)


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_requested", "refused"])
def test_revise_is_open_before_the_label(status):
    event = revise(standing(status), title="Corrigé")
    assert (event.status, event.title, event.version) == (status, "Corrigé", 2)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            "withdrawn",
            "Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent.",
        ),
        ("cancelled:submitted", f"Cet événement est annulé{NBSP}: rétablissez-le pour le modifier."),
        ("cancelled:labelled", f"Cet événement est annulé{NBSP}: rétablissez-le pour le modifier."),
    ],
)
def test_revise_is_closed_once_withdrawn_or_cancelled(status, message):
    event = standing(status)
    with pytest.raises(WorkflowError) as caught:
        revise(event, title="Après coup")
    assert caught.value.message == message
    assert list(Event.objects.values_list("title", "version")) == [("Visite de la fonderie", 1)]


def test_revise_is_not_seen_by_the_public():
    revise(factories.submitted(), title="Corrigé")
    assert SiteRevision.objects.number() == 0
