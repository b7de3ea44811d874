"""Every exit shows the same events: the public ones, and no other."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from icalendar import Calendar

from events import merging, workflow
from events.enums import Status
from tests import factories
from tests.events.export_readers import READERS
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
SEEN = {"Visite labellisée", "Visite annulée"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def decide(verb, event, **given):
    return verb(event, by=factories.national(), at=NOW, comment="Parce que.", **given)


@pytest.fixture
def one_of_each():
    """One event in each status, the cancelled twice: from labelled, which the public sees, and from submitted."""
    events = {
        "Visite brouillon": factories.draft(title="Visite brouillon"),
        "Visite envoyée": factories.submitted(title="Visite envoyée"),
        "Visite à compléter": decide(
            workflow.request_changes, factories.submitted(title="Visite à compléter")
        ),
        "Visite labellisée": factories.labelled(title="Visite labellisée"),
        "Visite refusée": decide(
            workflow.refuse, factories.submitted(title="Visite refusée"), rule="purpose"
        ),
        "Visite retirée": decide(workflow.withdraw, factories.labelled(title="Visite retirée")),
        "Visite annulée": decide(workflow.cancel, factories.labelled(title="Visite annulée")),
        "Visite abandonnée": decide(workflow.cancel, factories.submitted(title="Visite abandonnée")),
    }
    double = factories.labelled(title="Visite regroupée")
    events["Visite regroupée"] = decide(merging.merge, double, into=events["Visite labellisée"])
    hidden = factories.edition(2024, is_published=False)
    at = datetime(2024, 10, 1, tzinfo=UTC)
    slots = [factories.slot("2024-11-20")]
    late = factories.draft(title="Visite cachée", in_edition=hidden, slots=slots, at=at)
    events["Visite cachée"] = late
    assert {event.status for event in events.values()} == set(Status)
    return events


def titles_in(text: str) -> set[str]:
    titles = [
        "brouillon", "envoyée", "à compléter", "labellisée", "refusée", "retirée", "annulée",
        "abandonnée", "regroupée", "cachée",
    ]  # fmt: skip
    return {f"Visite {each}" for each in titles if f"Visite {each}" in text}


@pytest.mark.parametrize(
    "address",
    [
        "/programme/",
        "/carte/",
        "/editions/2025/",
        "/programme/?q=visite",
        "/territoires/r27/",
        "/territoires/r27/d90/",
    ],
)
def test_lists_show_the_public_events_only(client, one_of_each, address):
    page = client.get(address).content.decode()
    assert titles_in(page) == SEEN
    assert "2\u00a0événements" in page


@pytest.mark.parametrize("extension", READERS)
def test_exports_hold_the_public_events_only(client, one_of_each, extension):
    content = client.get(f"/programme.{extension}").getvalue()
    titles = [event["title"].removeprefix("Annulé\u00a0: ") for event in READERS[extension](content)]
    assert (set(titles), len(titles)) == (SEEN, 2)


def test_home_announces_what_takes_place_only(client, one_of_each):
    assert titles_in(client.get("/").content.decode()) == {"Visite labellisée"}


def test_map_data_shows_the_public_events_only(client, one_of_each):
    data = client.get("/carte/donnees.json?zoom=5").json()
    assert {point["title"] for point in data["points"]} == SEEN
    assert data["total"] == 2


@pytest.mark.parametrize("address", ["/territoires/", "/territoires/r27/", "/editions/"])
def test_counters_count_the_public_events_only(client, one_of_each, address):
    counts = re.findall(r"(\d+)\u00a0événements?\b", client.get(address).content.decode())
    assert set(counts) == {"2"}


def test_organizers_have_a_page_once_they_have_a_public_event(client, one_of_each):
    found = {
        title: client.get(event.organization.get_absolute_url()).status_code
        for title, event in one_of_each.items()
    }
    assert {title for title, status in found.items() if status == 200} == SEEN
    assert set(found.values()) == {200, 404}


@pytest.mark.parametrize("suffix", ["/", ".ics"])
def test_pages_of_other_events_are_not_found(client, one_of_each, suffix):
    statuses = {}
    for title, event in one_of_each.items():
        slug = event.slug or title.replace("é", "e").replace("à ", "a-").replace(" ", "-").lower()
        response = client.get(f"/evenements/{event.edition.year}/{slug}{suffix}")
        statuses[title] = response.status_code
    gone = 410 if suffix == "/" else 404
    assert statuses == {
        "Visite brouillon": 404,
        "Visite envoyée": 404,
        "Visite à compléter": 404,
        "Visite labellisée": 200,
        "Visite refusée": 404,
        "Visite retirée": gone,
        "Visite annulée": 200,
        "Visite abandonnée": 404,
        "Visite regroupée": 301,
        "Visite cachée": 404,
    }


def test_withdrawn_page_says_that_the_event_left(client, one_of_each):
    page = client.get(one_of_each["Visite retirée"].get_absolute_url()).content.decode()
    assert "Visite retirée" not in page
    assert "n’est plus au programme" in page.replace("\u00a0", " ")


def test_cancelled_event_says_so_everywhere(client, one_of_each):
    event = one_of_each["Visite annulée"]
    url = event.get_absolute_url()
    assert "Cet événement est annulé." in client.get(url).content.decode()
    calendar = Calendar.from_ical(client.get(f"{url[:-1]}.ics").content)
    [entry] = calendar.walk("VEVENT")
    assert (entry["STATUS"], entry["SUMMARY"]) == ("CANCELLED", "Annulé : Visite annulée")


def test_labelled_event_is_public_at_once(client):
    event = factories.submitted()
    assert client.get("/programme/").context["results"].count == 0
    workflow.label(event, by=factories.national(), at=NOW, version=1, purpose_confirmed=True)
    assert client.get("/programme/").context["results"].count == 1


def test_contacts_of_organizers_are_on_no_public_page(client):
    private = {"contact_name": "Nadia Discrète", "contact_email": "discrete@example.org"}
    event = factories.labelled(**private, contact_phone="03 84 11 22 33")
    for address in ("/", "/programme/", "/carte/", "/carte/donnees.json?zoom=5", event.get_absolute_url()):
        page = client.get(address).content.decode()
        assert [word for word in ("Nadia", "discrete@", "03 84 11") if word in page] == []


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/programme/",
        "/editions/2025/",
        "/carte/",
        "/carte/donnees.json?zoom=5",
        "/territoires/",
        "/territoires/outre-mer/",
        "/territoires/r27/",
        "/territoires/r27/d90/",
        "/referents/",
        "/editions/",
        "/labelliser/",
        "/nulle-part/",
    ],
)
def test_public_pages_set_no_cookie_and_do_not_vary(client, address):
    factories.labelled()
    response = client.get(address)
    assert (dict(response.cookies), response.headers.get("Vary")) == ({}, None)


@pytest.mark.parametrize(
    ("address", "first", "later"),
    [
        ("/", 12, 8),
        ("/programme/", 9, 5),
        ("/programme/?q=fonderie&departement=90&public=scolaires&du=2025-11-20&au=2025-11-21", 9, 5),
        ("/editions/2025/", 9, 5),
        ("/carte/", 9, 5),
        ("/carte/donnees.json?zoom=5&bbox=-10,40,10,52", 9, 7),
        ("/editions/", 5, 5),
        ("/territoires/", 5, 4),
        ("/territoires/outre-mer/", 8, 5),
        ("/territoires/r27/", 14, 10),
        ("/territoires/r27/d90/", 14, 10),
        ("/referents/", 4, 4),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_public_lists_cost_the_same_queries(client, django_assert_num_queries, address, first, later, rows):
    """First: what a process then keeps is read, too."""
    for number in range(rows):
        factories.labelled(title=f"Visite {number}")
    for queries in (first, later):
        cache.clear()
        with django_assert_num_queries(queries):
            client.get(address)


@pytest.mark.parametrize("rows", [1, 3])
def test_event_page_costs_the_same_queries(client, django_assert_num_queries, rows):
    slots = [factories.slot(f"2025-11-{20 + number}") for number in range(rows)]
    url = factories.labelled(slots=slots).get_absolute_url()
    with django_assert_num_queries(9):
        client.get(url)
    with django_assert_num_queries(2):
        client.get(f"{url[:-1]}.ics")


@pytest.mark.parametrize("rows", [1, 3])
def test_private_lists_cost_the_same_queries(client, django_assert_num_queries, rows):
    organizer = factories.user()
    for number in range(rows):
        factories.submitted(organizer, title=f"Visite {number}")
    client.force_login(organizer)
    with django_assert_num_queries(9):
        client.get("/espace/")
    sign_in(client, factories.referent())
    with django_assert_num_queries(8):
        client.get("/admin/events/event/")


@pytest.mark.parametrize("zoom", [3, 6, 9, 12])
def test_map_cells_sum_to_the_list(client, zoom):
    places = list(factories.COMMUNES)
    for number in range(45):
        factories.labelled(title=f"Visite {number}", commune_code=places[number % 3])
    factories.labelled(
        title="En ligne", commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/"
    )
    data = client.get(f"/carte/donnees.json?zoom={zoom}").json()
    assert sum(cell["count"] for cell in data["cells"]) == data["total"] == 45
    assert client.get("/programme/").context["results"].count == 46


def test_map_box_keeps_what_lies_in_it(client):
    factories.labelled(title="Belfort")
    factories.labelled(title="Réunion", commune_code="97411")
    data = client.get("/carte/donnees.json?zoom=8&bbox=5,47,8,49").json()
    assert [point["title"] for point in data["points"]] == ["Belfort"]


def test_territory_filter_leaves_online_events_out_and_says_so(client):
    factories.labelled(title="Sur place")
    factories.labelled(
        title="En ligne", commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/"
    )
    response = client.get("/programme/?departement=90")
    assert [card.title for card in response.context["results"].cards] == ["Sur place"]
    assert "1\u00a0événement en ligne" in response.content.decode()


def test_events_that_are_over_are_said_and_can_be_shown(client):
    factories.labelled(title="Première", slots=[factories.slot("2025-11-03")])
    factories.labelled(title="Seconde", slots=[factories.slot("2025-11-20")])
    with time_machine.travel(datetime(2025, 11, 10, tzinfo=UTC), tick=False):
        shown = client.get("/programme/")
        everything = client.get("/programme/?passes=oui")
    assert [card.title for card in shown.context["results"].cards] == ["Seconde"]
    assert "1\u00a0événement de plus, déjà terminé." in shown.content.decode()
    assert everything.context["results"].count == 2


def test_past_edition_shows_everything_by_first_slot(client):
    factories.labelled(title="Seconde", slots=[factories.slot("2025-11-20")])
    factories.labelled(title="Première", slots=[factories.slot("2025-11-03")])
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        response = client.get("/editions/2025/")
    assert [card.title for card in response.context["results"].cards] == ["Première", "Seconde"]
    assert "Cette édition est terminée" in response.content.decode()


def test_calendar_tells_each_slot_in_the_zone_of_the_place(client):
    zone = "Indian/Reunion"
    slots = [factories.slot("2025-11-20", zone=zone), factories.slot("2025-11-21", zone=zone)]
    event = factories.labelled(commune_code="97411", slots=slots)
    response = client.get(f"{event.get_absolute_url()[:-1]}.ics")
    calendar = Calendar.from_ical(response.content)
    first, second = calendar.walk("VEVENT")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(first["DTSTART"].dt) == "2025-11-20 09:00:00+04:00"
    assert str(second["DTSTART"].dt) == "2025-11-21 09:00:00+04:00"
    assert len({first["UID"], second["UID"]}) == 2
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == [zone]
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_map_data_of_a_wrong_view_says_what_is_wrong(client):
    factories.edition()
    response = client.get("/carte/donnees.json?zoom=99&departement=ZZ")
    assert response.status_code == 400
    assert json.loads(response.content) == {
        "errors": {
            "departement": ["Département : « ZZ » n’est pas dans la liste. Choisissez-y une valeur."],
            "zoom": ["« zoom » est un nombre entier de 0 à 20."],
        }
    }
