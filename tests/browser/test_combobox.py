"""The field that proposes communes: by keys, mouse or finger, heard as well as seen, and a plain field at worst."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_accessibility import Inspection

pytestmark = pytest.mark.browser

REUNION, SEINE = "Saint-Denis (974, La Réunion)", "Saint-Denis (93, Seine-Saint-Denis)"
BELFORT = "Belfort (90, Territoire de Belfort)"
# What the form of a field would send for it, its code under another name included.
SENT = """(field) => Object.fromEntries(
    [...new FormData(field.form)].filter(([name]) => [field.name, "pres"].includes(name)))"""
NARROW = {"width": 360, "height": 780}


@pytest.fixture(autouse=True)
def _style_page(season, settings):
    settings.ROOT_URLCONF = "tests.browser.style_urls"
    for code in ("90010", "93066", "97411"):
        factories.commune(code)


@pytest.fixture
def field(page):
    page.goto("/style/")
    return page.get_by_label("Près de")


def listbox(field):
    return field.page.locator(f"#{field.get_attribute('id')}-list")


def proposed(field, *labels):
    """The list is open and proposes these."""
    expect(listbox(field).get_by_role("option")).to_have_text(labels)
    expect(field).to_have_attribute("aria-expanded", "true")


def closed(field):
    expect(listbox(field)).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")


def reached(field):
    """Return the text of the option that the keys have reached, as a screen reader follows it."""
    option = field.get_attribute("aria-activedescendant")
    selected = listbox(field).locator("[aria-selected=true]").all_text_contents()
    return field.page.locator(f"#{option}").text_content() if option else None, selected


def test_keys_choose_a_commune_and_send_its_code(page, field):
    field.press_sequentially("st de")
    proposed(field, SEINE, REUNION)
    assert reached(field) == (None, [])
    where = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        where.append(reached(field)[0])
    assert where == [SEINE, REUNION, SEINE, REUNION, SEINE, REUNION]
    page.keyboard.press("Enter")
    closed(field)
    expect(field).to_have_value(REUNION)
    expect(field).to_be_focused()
    assert page.url.endswith("/style/")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "pres=97411" in page.url
    assert "ou=" not in page.url


def test_nothing_is_chosen_unasked(page, field):
    field.press_sequentially("belf")
    proposed(field, BELFORT)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    closed(field)
    expect(field).not_to_be_focused()
    assert field.evaluate(SENT) == {"ou": "belf"}
    field.press("Enter")
    page.wait_for_url("**ou=belf**")


def test_left_right_home_and_end_are_the_carets(page, field):
    field.press_sequentially("belf")
    proposed(field, BELFORT)
    for key, caret in (("Home", 0), ("End", 4), ("ArrowLeft", 3), ("ArrowRight", 4)):
        page.keyboard.press("ArrowDown")
        assert reached(field) == (BELFORT, [BELFORT])
        page.keyboard.press(key)
        assert (field.evaluate("(one) => one.selectionStart"), reached(field)) == (caret, (None, []))


def test_arrow_opens_the_list_again(page, field):
    field.press_sequentially("belf")
    proposed(field, BELFORT)
    page.keyboard.press("Escape")
    closed(field)
    page.keyboard.press("Alt+ArrowDown")
    proposed(field, BELFORT)
    assert reached(field) == (None, [])
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    proposed(field, BELFORT)
    assert reached(field) == (BELFORT, [BELFORT])


def test_escape_closes_the_list_then_the_filters(open_page):
    page = open_page(viewport=NARROW)
    page.goto("/style/")
    page.get_by_role("button", name="Filtrer").click()
    field = page.get_by_label("Près de")
    field.press_sequentially("belf")
    proposed(field, BELFORT)
    page.keyboard.press("Escape")
    closed(field)
    expect(field).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_screen_reader_is_told_what_happens(page, field):
    status = field.locator("xpath=following-sibling::*[@role='status']")
    expect(field).to_have_role("combobox")
    expect(field).to_have_accessible_name("Près de")
    expect(field).to_have_accessible_description("Commune ou code postal")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-controls", "commune-ou-list")
    closed(field)
    for text, said in (
        ("saint", "2 communes proposées"),
        ("belf", "1 commune proposée"),
        ("introuvable", "Aucune commune proposée"),
        ("b", ""),
    ):
        field.fill(text)
        expect(status).to_have_text(said)
    closed(field)
    field.fill("belf")
    expect(page.get_by_role("listbox", name="Communes proposées")).to_be_visible()
    expect(status).to_have_attribute("role", "status")


def test_mouse_chooses_and_the_code_goes_with_the_text(page, field):
    field.press_sequentially("97400")
    page.get_by_role("option", name="Saint-Denis (97400, La Réunion)").click()
    closed(field)
    expect(field).to_be_focused()
    assert field.evaluate(SENT) == {"pres": "97411"}
    page.keyboard.press("Backspace")
    assert field.evaluate(SENT) == {"ou": "Saint-Denis (97400, La Réunion"}
    page.keyboard.type(")")
    assert field.evaluate(SENT) == {"pres": "97411"}
    field.fill("")
    assert field.evaluate(SENT) == {"ou": ""}


def test_finger_chooses_among_large_options(open_page):
    page = open_page(viewport=NARROW, has_touch=True, is_mobile=True)
    page.goto("/style/")
    page.get_by_role("button", name="Filtrer").tap()
    field = page.get_by_label("Près de")
    field.tap()
    before = page.get_by_role("button", name="Afficher les résultats").bounding_box()
    field.press_sequentially("saint")
    proposed(field, SEINE, REUNION)
    assert page.get_by_role("button", name="Afficher les résultats").bounding_box() == before
    options = listbox(field).get_by_role("option")
    assert [box["height"] >= 44 for box in (each.bounding_box() for each in options.all())] == [True, True]
    options.last.tap()
    expect(field).to_have_value(REUNION)
    closed(field)


def test_field_that_came_with_a_code_keeps_it_until_the_text_changes(page):
    page.goto("/style/")
    field = page.get_by_label("Commune", exact=True)
    assert field.evaluate(SENT) == {"ville": "90010"}
    field.fill("Saint-Denis")
    assert field.evaluate(SENT) == {"ville": "Saint-Denis"}
    field.evaluate("(one) => one.form.reset()")
    assert field.evaluate(SENT) == {"ville": "90010"}


def test_page_that_is_gone_back_to_sends_what_it_shows(page, field):
    field.press_sequentially("belf")
    page.get_by_role("option", name=BELFORT).click()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.go_back()
    codes = {"": {"ou": ""}, BELFORT: {"pres": "90010"}}
    assert field.evaluate(SENT) == codes[field.input_value()]
    field.fill("belf")
    proposed(field, BELFORT)


def test_field_without_an_answer_stays_a_plain_one(open_page):
    page = open_page(expected=["503 (Service Unavailable)"])
    page.route("**/communes.json*", lambda route: route.fulfill(status=503))
    page.goto("/style/")
    field = page.get_by_label("Près de")
    with page.expect_response("**/communes.json*"):
        field.press_sequentially("belf")
    field.press("ArrowDown")
    closed(field)
    with page.expect_navigation():
        field.press("Enter")
    assert "ou=belf" in page.url


def test_question_is_dropped_when_nobody_waits_for_it(page, field):
    page.route("**/communes.json?q=belf", lambda route: None)
    drops = (lambda: page.keyboard.press("Tab"), lambda: field.fill("st d"))
    for drop in drops:
        with page.expect_request("**/communes.json?q=belf"):
            field.fill("belf")
        with page.expect_event("requestfailed") as dropped:
            drop()
        assert dropped.value.failure == "net::ERR_ABORTED"
    proposed(field, SEINE, REUNION)


def test_field_without_javascript_sends_its_text(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/style/")
    field = page.get_by_label("Près de")
    field.fill("Belfort")
    field.press("Enter")
    page.wait_for_url("**ou=Belfort**")


def test_field_of_a_renewed_page_proposes_too(page, field):
    page.evaluate("""() => {
        const copy = document.querySelector("#commune-ville").cloneNode();
        copy.id = "commune-neuve";
        document.querySelector("#commune-ville").closest(".combobox").replaceChildren(copy);
        for (const root of [document.querySelector("main"), undefined]) {
            document.dispatchEvent(new CustomEvent("renewed", { detail: { root } }));
        }
    }""")
    renewed = page.locator("#commune-neuve")
    renewed.fill("belf")
    proposed(renewed, BELFORT)
    assert page.locator("#commune-neuve ~ [role=listbox]").count() == 1
    expect(field).to_have_role("combobox")


def test_open_list_has_no_accessibility_fault(page):
    page.goto("/style/")
    inspection = Inspection(page)

    def propose(field):
        field.fill("saint")
        proposed(field, SEINE, REUNION)
        page.keyboard.press("ArrowDown")

    inspection.look("the list", lambda page: propose(page.get_by_label("Commune", exact=True)))
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="Filtrer").click()
    propose(page.get_by_label("Près de"))
    inspection.look("the list over the filters", widths=[360])
    inspection.assert_nothing_found()
