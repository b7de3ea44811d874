"""The map: the data of a view, where it opens, and its numbers beside the list's."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from events import workflow
from events.enums import AccessMode, Precision, TermKind
from events.map_box import snapped
from events.models import Event, Term
from semaine.text import NBSP
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
DATA = "/carte/donnees.json"
METROPOLE = [[41.3, -5.2], [51.1, 9.6]]
BELFORT = {"lat": 47.64, "lon": 6.86}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def online(**fields):
    return factories.labelled(
        commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/", **fields
    )


# The box of a view.


@pytest.mark.parametrize(
    ("box", "wider"),
    [
        ((-180, -90, 180, 90), (-180, -90, 180, 90)),
        ((6.83, 47.61, 6.91, 47.66), (6.8288, 47.6096, 6.9120, 47.6608)),
        ((6.86, 47.64, 6.86, 47.64), (6.86, 47.64, 6.86, 47.64)),
        ((6.863996, 47.638, 6.863996, 47.638), (6.8639, 47.638, 6.864, 47.638)),
        ((-540, -90, 540, 90), (-180, -90, 180, 90)),
        ((179.99, 0, 190, 1), (179.9168, 0, 180, 1.0240)),
    ],
)
def test_box_is_widened_to_its_grid_and_cut_to_the_world(box, wider):
    assert snapped(box) == wider


side = st.floats(-179, 179)
height = st.floats(-89, 89)


@given(st.tuples(side, side).map(sorted), st.tuples(height, height).map(sorted))
def test_snapped_box_holds_the_box_and_stays_as_it_is(sides, heights):
    box = sides[0], heights[0], sides[1], heights[1]
    west, south, east, north = snapped(box)
    assert snapped((west, south, east, north)) == (west, south, east, north)
    slack = 1e-6
    assert (west - slack <= box[0], south - slack <= box[1]) == (True, True)
    assert (box[2] <= east + slack, box[3] <= north + slack) == (True, True)
    most = max(box[2] - box[0], box[3] - box[1]) / 2 + 0.001
    assert max(box[0] - west, box[1] - south, east - box[2], north - box[3]) <= most


def test_boxes_that_differ_little_ask_for_the_same_data(client):
    factories.labelled()
    boxes = ("6.831,47.611,6.911,47.661", "6.829,47.610,6.910,47.660")
    answers = [client.get(DATA, {"zoom": 9, "bbox": box}).json() for box in boxes]
    assert (answers[0], answers[0]["total"]) == (answers[1], 1)


# Its data.


def test_point_says_the_essentials_of_the_card(client):
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite d’entreprise")
    event = factories.labelled()
    assert client.get(DATA, {"zoom": 9}).json() == {
        "total": 1,
        "cells": [],
        "points": [
            BELFORT
            | {
                "title": "Visite de la fonderie",
                "url": "/evenements/2025/visite-de-la-fonderie/",
                "when": f"jeudi 20 novembre, 9{NBSP}h–11{NBSP}h{NBSP}30",
                "place": "Belfort (Territoire de Belfort)",
                "organizer": event.organizer_name,
                "format": "Visite d’entreprise",
                "access": AccessMode.OPEN.label,
                "tags": [],
                "approximate": True,
            }
        ],
    }


def test_point_says_cancelled_full_and_exact(client):
    event = factories.labelled()
    Event.objects.filter(pk=event.pk).update(is_full=True, precision=Precision.ADDRESS)
    event.refresh_from_db()
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    [point] = client.get(DATA, {"zoom": 9}).json()["points"]
    assert (point["tags"], point["approximate"]) == (["Annulé", "Complet"], False)


def test_points_are_in_the_order_of_their_next_slot(client):
    for day in (22, 20, 21):
        factories.labelled(title=f"Le {day}", slots=[factories.slot(f"2025-11-{day}")])
    points = client.get(DATA, {"zoom": 9}).json()["points"]
    assert [point["title"] for point in points] == ["Le 20", "Le 21", "Le 22"]


@pytest.fixture
def crowd():
    """42 events at one place, 2 elsewhere, 1 across an ocean and 1 online."""
    for number in range(42):
        mode = {"access_mode": AccessMode.RESERVED, "reserved_to": "Lycéens"} if number % 3 else {}
        factories.labelled(title=f"Visite {number}", **mode)
    factories.labelled(title="Atelier", commune_code="59350")
    factories.labelled(title="Job dating", commune_code="59350", format_code="job-dating")
    factories.labelled(title="Sucrerie", commune_code="97411")
    online(title="Conférence")
    Term.objects.create(kind=TermKind.FORMAT, code="job-dating", label="Job dating")


def test_crowded_place_is_one_cell_and_lists_its_first_events(client, crowd):
    bbox = [6.86, 47.64, 6.86, 47.64]
    cells = client.get(DATA, {"zoom": 14, "bbox": "6,47,7,48"}).json()["cells"]
    assert cells == [BELFORT | {"count": 42, "bbox": bbox}]
    place = client.get(DATA, {"zoom": 20, "bbox": ",".join(map(str, bbox))}).json()
    assert (place["total"], place["cells"], len(place["points"])) == (42, [], 40)


@pytest.mark.parametrize("query", ["", "departement=90", "q=visite", "nature=job-dating", "region=32"])
@pytest.mark.parametrize("zoom", [0, 5, 10])
def test_map_and_list_count_the_same_events(client, crowd, query, zoom):
    data = client.get(f"{DATA}?zoom={zoom}&{query}").json()
    page = client.get(f"/carte/?{query}").context
    drawn = sum(cell["count"] for cell in data["cells"]) + len(data["points"])
    without_point = 0 if query else 1
    assert drawn == data["total"] == page["results"].count - without_point == page["france"].count


@pytest.mark.parametrize("rows", [1, 3])
def test_map_data_of_cells_costs_the_same_queries(client, django_assert_num_queries, monkeypatch, rows):
    monkeypatch.setattr("events.map_data.FEW", 0)
    for number in range(rows):
        factories.labelled(title=f"Visite {number}")
    with django_assert_num_queries(6):
        client.get(DATA, {"zoom": 3})


# Its page.


def config(client, query=""):
    return client.get(f"/carte/{query}").context["map_config"]


def test_map_opens_on_the_metropole(client):
    factories.labelled(commune_code="97411")
    everything = config(client)
    assert (everything["bounds"], everything["zone"]) == (METROPOLE, "")
    assert config(client, "?q=fonderie")["bounds"] == METROPOLE


def test_map_of_a_territory_opens_around_its_events(client):
    factories.labelled(commune_code="59350")
    factories.labelled(title="Atelier", commune_code="02738")
    factories.labelled(title="Sucrerie", commune_code="97411")
    factories.region("27")
    assert config(client, "?region=32")["bounds"] == [[49.66, 3.06], [50.63, 3.3]]
    assert config(client, "?departement=974")["bounds"] == [[-20.88, 55.45], [-20.88, 55.45]]
    assert config(client, "?region=27")["bounds"] == METROPOLE


def test_map_of_a_zone_opens_on_it(client):
    factories.labelled()
    found = config(client, "?bbox=6.8288,47.6096,6.9120,47.6608&q=fonderie&page=1")
    assert (found["zone"], found["bounds"], found["query"]) == (
        "6.8288,47.6096,6.9120,47.6608",
        [[47.6096, 6.8288], [47.6608, 6.9120]],
        "bbox=6.8288%2C47.6096%2C6.9120%2C47.6608&q=fonderie",
    )
    assert config(client, "?bbox=pirate")["bounds"] == METROPOLE


def test_map_without_script_leads_to_each_departement_with_its_filters(client):
    factories.labelled()
    factories.labelled(title="Job dating", commune_code="59350")
    factories.labelled(title="Visite du port", commune_code="59350")
    page = client.get("/carte/?mode=sur-place&q=visite").content.decode()
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', page)
    nord, belfort = (
        (f"/carte/?mode=sur-place&amp;q=visite&amp;departement={code}", words)
        for code, words in (
            ("59", f"Nord{NBSP}: 1{NBSP}événement"),
            ("90", f"Territoire de Belfort{NBSP}: 1{NBSP}événement"),
        )
    )
    assert [link for link in links if "departement" in link[0]] == [nord, belfort]
    assert client.get(nord[0].replace("&amp;", "&")).context["results"].count == 1


def test_map_says_once_that_online_events_have_no_point(client):
    factories.labelled()
    online(title="Conférence")
    online(title="Tchat")
    sentence = f"2{NBSP}événements en ligne sans point sur la carte"
    assert client.get("/carte/").content.decode().count(sentence) == 1
    assert "sans point" not in client.get("/carte/?departement=90").content.decode()
