"""The maps of the pages of territories and of « Ma sélection »: the list's equals, loaded once they are wanted."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STATUS = "#map-status"
PHONE = {"width": 360, "height": 780}
LATER = ("leaflet", "donnees.json", ".topo.json", "map.js")
BELFORT = "Visite de la fonderie, Belfort (Territoire de Belfort)"


def asked_of(page) -> list[str]:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def selection(*events) -> str:
    return "/ma-selection/?" + "&".join(f"e={event.uid}" for event in events)


@pytest.mark.parametrize("address", ["/territoires/r27/", "/territoires/r27/d90/"])
def test_territory_shows_its_own_events_on_its_map(page, season, address):
    season.labelled()
    season.labelled(title="Visite du port", commune_code="59350")
    page.goto(address)
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    page.get_by_role("button", name=BELFORT).click()
    lines = page.get_by_role("dialog").locator("li")
    expect(lines).to_have_count(1)
    when = page.locator("main .event-card .when").text_content()
    expect(lines).to_contain_text(when)
    page.get_by_role("dialog").get_by_role("link", name="Visite de la fonderie").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Visite de la fonderie")


def test_crowded_place_of_a_territory_leads_to_its_list_on_the_map_page(page, season):
    season.copies(season.labelled(), 49, east=0)
    page.goto("/territoires/r27/")
    page.get_by_role("button", name="50 événements, au même endroit", exact=True).click()
    page.get_by_role("link", name="Voir les 50 événements d’ici en liste").click()
    expect(page).to_have_url("/carte/?bbox=6.8600%2C47.6400%2C6.8600%2C47.6400#carte")
    expect(page.locator("#resultats")).to_have_text("50 événements")


def test_territory_on_a_phone_loads_its_map_when_asked(season, open_page):
    season.labelled()
    page = open_page(viewport=PHONE)
    asked = asked_of(page)
    page.goto("/territoires/r27/", wait_until="networkidle")
    show = page.get_by_role("button", name="Afficher la carte")
    expect(show).to_be_visible()
    assert [url for url in asked if any(part in url for part in LATER)] == []
    show.click()
    expect(page.locator("#map .pin")).to_be_visible()
    expect(page.locator("#map")).to_be_focused()
    expect(show).to_be_hidden()
    assert all(any(part in url for url in asked) for part in LATER)


def test_map_that_cannot_be_loaded_says_so(season, open_page):
    season.labelled()
    page = open_page(expected=["503 (Service Unavailable)"])
    page.route("**/leaflet/**", lambda route: route.fulfill(status=503))
    page.goto("/territoires/r27/d90/")
    sentence = "La carte n’a pas pu être chargée. La page donne les mêmes événements en liste."
    expect(page.locator(STATUS)).to_have_text(sentence)
    expect(page.locator("main .event-card h3")).to_have_text("Visite de la fonderie")


@pytest.mark.parametrize("width", [1280, 768])
def test_map_of_a_region_takes_the_place_of_its_drawing_without_a_shift(season, open_page, width):
    season.labelled()
    plain = open_page(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = open_page(viewport={"width": width, "height": 900})
    for each in (plain, page):
        each.goto("/territoires/r27/")
    expect(page.locator("#map .pin")).to_be_visible()
    expect(page.locator("#map-plain")).to_be_hidden()
    assert plain.locator(".map-frame").bounding_box() == page.locator(".map-frame").bounding_box()


def test_without_javascript_a_region_is_drawn_and_nothing_else_is_promised(season, open_page):
    event = season.labelled()
    page = open_page(java_script_enabled=False)
    page.goto("/territoires/r27/")
    page.locator("#map-plain a").click()
    expect(page).to_have_url("/territoires/r27/d90/")
    expect(page.get_by_text("Sur la carte")).to_be_hidden()
    page.goto(selection(event))
    expect(page.get_by_text("Sur la carte")).to_be_hidden()
    expect(page.locator(".plan h3")).to_have_text("Visite de la fonderie")


def test_selection_shows_its_events_on_a_map_beside_the_list(season, open_page):
    page = open_page(viewport={"width": 1280, "height": 1400})
    chosen = [season.labelled(), season.labelled(title="Visite du port", commune_code="59350")]
    season.labelled(title="Pas choisie")
    asked = asked_of(page)
    page.goto(selection(*chosen))
    expect(page.locator(STATUS)).to_have_text("2 événements dans cette vue.")
    port = page.get_by_role("button", name="Visite du port, Lille (Nord)")
    expect(port).to_be_in_viewport(ratio=1)
    belfort = page.get_by_role("button", name=BELFORT)
    expect(belfort).to_be_in_viewport(ratio=1)
    listed, drawn = (page.locator(each).bounding_box() for each in (".plan-days", "#map"))
    assert listed["x"] + listed["width"] < drawn["x"]
    belfort.press("Enter")
    expect(page.get_by_role("dialog").locator("li a")).to_be_focused()
    expect(page.get_by_role("dialog").locator("li")).to_contain_text("9 h–11 h")
    page.keyboard.press("Escape")
    expect(belfort).to_be_focused()
    # Its points came with the page: which events somebody chose is asked of nobody.
    assert [url for url in asked if "donnees.json" in url] == []


def test_selection_on_a_phone_loads_its_map_when_asked(season, open_page):
    event = season.labelled()
    page = open_page(viewport=PHONE)
    asked = asked_of(page)
    page.goto(selection(event), wait_until="networkidle")
    assert [url for url in asked if any(part in url for part in LATER)] == []
    page.get_by_role("button", name="Afficher la carte").click()
    expect(page.get_by_role("button", name=BELFORT)).to_be_visible()
    expect(page.locator("#map")).to_be_focused()


def test_selection_is_printed_without_its_map(page, season):
    page.goto(selection(season.labelled()))
    expect(page.locator("#map .pin")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#map")).to_be_hidden()
    expect(page.get_by_text("Sur la carte")).to_be_hidden()
    expect(page.locator(".plan h3")).to_be_visible()
