"""The event's page in a browser: the address is shared, long lists unfold, and paper shows them whole."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# Chromium has no sheet of a device to share with on Linux.
A_DEVICE_THAT_SHARES = "navigator.share = async (data) => { document.title = JSON.stringify(data); }"


def test_address_is_copied(season, open_page, live_server):
    path = season.labelled().get_absolute_url()
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{path}?venu=d-ailleurs")
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.get_by_text("Adresse copiée.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}{path}"


def test_refused_copy_shows_the_address(season, open_page, live_server):
    path = season.labelled().get_absolute_url()
    page = open_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(path)
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.locator("[data-share-status]")).to_contain_text(f"Voici l’adresse : {live_server.url}{path}")


def test_device_shares_title_and_address(season, open_page, live_server):
    path = season.labelled().get_absolute_url()
    page = open_page()
    page.add_init_script(A_DEVICE_THAT_SHARES)
    page.goto(path)
    page.get_by_role("button", name="Partager").click()
    expect(page).to_have_title(f'{{"title":"Visite de la fonderie","url":"{live_server.url}{path}"}}')


def test_sharing_without_script_is_by_mail_only(season, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(season.labelled().get_absolute_url())
    expect(page.get_by_role("link", name="Envoyer à quelqu’un par courriel")).to_be_visible()
    for button in ("Copier l’adresse", "Partager"):
        expect(page.get_by_role("button", name=button)).to_be_hidden()


def test_folded_days_open_and_are_all_on_paper(season, page):
    event = season.labelled(slots=[season.slot(day) for day in range(1, 10)])
    page.goto(event.get_absolute_url())
    last = page.locator(".agenda li").last
    expect(last).not_to_be_visible()
    page.emulate_media(media="print")
    expect(last).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_text("Voir 5 autres jours").click()
    expect(last).to_be_visible()


def test_report_is_written_with_the_keyboard(season, page):
    event = season.labelled()
    page.goto(event.get_absolute_url())
    page.get_by_role("link", name="Signaler un problème").press("Enter")
    page.get_by_role("radio").first.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("La visite commence à 10 h.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre signalement est envoyé")
