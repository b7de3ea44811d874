"""A referent's files by keyboard alone: to the list, into a file, decided, and on to the next one."""

import pytest
from playwright.sync_api import expect

from events.models import Event
from tests import factories

pytestmark = pytest.mark.browser

QUEUE = "/admin/events/event/"


@pytest.fixture
def page(season, open_page):
    for number in range(3):
        season.submitted(title=f"Forge {number}", slots=[season.slot(3 + number)])
    page = open_page(factories.referent(territory="90"))
    page.goto(QUEUE)
    expect(page.get_by_role("checkbox", name="Raccourcis clavier")).to_be_checked()
    return page


def link(page, number):
    return page.get_by_role("link", name=f"Forge {number}", exact=True)


def first(page):
    """Put the focus in the list, as the Tab key does."""
    link(page, 0).focus()


def decided():
    return dict(Event.objects.order_by("title").values_list("title", "status"))


def test_plain_file_takes_four_keys_from_the_list_to_the_next_file(page):
    first(page)
    page.keyboard.press("j")
    expect(link(page, 1)).to_be_focused()
    page.keyboard.press("k")
    expect(link(page, 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dossier 1 sur 3")).to_be_visible()
    expect(page.locator("[data-file-region]")).to_be_focused()
    for key in ("l", "Space", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("Forge 1")
    assert decided() == {"Forge 0": "labelled", "Forge 1": "submitted", "Forge 2": "submitted"}


def test_changes_are_requested_and_refused_by_keys(page):
    first(page)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("[data-file-region]")).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_text("Dossier 2 sur 3")).to_be_visible()
    expect(page.locator("[data-file-region]")).to_be_focused()
    page.keyboard.press("c")
    message = page.get_by_label("Message à l’organisateur")
    expect(message).to_be_focused()
    # In a field, letters are letters.
    page.keyboard.type("ljkrcnp ?")
    expect(message).to_have_value("ljkrcnp ?")
    page.get_by_role("button", name="Demander des compléments").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forge 2")
    expect(page.locator("[data-file-region]")).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_label("Règle qui n’est pas respectée")).to_be_focused()
    assert decided() == {"Forge 0": "submitted", "Forge 1": "changes_requested", "Forge 2": "submitted"}


def test_help_opens_and_the_switch_turns_the_keys_off_for_good(page):
    first(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("checkbox", name="Raccourcis clavier").uncheck()
    page.reload()
    expect(page.get_by_role("checkbox", name="Raccourcis clavier")).not_to_be_checked()
    first(page)
    page.keyboard.press("j")
    expect(link(page, 0)).to_be_focused()


def test_keys_outside_the_list_do_nothing(page):
    page.get_by_role("button", name="Filtrer").focus()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("button", name="Filtrer")).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_selection_is_decided_by_mouse(page):
    page.get_by_label("Tout cocher sur cette page").check()
    page.get_by_role("button", name="Décider pour la sélection").click()
    expect(page.get_by_role("heading", name="3 dossiers à décider")).to_be_visible()
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Accorder le label").click()
    expect(page.get_by_role("table").get_by_text("Oui")).to_have_count(2)
    assert sorted(decided().values()) == ["labelled", "labelled", "submitted"]
