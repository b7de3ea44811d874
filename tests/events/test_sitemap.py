"""What search engines are given: the public pages and events, at the site's own address."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.test import Client

from events import sitemaps
from semaine.models import Edition
from tests import factories
from tests.events.test_exits import _clock, one_of_each  # noqa: F401
from tests.events.test_security_headers import cookies_and_vary
from tests.events.test_selection import count_queries

pytestmark = pytest.mark.django_db
FILES = ("/robots.txt", "/sitemap.xml", *(f"/sitemap-{name}.xml" for name in sitemaps.SITEMAPS))


def entries(response) -> list[tuple[str, str | None]]:
    """The address and the day of each entry."""
    assert response.headers["Content-Type"].startswith("application/xml")
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(response.content)
    return [(each.findtext(f"{name}loc"), each.findtext(f"{name}lastmod")) for each in root]


def test_sitemap_holds_the_public_events_only(client, one_of_each):  # noqa: F811
    shown = [one_of_each[title] for title in ("Visite labellisée", "Visite annulée")]
    expected = [
        (f"http://testserver{event.get_absolute_url()}", f"{event.updated_at:%Y-%m-%d}") for event in shown
    ]
    assert entries(client.get("/sitemap-evenements.xml")) == expected
    assert entries(client.get("/sitemap-editions.xml")) == [("http://testserver/editions/2025/", None)]
    organizers = [(f"http://testserver/organisateurs/{event.organization.slug}/", None) for event in shown]
    assert entries(client.get("/sitemap-organisateurs.xml")) == organizers


def test_index_lists_the_files_of_every_section(client, monkeypatch):
    monkeypatch.setattr(sitemaps.EventSitemap, "limit", 2)
    events = [factories.labelled() for _ in range(3)]
    latest = "2025-10-01T10:00:00+02:00"
    assert entries(client.get("/sitemap.xml")) == [
        ("http://testserver/sitemap-pages.xml", None),
        ("http://testserver/sitemap-editions.xml", None),
        ("http://testserver/sitemap-territoires.xml", None),
        ("http://testserver/sitemap-organisateurs.xml", None),
        ("http://testserver/sitemap-evenements.xml", latest),
        ("http://testserver/sitemap-evenements.xml?p=2", latest),
    ]
    second = entries(client.get("/sitemap-evenements.xml?p=2"))
    assert [address for address, _ in second] == [f"http://testserver{events[2].get_absolute_url()}"]


def test_addresses_of_the_sitemap_answer(client):
    factories.labelled()
    factories.commune("98718")
    addresses = [
        address for name in sitemaps.SITEMAPS for address, _ in entries(client.get(f"/sitemap-{name}.xml"))
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    assert {"http://testserver/territoires/r27/d90/", "http://testserver/territoires/outre-mer/d987/"} < set(
        addresses
    )


def test_addresses_are_the_sites_own_whatever_host_was_asked(client, settings):
    settings.SITE_URL = "https://semaine.example.org"
    factories.labelled()
    for path in FILES:
        text = client.get(path, headers={"host": "pirate.example"}).content.decode()
        assert (path, "pirate" in text, "https://semaine.example.org/" in text) == (path, False, True)


def test_robots_names_the_sitemap_and_what_is_not_worth_reading(client):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    assert {"Disallow: /espace/", "Disallow: /programme/?", "Allow: /programme/?page="} <= set(lines)


def test_there_is_a_sitemap_before_the_first_edition(client):
    Edition.objects.all().delete()
    assert entries(client.get("/sitemap-evenements.xml")) == []
    assert entries(client.get("/sitemap-editions.xml")) == []
    assert len(entries(client.get("/sitemap.xml"))) == 5


@pytest.mark.parametrize("query", ["p=0", "p=2", "p=-1", "p=x", "p=%00", f"p={'9' * 5_000}"])
def test_page_of_the_sitemap_that_is_not_there_is_not_found(client, query):
    factories.labelled()
    assert client.get(f"/sitemap-evenements.xml?{query}").status_code == 404
    assert client.get("/sitemap-inconnu.xml").status_code == 404


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_files_set_no_cookie_and_refuse_posts(path, method):
    factories.labelled()
    response = getattr(Client(), method)(path)
    assert (response.status_code, cookies_and_vary(response)) == (200, ({}, False))
    assert Client().post(path).status_code == 405


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/sitemap.xml", 6),
        ("/sitemap-evenements.xml", 2),
        ("/sitemap-organisateurs.xml", 2),
        ("/robots.txt", 0),
    ],
)
def test_queries_do_not_grow_with_the_events(client, path, queries):
    factories.labelled()
    first = count_queries(client, path)
    for _ in range(2):
        factories.labelled()
    assert [first, count_queries(client, path)] == [queries, queries]
