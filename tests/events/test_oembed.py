"""What another site is told of an event whose address is pasted there, and the frame that it then shows."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from events import merging, workflow
from events.models import Event
from tests import factories
from tests.events.test_embed import policy
from tests.events.test_selection import words
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FRAME = "/integration/evenement/2025/visite-de-la-fonderie/"
PAGE = "http://testserver/evenements/2025/visite-de-la-fonderie/"
THUMBNAIL = ("thumbnail_height", "thumbnail_url", "thumbnail_width")


def told(url=PAGE, **asked) -> dict:
    response = Client().get("/oembed/", {"url": url} | asked)
    assert response.status_code == 200, response.content
    return response.json()


def test_event_is_told_as_the_specification_says(client):
    event = factories.labelled()
    response = client.get("/oembed/", {"url": PAGE})
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert dict(response.cookies) == {}
    assert response.json() == {
        "version": "1.0",
        "type": "rich",
        "title": "Visite de la fonderie",
        "author_name": event.organizer_name,
        "author_url": f"http://testserver/organisateurs/{event.organization.slug}/",
        "provider_name": "Semaine de l’industrie",
        "provider_url": "http://testserver/",
        "cache_age": 300,
        "thumbnail_url": PAGE.removesuffix("/") + ".png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": f'<iframe src="http://testserver{FRAME}" title="Visite de la fonderie" width="600" height="480" '
        'loading="lazy" style="max-width: 100%; border: 0"></iframe>',
        "width": 600,
        "height": 480,
    }


def test_xml_says_the_same(client):
    factories.labelled()
    response = client.get("/oembed/", {"url": PAGE, "format": "xml"})
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    found = {each.tag: each.text for each in ElementTree.fromstring(response.content)}
    assert found == {name: f"{value}" for name, value in told(format="json").items()}


@pytest.mark.parametrize(
    ("asked", "size", "pictured"),
    [
        ({"maxwidth": "320"}, (320, 480), False),
        ({"maxheight": "200"}, (600, 200), False),
        ({"maxwidth": "1200", "maxheight": "630"}, (600, 480), True),
    ],
)
def test_nothing_is_larger_than_the_room_there_is(asked, size, pictured):
    factories.labelled()
    found = told(**asked)
    assert (found["width"], found["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in found["html"]
    assert sorted(found.keys() & set(THUMBNAIL)) == (list(THUMBNAIL) if pictured else [])


@pytest.mark.parametrize("value", ["0", "-5", "6e2", "abc", "100000", "６００", "1" * 5_000])
@pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
def test_wrong_size_is_said(client, name, value):
    factories.labelled()
    response = client.get("/oembed/", {"url": PAGE, name: value})
    wanted = f"« {name} » : trouvé « {value[:60]} » ; attendu : un nombre de pixels de 1 à 10000.\n"
    assert (response.status_code, response.content.decode()) == (400, wanted)


UNKNOWN = (
    "http://testserver/", "http://testserver/programme/", f"{PAGE}x/", PAGE.replace("testserver", "ailleurs.example"),
    PAGE.replace("http:", "javascript:"), PAGE.replace("http://", "//"), "http://[/", "x", "/evenements/2025/\udcff/",
    PAGE.replace("2025", "9" * 40), PAGE.replace("testserver", "testserver@ailleurs.example"),
)  # fmt: skip


@pytest.mark.parametrize("url", UNKNOWN)
def test_other_addresses_are_not_found(client, url):
    factories.labelled()
    response = client.get("/oembed/", {"url": url.encode(errors="surrogatepass")})
    assert (response.status_code, response.content.decode()) == (
        404, "« url » : aucun événement public n’a cette adresse. Copiez celle de sa page.\n",
    )  # fmt: skip


def test_format_that_is_not_made_is_501_and_no_address_400(client):
    factories.labelled()
    response = client.get("/oembed/", {"url": PAGE, "format": "yaml"})
    assert (response.status_code, response.content.decode()) == (
        501,
        "« format » : trouvé « yaml » ; attendu : json ou xml.\n",
    )
    assert client.get("/oembed/").status_code == 400


def test_only_what_the_public_sees_is_told(client):
    shown, hidden = factories.labelled(title="Ouvert"), factories.labelled(title="Retiré")
    workflow.withdraw(hidden, by=factories.national(), at=NOW, comment="Payant.")
    addresses = [f"http://testserver{each.get_absolute_url()}" for each in (shown, hidden)]
    assert [client.get("/oembed/", {"url": each}).status_code for each in addresses] == [200, 404]
    frame = client.get("/integration/evenement/2025/retire/")
    assert (frame.status_code, policy(frame)["frame-ancestors"]) == (410, "*")
    assert "Cet événement n’est plus au programme." in words(frame)
    assert "Retiré" not in frame.content.decode()


def test_merged_event_is_told_as_the_one_that_is_kept(client):
    kept, twin = (factories.labelled(title=name) for name in ("Gardée", "Double"))
    merging.merge(twin, into=kept, by=factories.national(), at=NOW)
    assert told("http://testserver/evenements/2025/double/")["title"] == "Gardée"
    response = client.get("/integration/evenement/2025/double/")
    assert (response.status_code, response.url) == (301, "/integration/evenement/2025/gardee/")


def test_page_of_an_event_leads_to_what_is_told_of_it(client):
    factories.labelled()
    page = client.get(PAGE).content.decode()
    found = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page)
    assert [kind for kind, _ in found] == ["application/json+oembed", "text/xml+oembed"]
    for _, href in found:
        query = parse_qs(urlsplit(unescape(href)).query)
        assert query["url"] == [PAGE]
        assert client.get(unescape(href)).status_code == 200


HOSTILE = (
    '"><script>alert(1)</script>',
    "' onload='alert(1)",
    "]]></title> & &amp; <b>",
    "\u202egnirts\u202c",
    "é" * 140,
)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_is_text_in_the_frame_and_around_it(client, title):
    Event.objects.filter(pk=factories.labelled().pk).update(title=title)
    found = told()
    assert found["title"] == title
    assert re.fullmatch(r'<iframe(?: [a-z]+="[^"<>]*")+></iframe>', found["html"])
    xml = client.get("/oembed/", {"url": PAGE, "format": "xml"}).content
    assert ElementTree.fromstring(xml).findtext("title") == title
    page = client.get(FRAME).content.decode()
    assert re.findall("<(?:script|form|button)", page) == []


def test_cancelled_event_says_so():
    event = factories.labelled()
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert told()["title"] == "Annulé : Visite de la fonderie"
    assert "Cet événement est annulé." in words(Client().get(FRAME))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(f"/oembed/?url={PAGE}", 4), (FRAME, 4)])
def test_number_of_queries_is_that_of_one_row(client, django_assert_num_queries, address, queries, rows):
    factories.labelled(slots=[factories.slot(f"2025-11-{17 + n}") for n in range(rows)])
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
