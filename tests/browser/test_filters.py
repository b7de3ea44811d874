"""The filters: the list renews without a page load, and the address always tells the whole state."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def programme(season):
    """Two visits in Belfort, a job dating in Lille."""
    season.labelled()
    season.labelled(title="Atelier de soudure")
    season.labelled(title="Job dating de la forge", format_code="job-dating", commune_code="59350")
    return season


def heading(page):
    return page.locator("#resultats")


def mark(page):
    """Leave a mark that a page load would wipe out."""
    page.evaluate("() => { window.sameDocument = true }")


def is_same_document(page) -> bool:
    return page.evaluate("() => window.sameDocument === true")


def test_choice_renews_list_counts_title_and_address(page, programme):
    page.goto("/programme/")
    mark(page)
    page.locator("summary", has_text="Nature").click()
    page.get_by_label("Job dating").check()
    expect(heading(page)).to_have_text("1 événement")
    expect(page).to_have_url(re.compile(r"/programme/\?nature=job-dating$"))
    expect(page).to_have_title(f"Programme {programme.year}, 1 événement – Semaine de l’industrie")
    expect(page.locator("#annonce")).to_have_text("1 événement")
    expect(page.locator('option[value="90"]')).to_have_text("Territoire de Belfort (90) : 0")
    expect(page.locator('[data-count="nature-visite"]')).to_have_text("2 événements")
    expect(page.get_by_label("Job dating")).to_be_focused()
    assert is_same_document(page)


def test_search_renews_and_leads_to_the_results(page, programme):
    page.goto("/programme/")
    mark(page)
    page.get_by_label("Mots").fill("soud")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("1 événement")
    expect(heading(page)).to_be_focused()
    assert is_same_document(page)


def test_history_goes_back_through_the_states(page, programme):
    page.goto("/programme/?departement=90")
    mark(page)
    page.get_by_role("link", name="Retirer le filtre").click()
    expect(heading(page)).to_have_text("3 événements")
    expect(page.locator("#filtre-departement")).to_have_value("")
    page.go_back()
    expect(heading(page)).to_have_text("2 événements")
    expect(page.locator("#filtre-departement")).to_have_value("90")
    page.go_forward()
    expect(heading(page)).to_have_text("3 événements")
    assert is_same_document(page)


def test_wrong_answer_of_the_server_loads_the_page_itself(open_page, programme):
    page = open_page(expected=("500",))
    page.goto("/programme/")
    mark(page)
    answers = iter([500, 200])

    def once(route):
        status = next(answers)
        route.fulfill(status=500, body="") if status == 500 else route.continue_()

    page.route("**/programme/?q=*", once)
    page.get_by_label("Mots").fill("soudure")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("1 événement")
    assert not is_same_document(page)


def test_phone_filters_in_a_panel_of_their_own(open_page, programme):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto("/programme/")
    expect(page.get_by_label("Mots")).to_be_hidden()
    page.get_by_role("button", name="Filtrer").tap()
    page.locator("summary", has_text="Nature").tap()
    page.get_by_label("Job dating").tap()
    expect(page.locator("#annonce")).to_have_text("1 événement")
    page.get_by_role("button", name="Afficher les résultats").tap()
    expect(page.get_by_label("Mots")).to_be_hidden()
    expect(heading(page)).to_be_focused()
    expect(page.get_by_role("button", name="Filtrer")).to_have_text("Filtrer 1 filtre actif")


def test_typo_leads_to_the_word_that_was_meant(page, programme):
    page.goto("/programme/?q=saudure")
    expect(heading(page)).to_have_text("0 événement")
    page.get_by_role("link", name=re.compile("Essayez")).click()
    expect(heading(page)).to_have_text("1 événement")
    expect(page.get_by_label("Mots")).to_have_value("soudure")


def test_typed_place_is_asked_about_when_it_is_unclear(open_page, programme):
    for code in ("93066", "97411"):
        factories.commune(code)
    programme.labelled(title="Visite en La Réunion", commune_code="97411")
    page = open_page(java_script_enabled=False)
    page.goto("/programme/")
    page.get_by_label("Près de").fill("saint denis")
    page.get_by_role("button", name="Afficher les résultats").click()
    expect(heading(page)).to_have_text("0 événement")
    page.get_by_role("link", name="Saint-Denis (974, La Réunion)").click()
    expect(heading(page)).to_have_text("1 événement")
    expect(page).to_have_url(re.compile(r"/programme/\?.*pres=97411"))


def test_typed_place_leads_to_its_code(open_page, programme):
    page = open_page(java_script_enabled=False)
    page.goto("/programme/")
    page.get_by_label("Près de").fill("59800")
    page.get_by_role("button", name="Afficher les résultats").click()
    expect(page).to_have_url(re.compile(r"/programme/\?rayon=30&pres=59350$"))
    expect(heading(page)).to_have_text("1 événement")
    page.get_by_role("link", name="Par distance").click()
    expect(page.get_by_label("Près de")).to_have_value("Lille (59, Nord)")


def test_link_within_the_page_renews_nothing(page, season):
    season.labelled()
    page.goto("/programme/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Aller aux résultats").focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_be_focused()
    page.go_back()
    page.wait_for_url("**/programme/")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert asked == []
