"""The steps in a real browser: saved while one types, judged at once, and nothing lost offline or signed out."""

import re

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from events.models import Event
from tests import factories

pytestmark = pytest.mark.browser

SAVED = re.compile("Enregistré à")


@pytest.fixture
def organizer(season):
    person = factories.user()
    factories.organization(person)
    return person


@pytest.fixture
def draft(season, organizer):
    return season.draft(organizer)


def saved(page):
    return page.locator("[data-autosaved]")


def step_of(event, step):
    return f"/espace/evenements/{event.pk}/{step}/"


def test_first_words_are_saved_and_another_device_goes_on(season, organizer, open_page):
    page = open_page(organizer)
    page.goto("/espace/evenements/nouveau/")
    page.get_by_label("Titre").fill("Visite de la forge")
    expect(saved(page)).to_have_text(SAVED)
    event = Event.objects.get()
    expect(page).to_have_url(re.compile(re.escape(step_of(event, "quoi"))))
    page.get_by_label("Résumé").fill("Le fer, le feu et le geste.")
    expect(page.locator("[data-live=verdict] .failed", has_text="Présentation")).to_have_count(0)

    other = open_page(organizer)
    other.goto(step_of(event, "quoi"))
    expect(other.get_by_label("Résumé")).to_have_value("Le fer, le feu et le geste.")
    other.get_by_role("button", name="Enregistrer et continuer").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Quand ?")
    assert Event.objects.count() == 1


def test_verdict_and_steps_follow_what_is_typed(draft, organizer, open_page):
    page = open_page(organizer)
    page.goto(step_of(draft, "qui"))
    page.get_by_role("group", name="L’événement est-il gratuit ?").get_by_label("Non").check()
    fault = page.locator("[data-live=verdict] .failed")
    expect(fault).to_contain_text("Seul un événement gratuit peut recevoir le label.")
    expect(page.get_by_role("navigation", name="Étapes")).to_contain_text("À compléter : gratuité")
    page.get_by_role("group", name="L’événement est-il gratuit ?").get_by_label("Oui").check()
    expect(fault).to_have_count(0)


def test_days_are_shown_on_the_calendar_as_they_are_chosen(season, draft, organizer, open_page):
    page = open_page(organizer)
    page.goto(step_of(draft, "quand"))
    expect(page.locator(".month .chosen")).to_have_count(1)
    page.locator("#id_slots-0-day").fill(f"{season.day(60)}")
    expect(page.locator("[data-live=window] .notice")).to_contain_text("Hors des dates labellisables")


def test_button_pressed_at_once_is_no_conflict_with_what_saves_itself(draft, organizer, open_page):
    page = open_page(organizer)
    page.goto(step_of(draft, "quoi"))
    for number in range(3):
        page.get_by_label("Titre").fill(f"Titre {number}")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Votre événement est enregistré.")
        expect(page.get_by_label("Titre")).to_have_value(f"Titre {number}")


def test_who_leaves_by_a_link_has_saved_first(draft, organizer, open_page):
    page = open_page(organizer)
    page.goto(step_of(draft, "quoi"))
    page.get_by_label("Titre").fill("Parti sans bouton")
    page.get_by_role("link", name="Le lieu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dans quel lieu ?")
    draft.refresh_from_db()
    assert draft.title == "Parti sans bouton"


def test_what_is_typed_offline_is_kept_and_sent_when_the_network_is_back(draft, organizer, open_page):
    page = open_page(organizer, expected=["ERR_INTERNET_DISCONNECTED"])
    page.goto(step_of(draft, "quoi"))
    page.context.set_offline(True)
    page.get_by_label("Titre").fill("Tapé dans le train")
    expect(saved(page)).to_contain_text("Pas de connexion")
    page.context.set_offline(False)
    expect(saved(page)).to_have_text(SAVED)
    draft.refresh_from_db()
    assert draft.title == "Tapé dans le train"


def test_what_never_reached_the_server_is_offered_at_the_next_visit(draft, organizer, open_page):
    page = open_page(organizer, expected=["ERR_INTERNET_DISCONNECTED"])
    page.goto(step_of(draft, "quoi"))
    page.context.set_offline(True)
    page.get_by_label("Titre").fill("Tapé avant la panne")
    expect(saved(page)).to_contain_text("Pas de connexion")
    page.close()
    context = page.context
    context.set_offline(False)
    page = context.new_page()
    page.goto(step_of(draft, "quoi"))
    expect(page.get_by_label("Titre")).to_have_value("Visite de la fonderie")
    page.get_by_role("button", name="Reprendre ma saisie").click()
    expect(page.get_by_label("Titre")).to_have_value("Tapé avant la panne")
    expect(saved(page)).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_role("button", name="Reprendre ma saisie")).to_be_hidden()


def test_session_that_ends_loses_no_word(draft, organizer, open_page):
    EmailAddress.objects.create(user=organizer, email=organizer.email, verified=True, primary=True)
    page = open_page(organizer, expected=["401 (Unauthorized)"])
    page.goto(step_of(draft, "quoi"))
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Titre").fill("Tapé sans session")
    expect(saved(page)).to_contain_text("Votre session a expiré.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_label("Adresse électronique").fill(organizer.email)
    page.get_by_label("Mot de passe").fill("motdepasse-1234")
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_label("Titre")).to_have_value("Tapé sans session")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Votre événement est enregistré.")
    draft.refresh_from_db()
    assert draft.title == "Tapé sans session"


def test_two_tabs_see_each_others_words(draft, organizer, open_page):
    first, second = open_page(organizer), open_page(organizer)
    for page in (first, second):
        page.goto(step_of(draft, "quoi"))
    first.get_by_label("Titre").fill("Premier onglet")
    expect(saved(first)).to_have_text(SAVED)
    second.get_by_label("Titre").fill("Second onglet")
    expect(saved(second)).to_contain_text("Cet événement a été modifié ailleurs")
    second.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(second.get_by_role("table", name="Ce qui n’est pas pareil")).to_contain_text("Premier onglet")
    expect(second.get_by_label("Titre")).to_have_value("Second onglet")
    second.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(second.get_by_role("status").first).to_contain_text("Votre événement est enregistré.")
    draft.refresh_from_db()
    assert draft.title == "Second onglet"


def test_point_is_dragged_with_the_mouse(draft, organizer, open_page):
    page = open_page(organizer)
    page.goto(step_of(draft, "ou"))
    pin = page.locator("#point-map .pin")
    pin.scroll_into_view_if_needed()
    box = pin.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=5)
    page.mouse.up()
    expect(page.locator("#map-status")).to_contain_text("Point déplacé")
    expect(saved(page)).to_have_text(SAVED)
    draft.refresh_from_db()
    assert draft.point_source == "hand"
    assert draft.longitude > 6.86
    assert draft.latitude < 47.64


def test_words_typed_before_the_script_came_are_saved_too(season, organizer, open_page):
    event = season.draft(organizer)
    page = open_page(organizer)
    waiting = []
    page.route("**/autosave.js", lambda route: waiting.append(route))
    with page.expect_request("**/autosave.js"):
        page.goto(f"/espace/evenements/{event.pk}/quoi/", wait_until="commit")
    page.get_by_label("Titre").fill("Visite de la forge")
    waiting[0].continue_()
    expect(page.locator("[data-autosaved]")).to_contain_text("Enregistré à")
    assert Event.objects.get().title == "Visite de la forge"
