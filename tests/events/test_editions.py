"""The page of all editions."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from semaine.models import Edition, TerritoryWeek
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def words(client) -> list[str]:
    """What the page says of each edition, on one line."""
    items = client.get("/editions/").content.decode().split('<ul class="editions">')[1].split("</main>")[0]
    return [" ".join(re.sub(r"<[^>]+>|&nbsp;", " ", item).split()) for item in items.split("<h2>")[1:]]


def test_editions_are_told_with_their_week_theme_and_figures(client):
    factories.edition(2025, theme="Fabrique ton avenir")
    figures = {"announced_events": 7400, "announced_participants": 5_600_000, "announced_note": "Attendus."}
    factories.edition(2024, **figures)
    factories.edition(2012)
    factories.edition(2023, is_published=False)
    announced = "événements annoncés 7 400 participants annoncés 5 600 000 Attendus."
    assert words(client) == [
        "2025 14 e édition Du 17 au 23 novembre 2025 Thème : Fabrique ton avenir",
        f"2024 13 e édition Du 17 au 23 novembre 2024 {announced}",
        "2012 1 re édition Du 17 au 23 novembre 2012",
    ]


def test_demonstration_edition_says_that_it_is_one(client):
    factories.edition(2025, is_demo=True, number=None)
    assert words(client) == ["2025 Démonstration Du 17 au 23 novembre 2025"]


def test_edition_says_the_weeks_that_territories_held(client):
    edition = factories.edition()
    days = {"starts_on": "2025-11-24", "label_from": "2025-11-24"} | dict.fromkeys(
        ("ends_on", "label_until"), "2025-11-30"
    )
    TerritoryWeek.objects.create(edition=edition, region=factories.region("04"), **days)
    assert words(client) == [
        "2025 14 e édition Du 17 au 23 novembre 2025 La Réunion : du 24 au 30 novembre 2025"
    ]


def test_number_of_events_is_that_of_the_programme_it_leads_to(client):
    factories.labelled(title="À venir")
    factories.labelled(title="Terminée", slots=[factories.slot("2025-11-04")])
    at, slots = datetime(2024, 10, 1, tzinfo=UTC), [factories.slot("2024-11-20")]
    factories.labelled(in_edition=factories.edition(2024), at=at, slots=slots)
    factories.edition(2022)
    lines = client.get("/editions/").context["lines"]
    assert [(line["url"], line["words"]) for line in lines] == [
        ("/editions/2025/?passes=oui", "2\u00a0événements"),
        ("/editions/2024/", "1\u00a0événement"),
        (0, "0\u00a0événement"),
    ]
    assert [client.get(line["url"]).context["results"].count for line in lines[:2]] == [2, 1]


def test_events_of_an_edition_that_is_hidden_are_on_no_line(client):
    event = factories.labelled()
    factories.edition(2024)
    Edition.objects.filter(pk=event.edition_id).update(is_published=False)
    assert [line["words"] for line in client.get("/editions/").context["lines"]] == ["0\u00a0événement"]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(client, django_assert_num_queries, rows):
    days = dict.fromkeys(("starts_on", "ends_on", "label_from", "label_until"), "2025-11-24")
    for number in range(rows):
        edition = factories.edition(2025 - number)
        for code in ("27", "32", "04")[:rows]:
            TerritoryWeek.objects.create(edition=edition, region=factories.region(code), **days)
    with django_assert_num_queries(6):
        client.get("/editions/")
