"""When an answer is due, in words and in the queue's « En retard »: working days of the event's own territory."""

from datetime import UTC, datetime

import pytest

from events.deadlines import due, overdue
from events.models import Event
from tests import factories
from tests.events.test_workflow import standing

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


def noon(day):
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)


def read(at):
    """What the queue says of the one event at that moment, and whether « En retard » finds it."""
    found = due(Event.objects.with_proposals().get(), at)
    return found.words.replace(NBSP, " "), found.is_late, Event.objects.filter(overdue(at)).exists()


# Sent on Wednesday 1 October 2025, due on Tuesday 7; 11 November is a holiday.
@pytest.mark.parametrize(
    ("day", "words", "is_late"),
    [
        ("2025-10-01", "il reste 4 jours ouvrés", False),
        ("2025-10-05", "il reste 2 jours ouvrés", False),
        ("2025-10-06", "il reste 1 jour ouvré", False),
        ("2025-10-07", "réponse due aujourd’hui", False),
        ("2025-10-08", "en retard de 1 jour ouvré", True),
        ("2025-10-11", "en retard de 3 jours ouvrés", True),
        ("2025-10-13", "en retard de 4 jours ouvrés", True),
    ],
)
def test_lateness_is_counted_in_working_days(day, words, is_late):
    factories.submitted()
    assert read(noon(day)) == (words, is_late, is_late)


def test_what_was_due_before_a_weekend_is_not_late_during_it():
    event = factories.submitted()
    Event.objects.filter(pk=event.pk).update(due_on="2025-10-10")
    assert read(noon("2025-10-11")) == ("réponse due le dernier jour ouvré", False, False)
    assert read(noon("2025-10-13")) == ("en retard de 1 jour ouvré", True, True)


# 20 December, the end of slavery, is a holiday in La Réunion alone.
@pytest.mark.parametrize(("commune", "is_late"), [("97411", False), ("90010", True)])
def test_holiday_of_one_territory_makes_nothing_late_there(commune, is_late):
    event = factories.submitted(commune_code=commune)
    Event.objects.filter(pk=event.pk).update(due_on="2024-12-19")
    assert read(noon("2024-12-20"))[1:] == (is_late, is_late)


def test_online_event_of_no_territory_keeps_the_mainlands_days():
    home = factories.organization(owner := factories.user(), headquarters=None)
    event = factories.submitted(
        owner, commune_code=None, attendance_mode="en-ligne", online_url="https://example.org"
    )
    assert (event.organization, event.department) == (home, None)
    assert read(noon("2025-10-08")) == ("en retard de 1 jour ouvré", True, True)


@pytest.mark.parametrize("status", ["labelled", "refused", "changes_requested", "cancelled:submitted"])
def test_nothing_is_due_where_no_answer_is_awaited(status):
    standing(status)
    assert due(Event.objects.with_proposals().get(), noon("2025-10-20")) is None


def test_proposed_change_has_its_own_day():
    standing("labelled:amended")
    assert read(noon("2025-10-07")) == ("réponse due aujourd’hui", False, False)
