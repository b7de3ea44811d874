"""« Ma sélection »: the address holds the choice; the page says what is public of it, and nothing of the rest."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from events import workflow
from events.models import Event
from events.selection import MOST, MOST_SLOTS, Choice, Plan, address
from tests import factories
from tests.events.test_exits import NOW, SEEN, _clock, one_of_each, titles_in  # noqa: F401
from tests.factories import slot

pytestmark = pytest.mark.django_db
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def asked(*uids) -> str:
    return "/ma-selection/?" + "&".join(f"e={uid}" for uid in uids)


def plan(*events, at=NOW) -> Plan:
    return Plan(Choice([str(event.uid) for event in events]), at)


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.replace("\u00a0", " ").split())


def test_selection_shows_the_public_events_only(client, one_of_each):  # noqa: F811
    uids = [event.uid for event in one_of_each.values()]
    page = client.get(asked(*uids))
    assert titles_in(page.content.decode()) == SEEN
    assert "8 événements de votre sélection ne sont plus au programme." in words(page)
    assert [str(uid) in page.content.decode() for uid in uids].count(True) == 2


def test_calendar_of_the_selection_holds_the_public_events_only(client, one_of_each):  # noqa: F811
    uids = [event.uid for event in one_of_each.values()]
    response = client.get(address(uids, "selection_ics"))
    found = {str(each["SUMMARY"]) for each in Calendar.from_ical(response.content).walk("VEVENT")}
    assert found == {"Visite labellisée", "Annulé\u00a0: Visite annulée"}
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="ma-selection.ics"'


def test_what_is_hidden_reads_like_what_never_was(client):
    shown, hidden = factories.labelled(), factories.submitted(title="Secret")
    pages = [client.get(asked(shown.uid, each)).content for each in (hidden.uid, UNKNOWN, "nope", "\0")]
    assert pages == [pages[0]] * 4
    assert b"Secret" not in pages[0]


def test_cancelled_event_stays_and_says_so(client):
    event = factories.labelled()
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert "Annulé" in words(client.get(asked(event.uid)))


def test_days_are_those_of_the_place_in_the_order_of_time():
    zone = "Indian/Reunion"
    evening = factories.labelled(title="Soir", slots=[slot("2025-11-20", "18:00", "20:00")])
    island = factories.labelled(
        title="Île", commune_code="97411", slots=[slot("2025-11-20", "10:00", "12:00", zone)]
    )
    both = factories.labelled(title="Deux", slots=[slot("2025-11-19"), slot("2025-11-20")])
    found = [
        (day.label, [(stop.card.title, stop.hours) for stop in day.stops])
        for day in plan(evening, island, both).days
    ]
    assert found == [
        ("mercredi 19 novembre", [("Deux", "9\u00a0h–11\u00a0h\u00a030")]),
        (
            "jeudi 20 novembre",
            [
                ("Île", "10\u00a0h–12\u00a0h\u00a0(heure de La Réunion)"),
                ("Deux", "9\u00a0h–11\u00a0h\u00a030"),
                ("Soir", "18\u00a0h–20\u00a0h"),
            ],
        ),
    ]


def test_events_at_the_same_time_are_said_in_words(client):
    first = factories.labelled(title="Fonderie", slots=[slot(start="09:00", end="11:00")])
    second = factories.labelled(title="Forge", slots=[slot(start="10:30", end="12:00")])
    third = factories.labelled(title="Port", slots=[slot(start="11:00", end="11:30")])
    found = [stop.clash_words for stop in plan(first, second, third).stops]
    assert [each.replace("\u00a0", " ") for each in found] == [
        "Chevauche « Forge » (10 h 30–12 h).",
        "Chevauche « Fonderie » (9 h–11 h) et « Port » (11 h–11 h 30).",
        "Chevauche « Forge » (10 h 30–12 h).",
    ]
    assert "dont certains à la même heure" in words(client.get(asked(first.uid, second.uid)))


def test_neither_a_cancelled_event_nor_one_of_many_days_clashes():
    plain, gone = factories.labelled(), factories.labelled()
    workflow.cancel(gone, by=gone.created_by, at=NOW, comment="Travaux.")
    weeks = factories.labelled(slots=[slot(f"2025-11-{day}") for day in (18, 19, 20, 21, 22)])
    shown = plan(plain, Event.objects.get(pk=gone.pk), weeks)
    assert (shown.clashes, len(shown.stops)) == (0, 2)
    assert [period for _, period in shown.lasting] == ["du 18 au 22 novembre"]


def test_slots_that_are_over_leave_the_plan(client):
    event = factories.labelled(slots=[slot("2025-11-18"), slot("2025-11-20")])
    old = factories.labelled(title="Vieille", slots=[slot("2025-11-18")])
    at = datetime(2025, 11, 19, 8, tzinfo=UTC)
    shown = plan(event, old, at=at)
    assert [day.label for day in shown.days] == ["jeudi 20 novembre"]
    assert [card.title for card in shown.over] == ["Vieille"]
    with time_machine.travel(at, tick=False):
        assert "Déjà terminés Terminé Vieille" in words(client.get(asked(event.uid, old.uid)))
        assert client.get(address([old.uid], "selection_ics")).status_code == 404


def test_event_of_many_slots_shows_the_first_and_says_so(client):
    start = datetime(2025, 11, 4, 8, tzinfo=UTC)
    hours = [start + timedelta(hours=2 * number) for number in range(MOST_SLOTS + 3)]
    event = factories.labelled(slots=[(hour, hour + timedelta(hours=1)) for hour in hours])
    assert len(plan(event).stops) == MOST_SLOTS
    assert "a d’autres créneaux plus tard : sa page les donne tous." in words(client.get(asked(event.uid)))


def test_removing_leads_to_the_address_of_the_rest(client):
    first, second = uuid4(), uuid4()
    assert client.get(f"{asked(first, second)}&sans={first}").url == asked(second)
    assert client.get(f"{asked(first)}&sans={first}").url == "/ma-selection/"
    assert client.get(f"{asked(first)}&sans=nope").url == asked(first)


def test_empty_selection_explains_how_it_works(client):
    page = client.get("/ma-selection/")
    assert "Votre sélection est vide." in words(page)
    assert 'href="/programme/"' in page.content.decode()
    assert words(client.get("/ma-selection/?e=&e=%20")) == words(page)


def test_address_to_share_holds_what_is_shown_only(client):
    event = factories.labelled()
    page = client.get(asked(event.uid, UNKNOWN)).content.decode()
    assert f'value="http://testserver{asked(event.uid)}"' in page
    assert f'href="/ma-selection.ics?e={event.uid}"' in page
    assert UNKNOWN not in page


def test_same_event_twice_is_shown_once():
    event = factories.labelled()
    shown = Plan(Choice([str(event.uid), str(event.uid).upper(), f" {event.uid.hex}"]), NOW)
    assert (len(shown.stops), shown.missing) == (1, 0)


def test_too_many_values_are_left_out_and_said(client):
    page = client.get(asked(*(uuid4() for _ in range(MOST + 3))))
    assert "Une sélection contient 100 événements au plus : 3 autres ont été laissés de côté." in words(page)
    assert "100 événements de votre sélection ne sont plus au programme." in words(page)
    # gunicorn's own limit of a request line.
    assert len(address([uuid4() for _ in range(MOST + 1)], "selection_ics")) < 4_000


@pytest.mark.parametrize(
    "value",
    ["%00", "%FF", "é", "1" * 5_000, "{}", "' OR 1=1 --", "<script>", "１" * 32, "-" * 36, "urn:uuid:"],
)
def test_hostile_value_is_an_event_that_is_not_there(client, value):
    page = client.get(f"/ma-selection/?e={value}&sans-rapport=1")
    assert (page.status_code, "<script>" in page.content.decode()) == (200, False)
    assert "1 événement de votre sélection n’est plus au programme." in words(page)
    assert client.get(f"/ma-selection.ics?e={value}").status_code == 404
    assert client.get(f"/ma-selection/?e={UNKNOWN}&sans={value}").url == asked(UNKNOWN)


@pytest.mark.parametrize("path", ["/ma-selection/", "/ma-selection.ics"])
def test_ten_thousand_values_are_refused_in_french(client, path):
    page = client.get(f"{path}?{'&'.join(f'e={number}' for number in range(10_000))}")
    assert (page.status_code, "ou trop de valeurs" in words(page)) == (400, True)


def count_queries(client, path) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_events(client):
    events = [factories.labelled(slots=[slot("2025-11-19"), slot("2025-11-20")]) for _ in range(3)]
    uids = [event.uid for event in events]
    # The revision, the edition, the events, their slots, the names of the formats.
    assert [count_queries(client, asked(*uids[:number])) for number in (1, 3)] == [5, 5]
    calendars = [address(uids[:number], "selection_ics") for number in (1, 3)]
    assert [count_queries(client, path) for path in calendars] == [2, 2]


# Its map.


def config(client, *events) -> dict:
    return client.get(asked(*(event.uid for event in events))).context["map_config"]


def test_map_holds_the_chosen_events_and_opens_around_them(client):
    here = factories.labelled(title="Fonderie")
    there = factories.labelled(title="Port", commune_code="59350")
    found = config(client, here, there)
    assert [(point["title"], point["lat"], point["lon"]) for point in found["points"]] == [
        ("Fonderie", 47.64, 6.86),
        ("Port", 50.63, 3.06),
    ]
    assert found["bounds"] == [[47.64, 3.06], [50.63, 6.86]]


def test_map_shows_no_more_than_the_list(client, one_of_each):  # noqa: F811
    uids = [event.uid for event in one_of_each.values()]
    response = client.get(asked(*uids))
    assert {point["title"] for point in response.context["map_config"]["points"]} == SEEN
    assert not response.cookies


def test_map_says_when_in_the_words_of_the_plan(client):
    once = factories.labelled(title="Une fois")
    week = factories.labelled(title="Semaine", slots=[slot(f"2025-11-{day}") for day in range(18, 23)])
    old = factories.labelled(title="Vieille", slots=[slot("2025-11-10")])
    start = datetime(2025, 11, 19, 8, tzinfo=UTC)
    hours = [start + timedelta(hours=2 * number) for number in range(MOST_SLOTS + 3)]
    often = factories.labelled(title="Souvent", slots=[(hour, hour + timedelta(hours=1)) for hour in hours])
    with time_machine.travel(datetime(2025, 11, 17, 8, tzinfo=UTC), tick=False):
        points = config(client, once, week, old, often)["points"]
    assert [point["when"].replace("\u00a0", " ") for point in points] == [
        "jeudi 20 novembre, 9 h–11 h 30",
        "du 18 au 22 novembre",
        "Terminé",
        "mercredi 19 novembre, 9 h–10 h et d’autres créneaux",
    ]


def test_selection_says_what_has_no_point_on_its_map(client):
    online = factories.labelled(
        commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/"
    )
    page = client.get(asked(factories.labelled().uid, online.uid))
    assert "1 événement sans point sur la carte : à voir dans la liste." in words(page)
    alone = client.get(asked(online.uid)).content.decode()
    assert ('id="map' in alone, "sans point" in alone) == (False, False)
