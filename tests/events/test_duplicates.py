"""Is it already there? Two signs, and what each reader is told."""

import pytest

from events import workflow
from events.duplicates import duplicates, warnings
from events.steps import contents
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import plain, step_of
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer
TITLE = "Visite de la fonderie Martin"
OTHER_DAY = [slot("2025-11-25")]


def found(event):
    return [each.title for each in duplicates(*contents(event))]


@pytest.mark.parametrize(
    ("title", "fields", "is_found"),
    [
        (TITLE, {}, True),
        ("VISITE DE LA FONDERIE MARTIN", {}, True),
        ("Visite fonderie Martin", {}, True),
        ("Visité de la fonderié Martin", {}, True),
        ("Visite de la brasserie Dupont", {}, False),
        (TITLE, {"slots": [slot("2025-11-21", "14:00", "15:00")]}, True),
        (TITLE, {"slots": [slot("2025-11-22")]}, False),
        (TITLE, {"slots": []}, False),
        (TITLE, {"commune_code": "59350"}, False),
        (TITLE, {"in_edition": 2024}, False),
    ],
)
def test_same_place_day_and_title_are_a_duplicate(title, fields, is_found):
    if "in_edition" in fields:
        fields = fields | {"in_edition": factories.edition(fields["in_edition"])}
        fields["at"] = NOW.replace(year=2024)
        fields["slots"] = [slot("2024-11-20")]
    factories.draft()
    other = factories.submitted if fields.get("slots") != [] else factories.draft
    other(title=title, **fields)
    assert found(factories.draft(title=TITLE)) == ([title] if is_found else [])


def test_same_link_is_the_same_place():
    online = {
        "commune_code": None,
        "attendance_mode": "en-ligne",
        "online_url": "https://visio.example.org/a",
    }
    factories.submitted(title=TITLE, **online)
    factories.submitted(title=TITLE, **online | {"online_url": "https://visio.example.org/b"})
    assert found(factories.draft(title=TITLE, **online)) == [TITLE]


def test_same_organization_and_hours_are_a_duplicate_under_any_title(organizer):
    factories.draft(organizer, title="Tout autre chose", commune_code="59350")
    factories.draft(organizer, title="À une autre heure", slots=[slot(start="14:00", end="15:00")])
    assert found(factories.draft(organizer, title=TITLE)) == ["Tout autre chose"]


def test_what_has_left_the_programme_and_others_drafts_are_none():
    by = {"by": factories.national(), "at": NOW, "comment": "Non."}
    workflow.withdraw(factories.labelled(title=TITLE), **by)
    workflow.refuse(factories.submitted(title=TITLE), rule="purpose", **by)
    workflow.cancel(factories.submitted(title=TITLE), **by)
    factories.draft(title=TITLE)
    assert found(factories.draft(title=TITLE)) == []


def test_reader_learns_no_more_than_they_may_see(organizer):
    own = factories.draft(organizer, title=TITLE)
    public = factories.labelled(title=TITLE, slots=[slot(start="14:00", end="15:00")])
    factories.submitted(title=f"{TITLE} 2")
    event = factories.draft(organizer, title=TITLE, slots=[slot(start="16:00", end="17:00")])
    told = warnings(*contents(event), reader=organizer)
    day = "jeudi 20 novembre 2025"
    assert sorted(told) == sorted(
        [
            (TITLE, own.organizer_name, day, f"/espace/evenements/{own.pk}/"),
            (TITLE, public.organizer_name, day, public.get_absolute_url()),
            ("", "", day, ""),
        ]
    )


def test_warning_stands_beside_the_title_and_blocks_nothing(client, organizer):
    other = factories.labelled(title=TITLE)
    event = factories.draft(organizer, title=TITLE)
    page = client.get(step_of(event, "quoi")).content.decode()
    assert f'<a href="{other.get_absolute_url()}">{TITLE}</a>' in page
    assert "Cet événement est peut-être déjà proposé :" in plain(page.replace("&nbsp;", " "))
    workflow.submit(event, by=organizer, at=NOW)
    assert event.decisions.count() == 1


def test_warnings_cost_one_query(organizer, django_assert_num_queries):
    for number in range(3):
        factories.submitted(title=f"{TITLE} {number}")
    there = contents(factories.draft(organizer, title=TITLE))
    with django_assert_num_queries(1):
        assert len(warnings(*there, reader=organizer)) == 3
