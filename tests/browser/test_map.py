"""The map: what the server counted, words for who does not see it, and nothing from another machine."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from events.map_box import snapped
from events.models import Event
from semaine.text import thousands

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
    rest = f"{when}Belfort (Territoire de Belfort){event.organizer_name}Visite d’entreprise · Entrée libre"
    expect(lines).to_have_text(
        [f"<b>Visite</b>{rest}", f"Atelier au même endroit{rest}"], use_inner_text=False
    )
    approximate = "Position approximative : centre de la commune."
    expect(page.get_by_role("dialog").get_by_text(approximate)).to_have_count(1)
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
    expect(page.get_by_role("button", name="Visite de la fonderie, Belfort")).to_be_visible()
    page.get_by_label("Aller à").select_option("La Réunion")
    pin = page.get_by_role("button", name="Visite de la sucrerie, Saint-Denis (La Réunion)")
    expect(pin).to_be_visible()
    page.get_by_label("Aller à").select_option("Métropole")
    expect(pin).to_have_count(0)
    expect(page.get_by_role("button", name="Visite de la fonderie, Belfort")).to_be_visible()


def test_narrow_screen_loads_the_map_when_asked(season, open_page):
    season.labelled()
    page = open_page(viewport={"width": 360, "height": 780})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/carte/")
    show = page.get_by_role("button", name="Afficher la carte")
    expect(show).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    assert [url for url in asked if "donnees.json" in url or url.endswith(".topo.json")] == []
    show.click()
    expect(page.locator("#map .pin")).to_be_visible()
    expect(page.locator("#map")).to_be_focused()
    expect(show).to_be_hidden()


def test_map_draws_the_departements_from_our_own_file(page, season):
    season.labelled()
    with page.expect_response("**/static/geo/france.topo.json") as response:
        page.goto("/carte/")
    assert response.value.ok
    outlines = page.locator("#map path.outline")
    expect(outlines.first).to_be_attached()
    assert outlines.count() >= 96
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Contours : IGN, Natural Earth")


def test_outlines_are_drawn_once_the_first_events_are(page, season):
    season.labelled()
    page.add_init_script("""
      window.drawn = [];
      new MutationObserver(() => {
        for (const name of ["outline", "leaflet-marker-icon"]) {
          if (!drawn.includes(name) && document.querySelector(`#map .${name}`)) drawn.push(name);
        }
      }).observe(document, { childList: true, subtree: true });
    """)
    held = []
    page.route("**/donnees.json?*", lambda route: held.append(route))
    with page.expect_response("**/france.topo*.json"):
        page.goto("/carte/")
    held[0].continue_()
    expect(page.locator("#map .outline").first).to_be_attached()
    assert page.evaluate("drawn") == ["leaflet-marker-icon", "outline"]


@pytest.mark.parametrize("number", [0, 1, 999, 1000, 7400, 1234567])
def test_browser_and_server_write_a_number_alike(page, season, number):
    page.goto("/carte/")
    written = page.evaluate(
        'async (number) => (await import("/static/js/map_content.js")).plural(number)', number
    )
    assert written == f"{thousands(number)} événement{'s' if number > 1 else ''}"


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
    page.route("**/france.topo.json", lambda route: route.fulfill(status=503))
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_contain_text("Les contours des départements n’ont pas pu être chargés.")
    expect(page.locator("#map .pin")).to_be_visible()


def test_zone_of_the_map_becomes_the_zone_of_the_list(page, season):
    season.labelled()
    season.labelled(title="Visite de la sucrerie", commune_code="97411")
    page.goto("/carte/?q=visite&departement=90&departement=974")
    zone = page.get_by_role("link", name="Chercher dans cette zone")
    expect(page.locator("#map .pin, #map .cell")).to_have_count(2)
    expect(zone).to_be_hidden()
    page.get_by_label("Aller à").select_option("La Réunion")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    zone.click()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"q": ["visite"], "bbox": asked["bbox"]}
    west, south, east, north = map(float, asked["bbox"][0].split(","))
    assert (west < 55.1, south < -21.3, 55.9 < east < 57.5, -20.8 < north < -19.5) == (True,) * 4
    # The map opens on the zone and shows what is in it, until the visitor moves it again.
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    expect(page.get_by_role("button", name="Visite de la sucrerie, Saint-Denis (La Réunion)")).to_be_visible()
    expect(zone).to_be_hidden()


BOXES = [
    [6.83, 47.61, 6.91, 47.66],
    [6.863996, 47.638, 6.863996, 47.638],
    [-540, -90, 540, 90],
    [179.99, 0, 190, 1],
]


def test_browser_and_server_widen_a_box_alike(page, season):
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("0 événement dans cette vue.")
    find = """async (boxes) => {
      const { snapped } = await import("/static/js/map_view.js");
      return boxes.map(snapped);
    }"""
    assert page.evaluate(find, BOXES) == [
        ",".join(f"{side:.4f}" for side in snapped(tuple(box))) for box in BOXES
    ]


def test_popup_that_makes_room_for_itself_moves_no_zone(page, season):
    season.labelled()
    page.goto("/carte/?departement=90")
    page.locator("#map .pin").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#map-zone")).to_be_hidden()


def test_crowded_place_opens_as_a_list_that_leads_to_all(page, season):
    season.copies(season.labelled(), 49, east=0)
    page.goto("/carte/")
    place = page.get_by_role("button", name="50 événements, au même endroit", exact=True)
    place.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="50 événements, Belfort (Territoire de Belfort)")
    expect(popup.locator(".several")).to_have_text("50 événements ici")
    expect(popup.locator("li")).to_have_count(40)
    expect(popup.locator("li a").first).to_be_focused()
    popup.get_by_role("link", name="Voir les 50 événements d’ici en liste").click()
    assert parse_qs(urlsplit(page.url).query) == {"bbox": ["6.8600,47.6400,6.8600,47.6400"]}
    expect(page.locator("#resultats")).to_have_text("50 événements")


def test_around_me_goes_to_the_events_near_there(season, open_page):
    season.labelled()
    where = {"latitude": 47.637912, "longitude": 6.863321}
    page = open_page(geolocation=where, permissions=["geolocation"])
    page.goto("/carte/?q=visite&region=27&page=1")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**/carte/?q=visite&pres=47.638%2C6.863&rayon=30")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")


def test_around_me_says_what_to_do_when_refused(page, season):
    season.labelled()
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    expect(page.locator("#around-status")).to_be_empty()
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("#around-status")).to_have_text(
        "Votre navigateur n’a pas donné votre position. Autorisez-la dans ses réglages, "
        "ou choisissez une commune dans les filtres."
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (2, "Votre position n’a pas été trouvée. Choisissez une commune dans les filtres."),
        (3, "Votre position tarde trop à venir. Réessayez, ou choisissez une commune dans les filtres."),
    ],
)
def test_around_me_says_that_the_position_did_not_come(page, season, code, sentence):
    season.labelled()
    page.add_init_script(
        f"navigator.geolocation.getCurrentPosition = (found, failed) => failed({{ code: {code} }})"
    )
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("#around-status")).to_have_text(sentence)


def test_narrow_screen_goes_between_map_and_list(season, open_page):
    season.copies(season.labelled(), 8)
    page = open_page(viewport={"width": 360, "height": 640})
    page.goto("/carte/")
    switch = page.get_by_role("navigation", name="Carte ou liste")
    switch.get_by_role("link", name="Liste").click()
    expect(page.locator("#resultats")).to_be_in_viewport()
    expect(page.locator("#carte")).not_to_be_in_viewport()
    switch.get_by_role("link", name="Carte").click()
    expect(page.locator("#map-plain svg")).to_be_in_viewport()


def test_wide_screen_shows_map_and_list_side_by_side(page, season):
    season.labelled()
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    drawn, listed = (page.locator(each).bounding_box() for each in ("#map", "#liste"))
    assert (drawn["x"] + drawn["width"] < listed["x"], abs(drawn["y"] - listed["y"]) < 2) == (True, True)
    expect(page.get_by_role("navigation", name="Carte ou liste")).to_be_hidden()
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_label("Mots")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Mots")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 768])
def test_map_takes_the_place_of_the_drawing_without_a_shift(season, open_page, width):
    season.labelled()
    plain = open_page(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = open_page(viewport={"width": width, "height": 900})
    for each in (plain, page):
        each.goto("/carte/")
    expect(page.locator("#map .pin")).to_be_visible()
    expect(page.locator("#map-plain")).to_be_hidden()
    assert plain.locator(".map-frame").bounding_box() == page.locator(".map-frame").bounding_box()


def test_drawing_without_script_leads_to_a_departement(season, open_page):
    season.labelled()
    season.labelled(title="Visite du port", commune_code="59350")
    page = open_page(java_script_enabled=False)
    page.goto("/carte/?q=visite")
    page.locator("#map-plain a").last.click()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["visite"], "departement": ["90"]}
    expect(page.locator("#resultats")).to_have_text("1 événement")
    page.get_by_text("Les mêmes nombres en liste").click()
    expect(page.locator(".france-list a")).to_have_text(["Territoire de Belfort : 1 événement"])


def test_other_filters_renew_the_map_with_the_list(page, season):
    season.labelled()
    season.labelled(title="Job dating de la forge", format_code="job-dating", commune_code="59350")
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_have_text("2 événements dans cette vue.")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_label("Département").select_option("59")
    page.get_by_role("button", name="Afficher les résultats").click()
    expect(page.locator("#resultats")).to_have_text("1 événement")
    expect(page.locator(STATUS)).to_have_text("1 événement dans cette vue.")
    # Around the result, near enough to read its place alone.
    expect(page.get_by_role("button", name="Job dating de la forge, Lille (Nord)")).to_be_in_viewport()
    expect(page.locator("#map-zone")).to_be_hidden()
    page.get_by_role("link", name="Retirer le filtre : Nord").click()
    expect(page.locator(STATUS)).to_have_text("2 événements dans cette vue.")


TILE = b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><path fill="#dde" d="M0 0h256v256H0z"/></svg>'


def test_tiles_of_a_service_lie_under_the_outlines(page, season, live_server, settings):
    settings.TILE_URL = f"{live_server.url}/tuiles/{{z}}/{{x}}/{{y}}"
    settings.TILE_ATTRIBUTION = "© Service de tuiles"
    season.labelled()
    page.route("**/tuiles/**", lambda route: route.fulfill(body=TILE, content_type="image/svg+xml"))
    page.goto("/carte/")
    expect(page.locator("#map img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator("#map")).to_have_class(re.compile(r"\bwith-tiles\b"))
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("© Service de tuiles")
    expect(page.locator("#map .pin")).to_be_visible()


def test_map_goes_on_without_its_tile_service(season, open_page, live_server, settings):
    settings.TILE_URL = f"{live_server.url}/tuiles/{{z}}/{{x}}/{{y}}"
    season.labelled()
    page = open_page(expected=["503 (Service Unavailable)"])
    page.route("**/tuiles/**", lambda route: route.fulfill(status=503))
    page.goto("/carte/")
    expect(page.locator(STATUS)).to_contain_text("1 événement dans cette vue.")
    expect(page.locator(STATUS)).to_contain_text(
        "Le fond de carte ne répond pas : la carte continue avec les seuls contours."
    )
    expect(page.locator("#map img")).to_have_count(0)
    expect(page.locator("#map .pin")).to_be_visible()
