"""France in départements: the numbers that the programme shows, by place."""

import gzip
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.template.loader import render_to_string

from events import workflow
from events.france import France, Territory, france
from events.models import Event
from semaine.outlines import OUTLINES
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def counted():
    numbers = Event.objects.public().by_department()
    return france(numbers, lambda code: f"/programme/?departement={code}")


def test_france_counts_each_departement_and_what_it_does_not_draw():
    for number in range(4):
        factories.labelled(title=f"Visite {number}")
    factories.labelled(commune_code="59350")
    factories.labelled(commune_code="98718")
    factories.labelled(**ONLINE)
    factories.submitted(commune_code="59350")
    factories.department("02")
    drawn, others, total = counted()
    assert [each[:6] for each in drawn] == [
        ("02", "Aisne", 0, "Aisne\u00a0: 0\u00a0événement", "/programme/?departement=02", 0),
        ("59", "Nord", 1, "Nord\u00a0: 1\u00a0événement", "/programme/?departement=59", 3),
        (
            "90",
            "Territoire de Belfort",
            4,
            "Territoire de Belfort\u00a0: 4\u00a0événements",
            "/programme/?departement=90",
            5,
        ),
    ]
    assert [(each.code, each.count, each.path) for each in others] == [("987", 1, "")]
    assert total == 6


def test_france_without_events_is_drawn_without_colour():
    factories.department("90")
    drawn, others, total = counted()
    assert ([each.tint for each in drawn], others, total) == ([0], [], 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_france_costs_two_queries(django_assert_num_queries, rows):
    for code in list(factories.COMMUNES)[:rows]:
        factories.labelled(commune_code=code)
    with django_assert_num_queries(2):
        counted()


def test_home_draws_what_the_programme_lists(client):
    factories.labelled()
    cancelled = factories.labelled(commune_code="59350")
    workflow.cancel(cancelled, by=cancelled.created_by, at=NOW, comment="Travaux.")
    page = client.get("/").content.decode()
    links = re.findall(r'<a href="(/programme/\?departement=\w+)" tabindex="-1"', page)
    assert links == ["/programme/?departement=59", "/programme/?departement=90"]
    assert [client.get(link).context["results"].count for link in links] == [1, 1]
    # Each drawn link, out of the Tab key's way, has its equal in the list.
    assert re.findall(r'<li><a href="(/programme/\?departement=\w+)">', page) == links


def test_france_of_101_departements_weighs_little():
    drawn = [
        Territory(code, f"Département {code}", 123, f"Département {code}\u00a0: {index}\u00a0événements",
                  f"/carte/?q=visite&public=scolaires&departement={code}", 1 + index % 5, path)
        for index, (code, path) in enumerate(OUTLINES.items())
    ]  # fmt: skip
    page = render_to_string("components/france.html", {"france": France(drawn, [], 99), "measures": True})
    assert page.count("<title>") == page.count("<li>") == 101
    assert len(gzip.compress(page.encode())) < 7_000
