"""The page leads to the files of what it shows."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from tests import factories
from tests.events.export_readers import READERS

pytestmark = pytest.mark.django_db
DURING = datetime(2025, 11, 18, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(DURING, tick=False):
        yield


def links(page: str) -> dict[str, str]:
    """Return where each link of the section leads, by its words."""
    section = page.split('id="exporter"')[1].split("</details>")[0]
    return {
        label: unescape(url) for url, label in re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a>', section)
    }


@pytest.mark.parametrize("path", ["/programme/", "/carte/"])
def test_page_leads_to_the_files_of_its_filters(client, path):
    factories.department("59")
    factories.labelled(slots=[factories.slot("2025-11-20")])
    page = client.get(
        f"{path}?q=visite&departement=90&departement=59&region=&page=1&pirate=1"
    ).content.decode()
    state = "departement=90&departement=59&q=visite"
    assert links(page) == {
        "Classeur Excel (.xlsx)": f"/programme.xlsx?{state}",
        "S’abonner": f"webcal://testserver/programme.ics?{state}&passes=oui",
        "Agenda (.ics)": f"/programme.ics?{state}",
        "Fil Atom": f"/programme.atom?{state}",
        "Données CSV": f"/programme.csv?{state}",
        "Points GeoJSON": f"/programme.geojson?{state}",
        "Données JSON": f"/programme.json?{state}",
    }
    assert '<a href="/api/v1/schema.json">' in page


def test_page_without_filter_leads_to_the_whole_programme(client):
    factories.edition()
    found = links(client.get("/programme/").content.decode())
    assert found["Données JSON"] == "/programme.json"
    assert found["S’abonner"] == "webcal://testserver/programme.ics?passes=oui"


@pytest.mark.parametrize("extension", READERS)
def test_files_of_an_earlier_edition_are_that_editions(client, extension):
    earlier = factories.labelled(
        title="Avant", at=datetime(2024, 10, 1, tzinfo=UTC), in_edition=factories.edition(2024),
        slots=[factories.slot("2024-11-20")],
    )  # fmt: skip
    factories.labelled(title="Maintenant")
    page = client.get("/editions/2024/").content.decode()
    [address] = [each for each in links(page).values() if each.startswith(f"/programme.{extension}")]
    assert [each["uid"] for each in READERS[extension](client.get(address).getvalue())] == [str(earlier.uid)]


def test_page_with_a_wrong_filter_leads_to_no_file(client):
    factories.edition()
    assert 'id="exporter"' not in client.get("/programme/?departement=ZZ").content.decode()


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/programme/?public=scolaires&page=2", "/programme.atom?public=scolaires"),
        ("/editions/2025/", "/programme.atom?edition=2025"),
        ("/territoires/r27/", "/programme.atom?region=27"),
        ("/territoires/r27/d90/", "/programme.atom?departement=90"),
        ("/territoires/outre-mer/", "/programme.atom?departement=987"),
        ("/organisateurs/fonderie/", "/programme.atom?organisateur=fonderie"),
    ],
)
def test_pages_name_the_feed_of_what_they_show(client, page, feed):
    owner = factories.user()
    factories.organization(owner, slug="fonderie")
    for code in ("90010", "98718"):
        factories.labelled(owner, commune_code=code)
    found = re.findall(
        '<link rel="alternate" type="application/atom.xml"[^>]* href="([^"]+)"',
        client.get(page).content.decode(),
    )
    assert [unescape(each) for each in found] == [feed]
    assert client.get(feed).status_code == 200


def test_page_of_a_wrong_filter_names_no_feed(client):
    factories.labelled()
    assert b"application/atom+xml" not in client.get("/programme/?departement=ZZ").content
