"""The home page and the frame of every page, on a phone, with large text, and while loading."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 780}
OVERFLOW = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
# Text whose box hides a part of it, and is not there for screen readers alone.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
  const style = getComputedStyle(element);
  return style.overflow !== "visible" && style.clipPath === "none" && style.webkitLineClamp === "none"
    && element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 80))"""
SHIFTS = """() => new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.hadRecentInput ? 0 : shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => tell(sum)));
})"""


def test_search_of_the_home_page_leads_to_the_programme(season, page):
    season.labelled(title="Visite de la fonderie")
    page.goto("/")
    page.get_by_role("searchbox", name="Quoi").fill("fonderie")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("heading", level=3)).to_have_text("Visite de la fonderie")


def test_door_of_an_audience_leads_to_its_programme(season, page):
    season.labelled(title="Visite des scolaires", audience_codes=["scolaires"])
    season.labelled(title="Visite du soir", audience_codes=["grand-public"])
    page.goto("/")
    page.get_by_role("link", name="Je suis au collège ou au lycée").click()
    expect(page.get_by_role("heading", level=3)).to_have_text("Visite des scolaires")


def test_search_is_on_the_first_screen_of_a_phone(season, open_page):
    page = open_page(viewport=PHONE)
    page.goto("/")
    expect(page.get_by_role("button", name="Rechercher")).to_be_in_viewport(ratio=1)


def test_menu_of_a_phone_opens_and_closes_by_keyboard_without_javascript(season, open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/labelliser/")
    link = page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Programme")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


def test_header_of_a_phone_leaves_the_screen_to_the_page(season, open_page):
    page = open_page(viewport=PHONE)
    page.goto("/programme/")
    assert page.locator(".site-header").bounding_box()["height"] <= 110


@pytest.mark.parametrize("width", [360, 1280])
def test_text_twice_as_large_is_neither_cut_nor_wider_than_the_page(season, open_page, width):
    event = season.labelled(title="Visite de la chaudronnerie industrielle")
    page = open_page(viewport={"width": width, "height": 900})
    faults = {}
    for path in ("/", "/programme/", event.get_absolute_url(), "/labelliser/"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        faults[path] = (page.evaluate(OVERFLOW), page.evaluate(CUT))
    assert faults == dict.fromkeys(faults, (0, []))


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_a_page_loads(season, open_page, width):
    event = season.labelled()
    page = open_page(viewport={"width": width, "height": 900})
    jumps = {}
    for path in ("/", "/programme/", event.get_absolute_url(), "/labelliser/"):
        page.goto(path)
        page.evaluate("document.fonts.ready")
        jumps[path] = round(page.evaluate(SHIFTS), 2)
    assert jumps == dict.fromkeys(jumps, 0)
