"""The map of a territory: what its figures count, and nothing of it loaded before it is wanted."""

import re

import pytest

from tests import factories
from tests.events.test_territories import PAGES, _clock, main, programme  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("address", "query"), PAGES.items())
def test_map_of_a_territory_shows_what_its_figures_count(client, address, query):
    programme()
    factories.labelled(title="Sucrerie", commune_code="97411")
    context = client.get(address).context
    config = context["map_config"]
    assert (config["query"], config["isWanted"], config["listUrl"]) == (query, True, "/carte/")
    assert config["bounds"] == [[47.64, 6.86], [47.64, 6.86]]
    data = client.get(f"{config['dataUrl']}?{config['query']}&zoom=9").json()
    assert data["total"] == context["figures"].events == 3


def test_page_loads_no_part_of_the_map_before_it_is_wanted(client):
    programme()
    page = client.get("/territoires/r27/d90/").content.decode()
    kept, asked = page.split('<template id="map-parts">')[1].split("</template>", 1)
    assert ("leaflet.js" in kept, "leaflet.css" in kept) == (True, True)
    outside = page.replace(kept, "")
    assert re.findall(r'src="/static/js/([^"]+)"', outside) == ["selection.js", "map_later.js"]
    assert "leaflet" not in outside
    assert "map-config" in asked


def test_region_without_script_is_drawn_in_departements_that_lead_to_their_pages(client):
    programme()
    factories.department("02")
    page = main(client.get("/territoires/r32/"))
    drawing = page.split("<svg")[1].split("</svg>")[0]
    assert re.findall(r'<a href="([^"]+)" tabindex="-1">', drawing) == ["/territoires/r32/d59/"]
    assert re.findall("<title>([^<]+)</title>", drawing) == [
        "Aisne\u00a0: 0\u00a0événement",
        "Nord\u00a0: 1\u00a0événement",
    ]
    assert 'id="map-plain"' not in main(client.get("/territoires/r32/d59/"))


def test_territory_without_events_has_no_map(client):
    factories.edition()
    factories.department()
    for address in PAGES:
        response = client.get(address)
        assert (response.context["map_config"], 'id="map' in response.content.decode()) == (None, False)
