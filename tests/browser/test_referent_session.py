"""A whole morning of a referent: twenty files by keyboard alone, a conflict, a double, an undone decision, a group."""

from collections import Counter

import pytest
from playwright.sync_api import expect

from events import drafting
from events.enums import Status
from events.models import Event
from semaine.models import OutboxMessage
from tests import factories
from tests.sessions import digits, with_factor

pytestmark = pytest.mark.browser

QUEUE = "/admin/events/event/"
BY_KEYBOARD = 20


@pytest.fixture
def agent(season):
    agent = factories.verified(factories.referent(territory="90"))
    with_factor(agent)
    return agent


def sign_in(page, agent):
    page.goto(QUEUE)
    page.get_by_label("Adresse électronique").fill(agent.email)
    page.get_by_label("Mot de passe").fill("motdepasse-1234")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Code", exact=True).fill(digits())
    page.get_by_role("button", name="Vérifier le code").click()


def label_by_keys(page, title):
    """Grant the label of the file that is open: three keys."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("[data-file-region]")).to_be_focused()
    for key in ("l", "Space", "Enter"):
        page.keyboard.press(key)


def label(page):
    page.get_by_label("Je confirme").check()
    page.get_by_role("button", name="Accorder le label").click()


def test_morning_of_a_referent(season, open_page, agent):
    files = [season.submitted(title=f"Forge {number:02}") for number in range(BY_KEYBOARD)]
    kept, double = season.submitted(title="Salle des fours"), season.submitted(title="Salle des fours !")
    left = [season.submitted(title=f"Usinage {number}", commune_code="90010") for number in range(3)]
    page = open_page()
    sign_in(page, agent)
    expect(page.get_by_role("heading", name="25 dossiers")).to_be_visible()

    page.get_by_role("link", name="Forge 00", exact=True).focus()
    page.keyboard.press("Enter")
    for number, file in enumerate(files):
        if number == 7:
            _organizer_saves_while_it_is_read(page, file, season)
        else:
            label_by_keys(page, f"Forge {number:02}")

    expect(page.get_by_role("heading", level=1)).to_have_text("Salle des fours")
    page.get_by_role("link", name="Comparer et regrouper").first.click()
    page.get_by_role("button", name=f"dossier {kept.pk}").click()
    expect(page.locator(".messagelist")).to_contain_text("est regroupé avec celui-ci")
    label(page)
    page.get_by_role("button", name="Annuler cette décision").click()
    expect(page.locator(".messagelist")).to_contain_text("L’organisateur n’a reçu aucun courriel.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Salle des fours")
    label(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Usinage 0")

    page.goto(QUEUE)
    page.get_by_label("Tout cocher sur cette page").check()
    page.get_by_role("button", name="Décider pour la sélection").click()
    expect(page.get_by_role("heading", name="3 dossiers à décider")).to_be_visible()
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Accorder le label").click()
    expect(page.get_by_role("table").get_by_text("Oui")).to_have_count(2)

    assert Counter(Event.objects.values_list("status", flat=True)) == {
        Status.LABELLED: BY_KEYBOARD + 3,
        Status.MERGED: 1,
        Status.SUBMITTED: 1,
    }
    numbers = Event.objects.exclude(label_number=None).values_list("label_number", flat=True)
    assert sorted(numbers) == [f"SI-{season.year}-90-{each:04}" for each in range(1, BY_KEYBOARD + 4)]
    assert Event.objects.get(pk=double.pk).merged_into == kept
    assert _mails() == {
        "Votre événement est envoyé": BY_KEYBOARD + 5,
        "Votre événement est labellisé": BY_KEYBOARD + 3,
        "Votre événement est regroupé avec un autre": 1,
        "Un autre événement est regroupé avec le vôtre": 1,
    }
    _public_sees(open_page, files, kept, left)


def _organizer_saves_while_it_is_read(page, file, season):
    expect(page.get_by_role("heading", level=1)).to_have_text(file.title)
    drafting.revise(
        file, by=file.created_by, at=season.now, values={"title": "Forge sept"}, version=file.version
    )
    expect(page.locator("[data-file-region]")).to_be_focused()
    for key in ("l", "Space", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".since-read")).to_contain_text("Forge sept")
    label(page)


def _mails():
    subjects = OutboxMessage.objects.values_list("subject", flat=True)
    return Counter(each.split("\u00a0: ")[0] for each in subjects)


def _public_sees(open_page, files, kept, left):
    visitor = open_page()
    visitor.goto("/programme/")
    expect(visitor.locator("#liste h2").first).to_contain_text(f"{len(files) + 3} événements")
    for event in (files[0], files[7], kept):
        event.refresh_from_db()
        visitor.goto(event.get_absolute_url())
        expect(visitor.get_by_role("heading", level=1)).to_have_text(event.title)
    assert [each.slug for each in Event.objects.filter(pk=left[2].pk)] == [""]
