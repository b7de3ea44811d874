"""The map: what the server counted, words for who does not see it, and nothing from another machine."""

import pytest
from playwright.sync_api import expect

from events.models import Event

pytestmark = pytest.mark.browser

STATUS = "#map-status"


def test_map_draws_the_cells_that_the_server_counted(page, season):
    event = season.labelled()
    season.copies(event, 49, east=0.002)
    far = season.labelled(title="Visite du port", commune_code="59350")
    page.goto("/carte/")
    cells = page.locator("#map .cell")
    expect(page.locator(STATUS)).to_have_text("51 événements dans cette vue.")
    expect(cells).to_have_text(["1", "50"], ignore_case=True)
    belfort = page.get_by_role("button", name="50 événements, zoomer", exact=True)
    expect(belfort).to_be_visible()

    belfort.click()
    # Now the view holds Belfort's alone, still too many for points.
    expect(page.locator(STATUS)).to_have_text("50 événements dans cette vue.")
    counts = [int(text) for text in cells.all_inner_texts()]
    assert (sum(counts), len(counts) > 1) == (50, True)
    assert far.department_id == "59"


def test_map_popup_says_what_when_and_where(page, season):
    event = season.labelled()
    Event.objects.filter(pk=event.pk).update(title="<b>Visite</b>")
    season.copies(event, 1, east=0, title="Atelier au même endroit")
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("2 événements dans cette vue.")
    page.get_by_role("button", name="2 événements, Belfort (Territoire de Belfort)").click()
    lines = page.get_by_role("dialog").locator("li")
    when = page.locator("main .event-card .when").first.text_content()
    place = "Belfort (Territoire de Belfort)"
    expect(lines).to_have_text(
        [f"<b>Visite</b>{when}{place}", f"Atelier au même endroit{when}{place}"], use_inner_text=False
    )
    page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="2 événements, Belfort (Territoire de Belfort)").click()
    page.get_by_role("link", name="Atelier au même endroit").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Atelier au même endroit")


def test_map_shows_what_the_filters_leave(page, season):
    season.labelled()
    season.labelled(title="Job dating de la forge", format_code="job-dating")
    page.goto("/carte/?nature=job-dating")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    expect(page.locator("#resultats")).to_have_text("1 événement")


def test_map_shortcut_leads_overseas(page, season):
    season.labelled()
    season.labelled(title="Visite de la sucrerie", commune_code="97411")
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    expect(page.get_by_role("button", name="Visite de la fonderie")).to_be_visible()
    page.get_by_role("button", name="La Réunion").click()
    pin = page.get_by_role("button", name="Visite de la sucrerie, Saint-Denis (La Réunion)")
    expect(pin).to_be_visible()
    page.get_by_role("button", name="Métropole").click()
    expect(pin).to_have_count(0)
    expect(page.get_by_role("button", name="Visite de la fonderie")).to_be_visible()


def test_narrow_screen_loads_the_map_when_asked(season, open_page):
    season.labelled()
    page = open_page(viewport={"width": 360, "height": 780})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/carte/")
    show = page.get_by_role("button", name="Afficher la carte")
    expect(show).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    assert [url for url in asked if "donnees.json" in url or url.endswith(".topojson")] == []
    show.click()
    expect(page.locator("#map .pin")).to_be_visible()
    expect(page.locator("#map")).to_be_focused()
    expect(show).to_be_hidden()


def test_map_draws_the_departements_from_our_own_file(page, season):
    season.labelled()
    with page.expect_response("**/static/geo/france.topojson") as response:
        page.goto("/carte/")
    assert response.value.ok
    outlines = page.locator("#map path.outline")
    expect(outlines.first).to_be_attached()
    assert outlines.count() >= 96
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Contours : IGN, Natural Earth")


def test_map_says_that_its_data_did_not_come(season, open_page):
    season.labelled()
    page = open_page(expected=["503 (Service Unavailable)"])
    page.route("**/carte/donnees.json*", lambda route: route.fulfill(status=503))
    page.goto("/carte/")
    sentence = "Les événements n’ont pas pu être chargés sur la carte. La liste donne les mêmes résultats."
    expect(page.locator(STATUS)).to_have_text(sentence)
    expect(page.locator("main .event-card h3")).to_have_text("Visite de la fonderie")


def test_map_says_that_its_outlines_did_not_come(season, open_page):
    season.labelled()
    page = open_page(expected=["503 (Service Unavailable)"])
    page.route("**/france.topojson", lambda route: route.fulfill(status=503))
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_contain_text("Les contours des départements n’ont pas pu être chargés.")
    expect(page.locator("#map .pin")).to_be_visible()
