"""Every exit shows the same events: lists, maps, frames and counters against the same brute force.

An exit that names its events joins `NAMING`, one that only counts them joins `COUNTING`: a line each.
"""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from events.models import Event
from semaine.models import Department, Region
from tests.events import brute_force
from tests.events.brute_force import State
from tests.events.export_readers import READERS
from tests.events.programme_of_2000 import (
    CURRENT,
    HIDDEN,
    ORGANIZERS,
    PAST,
    Row,
    draw,
    number_of,
    slug_of,
    written,
)

pytestmark = pytest.mark.usefixtures("db")
ROWS = draw(90, seed=3)
BY_NUMBER = {row.number: row for row in ROWS}


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker):
    """The rows, written once; in the place of pytest-django's own fixture, which is for one test."""
    with written(ROWS, django_db_blocker):
        yield


def named(page: str) -> list[int]:
    """Return the numbers of the events that an HTML page leads to."""
    return [int(number) for number in re.findall(r'<a href="/evenements/\d+/evenement-(\d+)/"', page)]


def on_pages(address: str, state: State) -> list[int]:
    """Walk from the first page of a list to the last one, as its own links lead."""
    client, found = Client(), []
    response = client.get(address, state, follow=True)
    while True:
        page = response.content.decode()
        found += named(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if following is None:
            return found
        response = client.get(response.request["PATH_INFO"] + following[1].replace("&amp;", "&"))


def on_map_data(state: State) -> int:
    """The whole world's: the box of a view is no filter, and is widened to its grid."""
    response = Client().get("/carte/donnees.json", state | {"zoom": 5, "bbox": ""})
    if response.status_code == 400:
        return 0
    data = response.json()
    assert data["total"] == sum(cell["count"] for cell in data["cells"]) + len(data["points"])
    return data["total"]


def drawn(state: State) -> int:
    """The sum of what the départements of the embedded map say."""
    page = Client().get("/integration/carte/", state).context
    france = page["france"]
    assert france.count == sum(each.count for each in [*france.drawn, *france.others])
    return france.count


def by_cursor(state: State) -> list[int]:
    """Walk through the API as its cursor leads."""
    found, after = [], []
    while after is not None:
        response = Client().get("/api/v1/events", state | {"size": 4, "after[]": after})
        if response.status_code == 400:
            return []
        page = response.json()
        found += [number_of(event["slug"]) for event in page["events"]]
        after = page["after"]
    assert len(found) == page["total"]
    return found


def in_file(extension: str, state: State) -> list[int]:
    """Read the events of an export, as its links name them."""
    response = Client().get(f"/programme.{extension}", state, follow=True)
    if response.status_code == 400:
        return []
    urls = [event["url"] for event in READERS[extension](response.getvalue())]
    return [number_of(url.split("/")[-2]) for url in urls]


# In the order of the list.
NAMING = {
    "/api/v1/events": by_cursor,
    "/programme/": partial(on_pages, "/programme/"),
    "/carte/": partial(on_pages, "/carte/"),
    "/integration/liste/": partial(on_pages, "/integration/liste/"),
    **{f"/programme.{extension}": partial(in_file, extension) for extension in READERS},
}


def has_point(row) -> bool:
    return row.point is not None


def has_place(row) -> bool:
    return row.commune is not None


def everything(row) -> bool:
    return True


def in_facets(state: State) -> int:
    response = Client().get("/api/v1/facets", state)
    return 0 if response.status_code == 400 else response.json()["total"]


def in_territories(state: State) -> int:
    response = Client().get("/api/v1/territories", state)
    found = [] if response.status_code == 400 else response.json()["territories"]
    return sum(each["events"] for each in found)


def of_organizations(state: State) -> int:
    response = Client().get("/api/v1/organizations", state | {"size": 300})
    found = [] if response.status_code == 400 else response.json()["organizations"]
    return sum(each["events"] for each in found)


# Each with what it leaves out, of the events and of the filters.
COUNTING = {
    "/api/v1/facets": (in_facets, everything, ""),
    "/api/v1/territories": (in_territories, has_place, ""),
    "/api/v1/organizations": (of_organizations, everything, ""),
    "/carte/donnees.json": (on_map_data, has_point, "bbox"),
    "/integration/carte/": (drawn, has_place, ""),
}


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(situation=brute_force.situations(ROWS))
def test_exits_show_the_same_events_of_any_state(situation):
    state, year, at = situation
    state["edition"] = [str(year)]
    cache.clear()
    wanted = brute_force.in_order(listed(*situation), *situation)
    counted = {
        name: sum(map(shows, listed({key: state[key] for key in state if key != aside}, year, at)))
        for name, (_, shows, aside) in COUNTING.items()
    }
    with time_machine.travel(at, tick=False):
        assert {name: read(state) for name, read in NAMING.items()} == dict.fromkeys(NAMING, wanted)
        assert {name: read(state) for name, (read, *_) in COUNTING.items()} == counted


def listed(state: State, year: int, at: datetime) -> list[Row]:
    return [BY_NUMBER[number] for number in brute_force.found(ROWS, state, year, at)]


# While an edition runs and after it, and the edition that each moment is about.
MOMENTS = (
    (CURRENT, datetime(2025, 11, 18, 21, 30, tzinfo=UTC)),
    (CURRENT, datetime(2026, 3, 1, 8, tzinfo=UTC)),
    (PAST, datetime(2024, 11, 20, 8, tzinfo=UTC)),
)
moments = pytest.mark.parametrize(("year", "at"), MOMENTS)


@pytest.fixture
def clock(at):
    with time_machine.travel(at, tick=False):
        yield


def number_in(words: str) -> int:
    return int("".join(re.findall(r"\d", words)) or 0)


def cards_in(context) -> list[int]:
    slugs = dict(Event.objects.values_list("pk", "slug"))
    return [number_of(slugs[card.pk]) for card in context["cards"]]


@moments
def test_home_counts_what_takes_place_and_draws_what_is_listed(clock, year, at):
    context = Client().get("/").context
    taking_place = [row for row in ROWS if row.year == year and row.status == "labelled"]
    assert number_in(context["figures"][0]["number"]) == len(taking_place)
    assert number_in(context["figures"][1]["number"]) == len({row.organizer for row in taking_place})
    assert number_in(context["figures"][2]["number"]) == len(
        {row.territory[0] for row in taking_place if row.commune}
    )
    on_list = listed({}, year, at)
    assert context["france"].count == sum(map(has_place, on_list))
    coming = [row for row in on_list if row in taking_place and row.slots[-1][1] > at]
    assert cards_in(context) == brute_force.in_order(coming, {}, year, at)[:6]


@moments
def test_territories_count_what_their_filter_shows(clock, year, at):
    client = Client()
    for kind, model in (("departement", Department), ("region", Region)):
        for place in model.objects.all():
            state = {kind: [place.pk]}
            found = listed(state, year, at)
            context = client.get(place.get_absolute_url()).context
            cards = cards_in(context)
            assert (place.pk, context["figures"].events) == (place.pk, len(found))
            assert (place.pk, cards) == (place.pk, brute_force.in_order(found, state, year, at)[:6])
            assert number_in(context["online_words"]) == len(brute_force.everywhere(ROWS, state, year, at))


@moments
def test_index_of_territories_counts_every_listed_event_once(clock, year, at):
    context = Client().get("/territoires/").context
    found = listed({}, year, at)
    assert sum(number_in(region["words"]) for region in context["regions"]) == sum(map(has_place, found))
    assert number_in(context["online_words"]) == sum(not row.commune for row in found)


@pytest.mark.parametrize("organizer", ORGANIZERS)
def test_organizer_page_shows_all_public_events(organizer):
    with time_machine.travel(MOMENTS[0][1], tick=False):
        found = on_pages(f"/organisateurs/{slug_of(organizer)}/", {})
    wanted = [row.number for row in ROWS if row.is_public and row.organizer == organizer]
    assert sorted(found) == wanted
    assert wanted


def test_editions_count_their_events():
    with time_machine.travel(MOMENTS[0][1], tick=False):
        lines = Client().get("/editions/").context["lines"]
        # What it says is what its link shows.
        led = [sorted(on_pages(line["url"], {})) for line in lines]
    wanted = {
        year: [row.number for row in ROWS if row.is_public and row.year == year] for year in (CURRENT, PAST)
    }
    assert {line["edition"].year: number_in(line["words"]) for line in lines} == {
        year: len(found) for year, found in wanted.items()
    }
    assert led == list(wanted.values())
    assert HIDDEN not in wanted
