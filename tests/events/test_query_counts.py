"""However many filters are asked for together, a page costs at most 12 queries, the same for any number of events."""

from datetime import UTC, datetime

import pytest
import time_machine

from events.enums import TermKind
from events.filters import PARAMETERS
from events.models import Term
from tests import factories

pytestmark = pytest.mark.django_db
DURING = datetime(2025, 11, 18, 8, tzinfo=UTC)
TERMS = (
    (TermKind.FORMAT, "visite"),
    (TermKind.SECTOR, "mines-et-metallurgie"),
    (TermKind.TOPIC, "mixite"),
)
# Every filter but « ou », which leads to the address of « pres » before anything is shown.
EVERYTHING = {
    "edition": "2025", "q": "fonderie", "region": "27", "departement": "90", "commune": "90010", "pres": "90010",
    "rayon": "100", "du": "2025-11-02", "au": "2025-12-07", "jour": "cette-semaine", "public": "scolaires",
    "nature": "visite", "filiere": "mines-et-metallurgie", "theme": "mixite", "mode": "sur-place", "acces": "libre",
    "accessibilite": "mi", "organisateur": "fonderie-martin", "passes": "oui", "bbox": "6,47,8,48",
    "tri": "distance", "page": "1",
}  # fmt: skip


def read_bits(client):
    """What every count and order is made from, read once for a revision of the site."""
    with time_machine.travel(DURING, tick=False):
        client.get("/programme/")


@pytest.mark.parametrize(("address", "queries"), [("/programme/", 9), ("/editions/2025/", 9), ("/carte/", 9)])
@pytest.mark.parametrize("rows", [1, 3])
def test_all_filters_together_cost_the_same_queries(
    client, django_assert_num_queries, address, queries, rows
):
    assert EVERYTHING.keys() == {*PARAMETERS} - {"ou"}
    for kind, code in TERMS:
        Term.objects.create(kind=kind, code=code, label=code.capitalize())
    organizer = factories.user()
    for _ in range(rows):
        event = factories.labelled(organizer, topic_codes=["mixite"], accessibility_codes=["mi"])
    asked = EVERYTHING | {"organisateur": event.organization.slug}
    read_bits(client)
    with time_machine.travel(DURING, tick=False), django_assert_num_queries(queries):
        response = client.get(address, asked)
    assert response.context["results"].count == rows


@pytest.mark.parametrize(("address", "queries"), [("/programme/", 9), ("/carte/", 9)])
def test_filters_that_find_nothing_cost_no_more(client, django_assert_num_queries, address, queries):
    asked = {name: EVERYTHING[name] for name in ("edition", "departement", "commune", "pres", "bbox", "jour")}
    event = factories.labelled()
    asked |= {"q": "introuvable", "organisateur": event.organization.slug}
    read_bits(client)
    with time_machine.travel(DURING, tick=False), django_assert_num_queries(queries):
        response = client.get(address, asked)
    assert response.context["results"].count == 0


def test_first_page_of_a_process_costs_at_most_twelve(client, django_assert_num_queries):
    """Nothing is kept yet: neither the choices, nor the bits, nor the cards."""
    factories.labelled()
    with time_machine.travel(DURING, tick=False), django_assert_num_queries(9):
        client.get("/programme/")
