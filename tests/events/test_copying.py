"""New drafts from events that exist: a copy of any, and last edition's event held again in this one."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from events import copying, workflow
from events.models import Event
from events.transitions import WorkflowError
from organizers.models import Membership
from semaine.dates import local
from semaine.models import TerritoryWeek
from tests import factories
from tests.events.test_workflow import REASON, standing
from tests.factories import slot

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"
KEY = UUID(int=7)
AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
# The week of 2026 in the true calendar; the one of 2025 begins on Monday the 17th of November.
WEEK = {
    "starts_on": "2026-11-16",
    "ends_on": "2026-11-22",
    "label_from": "2026-11-01",
    "label_until": "2026-12-06",
}


def next_edition(**fields):
    made = factories.edition(2026, **WEEK | fields)
    made.refresh_from_db()
    return made


def duplicate(event, *, by=None, key=KEY):
    return copying.duplicate(event, factories.edition(), by=by or event.created_by, at=AT, key=key)


def renew(event, edition=None, *, by=None):
    return copying.renew(event, edition or next_edition(), by=by or event.created_by, at=AT)


def local_slots(event):
    return [f"{local(each.starts_at, event.timezone):%a %d %H:%M}" for each in event.slots.all()]


@pytest.mark.parametrize(
    "status",
    ["draft", "submitted", "changes_requested", "labelled", "refused", "withdrawn", "cancelled:labelled"],
)
def test_duplicate_of_any_event_is_a_draft_without_dates_nor_label(status):
    event = standing(status, external_id="12")
    copy = Event.objects.get(pk=duplicate(event).pk)
    assert (copy.title, copy.status, copy.version) == ("Visite de la fonderie (copie)", "draft", 1)
    assert (copy.label_number, copy.labelled_at, copy.submitted_at, copy.slug) == (None, None, None, "")
    assert (copy.slots.count(), copy.first_starts_at, copy.external_id) == (0, None, "")
    assert (copy.organization, copy.created_by, copy.decisions.count()) == (
        event.organization,
        event.created_by,
        0,
    )
    assert {name: getattr(copy, name) for name in copying.CONTENTS if name != "title"} == {
        name: getattr(event, name) for name in copying.CONTENTS if name != "title"
    }


def test_duplicate_is_of_whoever_asks():
    event = factories.labelled()
    colleague = factories.user()
    Membership.objects.create(user=colleague, organization=event.organization, role="editor")
    assert duplicate(event, by=colleague).created_by == colleague


def test_duplicate_asked_twice_is_one_event_even_once_it_was_changed():
    event = factories.labelled()
    first = duplicate(event)
    Event.objects.filter(pk=first.pk).update(title="Repris", version=2)
    assert duplicate(event) == first
    assert list(Event.objects.order_by("pk").values_list("title", flat=True)) == [event.title, "Repris"]
    assert duplicate(event, key=UUID(int=8)) != first


def test_duplicate_of_a_long_title_stays_within_its_length():
    event = factories.draft(title="x" * 140)
    assert duplicate(event).title == "x" * 132 + " (copie)"


def test_duplicate_by_a_stranger_is_refused():
    with pytest.raises(WorkflowError) as caught:
        duplicate(factories.labelled(), by=factories.user())
    assert caught.value.message == "Cet événement est celui d’une autre organisation."
    assert Event.objects.count() == 1


def test_duplicate_before_any_edition_says_so():
    event = factories.draft()
    with pytest.raises(WorkflowError) as caught:
        copying.duplicate(event, None, by=event.created_by, at=AT, key=KEY)
    assert caught.value.message == f"Aucune édition n’est ouverte{NBSP}: il n’y a pas où mettre la copie."


def a_picture():
    drawn = BytesIO()
    Image.new("RGB", (8, 6), "#b03a0c").save(drawn, "WEBP")
    return ContentFile(drawn.getvalue(), name="forge.webp")


def test_copy_has_a_picture_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture = {"image": a_picture(), "image_alt": "La forge", "image_width": 8, "image_height": 6}
    event = factories.draft(**picture, image_credit="Camille")
    copy = Event.objects.get(pk=duplicate(event).pk)
    assert copy.image.name != event.image.name
    with copy.image.open() as own, event.image.open() as other:
        assert own.read() == other.read()
    assert (copy.image_alt, copy.image_credit, copy.image_width) == ("La forge", "Camille", 8)


def test_copy_of_an_event_whose_picture_was_lost_has_none(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    event = factories.draft(image=a_picture(), image_alt="La forge")
    event.image.storage.delete(event.image.name)
    copy = duplicate(event)
    assert (copy.image.name, copy.image_alt) == ("", "")


def test_renew_moves_the_slots_to_the_same_weekdays_and_hours():
    days = [slot("2025-11-20"), slot("2025-11-08", "14:00", "16:00"), slot("2025-12-02")]
    event = factories.labelled(slots=days)
    renewed = renew(event)
    assert local_slots(event) == ["Sat 08 14:00", "Thu 20 09:00", "Tue 02 09:00"]
    assert local_slots(renewed) == ["Sat 07 14:00", "Thu 19 09:00", "Tue 01 09:00"]
    stored = Event.objects.get(pk=renewed.pk)
    assert (stored.title, stored.status, stored.renewed_from) == ("Visite de la fonderie", "draft", event)
    assert (stored.edition.year, stored.label_number) == (2026, None)


def test_renew_keeps_the_hour_over_a_change_of_clocks():
    spring = {
        "starts_on": "2026-03-23",
        "ends_on": "2026-03-29",
        "label_from": "2026-03-08",
        "label_until": "2026-04-12",
    }
    event = factories.labelled(slots=[slot("2025-11-26", "09:00", "11:30")])
    renewed = renew(event, next_edition(**spring))
    assert local_slots(renewed) == ["Wed 01 09:00"]
    assert renewed.slots.get().starts_at == datetime(2026, 4, 1, 7, tzinfo=UTC)


def test_renew_follows_the_week_of_the_territory():
    own = {
        "starts_on": "2026-11-03",
        "ends_on": "2026-11-08",
        "label_from": "2026-11-03",
        "label_until": "2026-11-08",
    }
    edition = next_edition()
    TerritoryWeek.objects.create(edition=edition, region=factories.region("04"), **own)
    event = factories.labelled(commune_code="97411", slots=[slot("2025-11-20", zone="Indian/Reunion")])
    assert local_slots(renew(event, edition)) == ["Thu 05 09:00"]


def test_renew_is_done_once_and_opens_the_first_one():
    event, edition = factories.labelled(), next_edition()
    first = renew(event, edition)
    Event.objects.filter(pk=first.pk).update(title="Repris", version=2)
    assert renew(event, edition) == first
    assert Event.objects.filter(renewed_from=event).count() == 1


def test_renew_again_once_the_first_draft_was_deleted():
    event, edition = factories.labelled(), next_edition()
    workflow.delete(renew(event, edition), by=event.created_by, at=AT)
    assert renew(event, edition).renewed_from == event


@pytest.mark.parametrize(
    ("status", "in_edition", "message"),
    [
        ("labelled", 2025, "La prochaine édition n’est pas encore ouverte."),
        ("labelled", None, "La prochaine édition n’est pas encore ouverte."),
        *(
            (
                status,
                2026,
                f"Seul un événement qui a eu lieu avec le label se reconduit{NBSP}: dupliquez celui-ci.",
            )
            for status in ("draft", "submitted", "refused", "withdrawn", "cancelled:labelled")
        ),
    ],
)
def test_renew_is_for_labelled_events_of_an_edition_before(status, in_edition, message):
    event = standing(status)
    edition = {2025: event.edition, 2026: next_edition(), None: None}[in_edition]
    with pytest.raises(WorkflowError) as caught:
        copying.renew(event, edition, by=event.created_by, at=AT)
    assert (caught.value.message, Event.objects.count()) == (message, 1)


def test_renew_by_a_stranger_is_refused():
    with pytest.raises(WorkflowError) as caught:
        renew(factories.labelled(), by=factories.user())
    assert caught.value.message == "Cet événement est celui d’une autre organisation."


def test_events_to_renew_are_those_labelled_in_the_edition_before():
    organizer = factories.user()
    last = factories.labelled(organizer)
    factories.submitted(organizer)
    workflow.cancel(factories.labelled(organizer), by=organizer, at=factories.NOW, comment=REASON)
    older = datetime(2024, 10, 1, 8, tzinfo=UTC)
    before = factories.edition(2024)
    factories.labelled(organizer, at=older, in_edition=before, slots=[slot("2024-11-20")])
    assert list(Event.objects.editable_by(organizer).renewable_in(next_edition())) == [last]
