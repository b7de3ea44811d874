"""Without a mouse: everything is reached, what has the focus is seen, and nothing keeps it."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.browser

MOST_TABS = 60
# The ring is drawn around the element, or around what enlarges it.
SEEN = """() => {
  // On the calendar's button inside a date field the browser draws its own ring.
  if (document.activeElement.type === "date") return true;
  const drawn = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
    style.boxShadow !== "none";
  return [null, "::before", "::after"].some((part) => drawn(getComputedStyle(document.activeElement, part)));
}"""
NAME = "() => (document.activeElement.innerText || document.activeElement.name || '').trim()"


def press_until(page, name: str):
    """Tab on to the element of this name, and see the focus at each step."""
    page.wait_for_load_state()  # the ring comes with the style sheet
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate(NAME) == name:
            return
    raise AssertionError(f"« {name} » is not within {MOST_TABS} tabs")


def test_keyboard_leads_from_home_to_the_calendar_file(page, season):
    season.labelled()
    page.goto("/")
    press_until(page, "Programme")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Programme {season.year}")
    press_until(page, "Visite de la fonderie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Visite de la fonderie")
    press_until(page, "Ajouter à mon agenda")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "visite-de-la-fonderie.ics"


def test_search_by_keyboard_finds_the_event(page, season):
    season.labelled()
    page.goto("/")
    press_until(page, "q")
    page.keyboard.type("fonderie")
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_have_text("1 événement")


def test_skip_links_lead_past_the_menu(page, season):
    season.labelled()
    page.goto("/programme/")
    press_until(page, "Aller au contenu")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    press_until(page, "Accueil")  # the first link of the content
    page.goto("/programme/")
    press_until(page, "Aller aux résultats")
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_be_focused()
    press_until(page, "Visite de la fonderie")


def test_map_popup_takes_the_focus_and_gives_it_back(page, season):
    season.labelled()
    page.goto("/carte/")
    pin = page.locator("#map .pin")
    pin.wait_for()
    page.locator("#map").focus()
    label = "Visite de la fonderie, Belfort (Territoire de Belfort)"
    tab_to(page, pin)
    assert pin.get_attribute("aria-label") == label
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name=label)
    expect(popup.get_by_role("link", name="Visite de la fonderie")).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(pin).to_be_focused()
    # Nothing keeps the focus: on it goes, out of the map.
    tab_to(page, page.locator("main .breadcrumb ~ * .event-card h3 a"))


def tab_to(page, target):
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN)
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not within {MOST_TABS} tabs")


def test_add_slot_button_adds_a_line_and_moves_the_focus(season, open_page):
    organizer = factories.user()
    event = season.draft(organizer)
    page = open_page(organizer)
    page.goto(f"/espace/evenements/{event.pk}/quand/")
    page.get_by_role("button", name="Ajouter un créneau").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#slots .slot")).to_have_count(3)
    expect(page.locator("#id_slots-2-day")).to_be_focused()
    expect(page.get_by_role("group", name="Créneau 3")).to_be_visible()
    for name, value in (("day", season.day(4)), ("start", "09:00"), ("end", "10:00")):
        page.locator(f"#id_slots-2-{name}").fill(f"{value}")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#id_slots-1-day")).to_have_value(f"{season.day(4)}")


def test_enter_in_a_step_saves_and_goes_on(season, open_page):
    organizer = factories.user()
    event = season.draft(organizer)
    page = open_page(organizer)
    page.goto(f"/espace/evenements/{event.pk}/quoi/")
    page.get_by_label("Titre").fill("Visite au clavier")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quand ?")
    press_until(page, "Le lieu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dans quel lieu ?")


def test_point_is_moved_with_the_arrows(season, open_page):
    organizer = factories.user()
    event = season.draft(organizer)
    page = open_page(organizer)
    page.goto(f"/espace/evenements/{event.pk}/ou/")
    pin = page.locator("#point-map .pin")
    pin.wait_for()
    page.locator("#point-map").focus()
    tab_to(page, pin)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#map-status")).to_have_text("Point déplacé : 47.64009, 6.86000.")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#id_longitude")).to_have_value("6.85867")
    tab_to(page, page.locator("#id_latitude"))
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("placé à la main")).to_be_visible()
    event.refresh_from_db()
    assert (event.latitude, event.longitude, event.point_source) == (47.64009, 6.85867, "hand")
