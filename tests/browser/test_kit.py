"""The kit and the report in a real browser: by keyboard, with and without scripts, and for who does not see."""

import pypdf
import pytest
from playwright.sync_api import expect

from events.models import AttendanceReport
from tests import factories
from tests.browser.test_accessibility import inspect  # noqa: F401
from tests.browser.test_keyboard import press_until

pytestmark = pytest.mark.browser

LISTEN = """() => addEventListener("paste", (event) => {
  window.pasted = ["text/html", "text/plain"].map((type) => event.clipboardData.getData(type));
})"""


@pytest.fixture
def organizer(season):
    person = factories.user()
    factories.organization(person)
    return person


def yesterday(season, organizer):
    return season.labelled(organizer, slots=[season.slot(-1)])


def test_kit_and_report_have_no_accessibility_fault(season, organizer, inspect):  # noqa: F811
    event, over = season.labelled(organizer), yesterday(season, organizer)
    draft = season.draft(organizer)
    inspection = inspect(organizer)
    inspection.go(f"/espace/evenements/{event.pk}/kit/")
    inspection.page.locator("summary", has_text="Le code HTML").click()
    inspection.look("the kit with its code")
    inspection.go(f"/espace/evenements/{draft.pk}/kit/", status=404)
    inspection.go(f"/espace/evenements/{event.pk}/bilan/")
    inspection.go(f"/espace/evenements/{over.pk}/bilan/")
    inspection.page.get_by_label("Part de filles et de femmes").fill("150")
    inspection.send(
        inspection.page.get_by_role("button", name="Enregistrer le bilan"), "the report with errors"
    )
    inspection.assert_nothing_found()


def test_keyboard_leads_from_the_event_to_its_poster(season, organizer, open_page):
    event = season.labelled(organizer)
    page = open_page(organizer)
    page.goto(f"/espace/evenements/{event.pk}/")
    press_until(page, "Kit de communication")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre kit de communication")
    # The pictures of the files are made one after the other: a page left early would still ask for them.
    page.wait_for_load_state("load")
    press_until(page, "Affiche A4")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "visite-de-la-fonderie-affiche-a4.pdf"
    assert len(pypdf.PdfReader(download.value.path()).pages) == 1


def test_keyboard_fills_the_report_in(season, organizer, open_page):
    event = yesterday(season, organizer)
    page = open_page(organizer)
    page.goto(f"/espace/evenements/{event.pk}/")
    press_until(page, "Faire le bilan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui est venu\u00a0?")
    press_until(page, "total")
    page.keyboard.type("30")
    press_until(page, "women_share")
    page.keyboard.type("40")
    press_until(page, "Enregistrer le bilan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Votre bilan est enregistré.")).to_be_visible()
    assert list(AttendanceReport.objects.values_list("event", "total", "women_share")) == [(event.pk, 30, 40)]


def test_signature_is_copied_with_its_look_and_as_text(season, organizer, open_page):
    event = season.labelled(organizer)
    page = open_page(organizer, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/espace/evenements/{event.pk}/kit/")
    page.get_by_role("button", name="Copier la signature").click()
    expect(page.get_by_role("status")).to_have_text("Copié.")
    page.evaluate(LISTEN)
    page.keyboard.press("Control+V")
    html, text = page.wait_for_function("() => window.pasted").json_value()
    assert text == page.locator("#signature-texte").input_value()
    assert (html.count("border-left: 4px solid #b03a0c"), html.count("Visite de la fonderie</a>")) == (1, 1)


def test_kit_without_scripts_shows_the_signature_and_no_dead_button(season, organizer, open_page):
    event = season.labelled(organizer)
    page = open_page(organizer, java_script_enabled=False)
    page.goto(f"/espace/evenements/{event.pk}/kit/")
    expect(page.locator(".signature")).to_contain_text("Visite de la fonderie")
    expect(page.get_by_role("button", name="Copier la signature")).to_be_hidden()
    page.locator("summary", has_text="Le code HTML").click()
    expect(page.get_by_label("Texte simple")).to_be_visible()
