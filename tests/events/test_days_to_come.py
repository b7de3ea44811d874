"""In the evening, what is over for today is not « Aujourd’hui », though it opens again another day."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests import factories

pytestmark = pytest.mark.django_db
MORNING = datetime(2025, 11, 18, 6, tzinfo=UTC)
EVENING = datetime(2025, 11, 18, 18, tzinfo=UTC)
AFTER = datetime(2026, 3, 1, tzinfo=UTC)
EVERYTHING = {"Matin", "Soir", "Matin et lendemain", "Toute la nuit"}
LATE = {"Soir", "Toute la nuit"}


@pytest.fixture(autouse=True)
def _events(db):
    slot = factories.slot
    slots = {
        "Matin": [slot("2025-11-18")],
        "Soir": [slot("2025-11-18", "20:00", "22:00")],
        "Matin et lendemain": [slot("2025-11-18"), slot("2025-11-19")],
        # From the evening before to the next morning: today is not over there.
        "Toute la nuit": [slot("2025-11-18", "14:00", "06:00")],
    }
    for title, each in slots.items():
        factories.labelled(title=title, slots=each)


def shown(client, query: str, at: datetime, path="/programme/") -> set[str]:
    with time_machine.travel(at, tick=False):
        results = client.get(f"{path}?{query}").context["results"]
    titles = {card.title for card in results.cards}
    assert results.count == len(titles)
    return titles


# Each way to ask for today alone.
TODAY = ("jour=aujourdhui", "du=2025-11-18&au=2025-11-18", "au=2025-11-18")


@pytest.mark.parametrize("query", TODAY)
def test_today_lists_what_has_a_slot_to_come_today(client, query):
    assert shown(client, query, MORNING) == EVERYTHING
    assert shown(client, query, EVENING) == LATE


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("jour=cette-semaine", LATE | {"Matin et lendemain"}),
        ("du=2025-11-18", LATE | {"Matin et lendemain"}),
        ("jour=demain", {"Matin et lendemain", "Toute la nuit"}),
        ("du=2025-11-17&au=2025-11-18&jour=demain", {"Toute la nuit"}),
    ],
)
def test_days_to_come_keep_what_opens_again(client, query, found):
    assert shown(client, query, EVENING) == found


@pytest.mark.parametrize("query", TODAY)
def test_what_is_over_is_counted_and_shown_when_asked_for(client, query):
    with time_machine.travel(EVENING, tick=False):
        page = client.get(f"/programme/?{query}")
    words = page.content.decode().replace("\u00a0", " ")
    assert (page.context["results"].over, page.context["results"].counts.by_choice["nature"]) == (
        2,
        {"visite": 2},
    )
    assert "2 événements de plus, déjà terminés aux dates choisies." in words
    assert shown(client, f"{query}&passes=oui", EVENING) == EVERYTHING


def test_count_beside_today_is_what_it_lists(client):
    with time_machine.travel(EVENING, tick=False):
        plain = client.get("/programme/").context["results"].counts
        past = client.get("/programme/?passes=oui").context["results"].counts
    assert plain.by_choice["jour"] == {"aujourdhui": 2, "demain": 2, "week-end": 0, "cette-semaine": 3}
    assert past.by_choice["jour"] == {"aujourdhui": 4, "demain": 2, "week-end": 0, "cette-semaine": 4}
    assert (plain.shown, plain.over, past.shown, past.over) == (3, 1, 4, 0)


@pytest.mark.parametrize("query", TODAY)
def test_map_shows_what_the_list_shows(client, query):
    with time_machine.travel(EVENING, tick=False):
        data = client.get(f"/carte/donnees.json?zoom=5&{query}").json()
        page = client.get(f"/carte/?{query}").context
    assert ({point["title"] for point in data["points"]}, data["total"]) == (LATE, 2)
    assert ({card.title for card in page["results"].cards}, page["france"].count) == (LATE, 2)


def test_ended_edition_lists_every_day(client):
    found = shown(client, "du=2025-11-18&au=2025-11-18", AFTER, "/editions/2025/")
    assert found == EVERYTHING
