"""Everything works without JavaScript: scripts only shorten the way."""

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from events.enums import Status
from events.models import Event
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(open_page):
    """Return a function that opens a page where no script runs."""
    return lambda user=None: open_page(user, java_script_enabled=False)


def test_visitor_goes_from_home_to_the_calendar_file(season, plain_page, live_server):
    season.labelled()
    season.labelled(title="Atelier de soudure")
    page = plain_page()
    page.goto("/")
    page.get_by_role("searchbox", name="Quoi").fill("soudure")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#resultats")).to_have_text("1 événement")
    page.get_by_role("link", name="Atelier de soudure", exact=True).click()
    address = page.get_by_role("link", name="Ajouter à mon agenda").get_attribute("href")
    with urlopen(live_server.url + address) as response:
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "SUMMARY:Atelier de soudure" in response.read().decode()


def test_programme_is_filtered(season, plain_page):
    season.labelled()
    season.labelled(title="Job dating de la forge", format_code="job-dating", commune_code="59350")
    page = plain_page()
    page.goto("/programme/")
    expect(page.locator("#resultats")).to_have_text("2 événements")
    page.get_by_label("Département").select_option("59")
    page.locator("summary", has_text="Nature").click()
    page.get_by_label("Job dating").check()
    page.get_by_role("button", name="Afficher les résultats").click()
    expect(page.locator("#resultats")).to_have_text("1 événement")
    expect(page.locator("main .event-card h3")).to_have_text("Job dating de la forge")
    expect(page.get_by_label("Job dating")).to_be_checked()
    page.get_by_role("list", name="Filtres actifs").get_by_role("link", name="Tout effacer").click()
    expect(page.locator("#resultats")).to_have_text("2 événements")


def test_map_page_lists_the_same_events(season, plain_page):
    season.labelled()
    page = plain_page()
    page.goto("/carte/")
    expect(page.locator("main .event-card h3")).to_have_text("Visite de la fonderie")
    for part in ("#map", "#map-shortcuts", "#show-map"):
        expect(page.locator(part)).to_be_hidden()


def test_organizer_goes_through_the_steps_and_loses_nothing(season, plain_page):
    organizer = factories.user()
    factories.organization(organizer)
    factories.commune("90010")
    page = plain_page(organizer)
    page.goto("/espace/evenements/nouveau/")
    page.get_by_label("Titre").fill("Deux matins à la fonderie")
    page.get_by_label("Résumé").fill("La coulée, de près.")
    page.locator("#id_description").fill("**Au programme**")
    page.get_by_role("button", name="Voir la mise en forme").click()
    expect(page.locator(".prose strong")).to_have_text("Au programme")
    assert not Event.objects.exists()
    _go_on(page, "Quand ?")
    _fill_slot(page, 0, season.day(3))
    page.get_by_role("button", name="Ajouter un créneau").click()
    expect(page.locator("#id_slots-0-start")).to_have_value("09:00")
    expect(page.locator(".errors, .error-summary")).to_have_count(0)
    for name, value in (("first_day", season.day(4)), ("last_day", season.day(5))):
        page.locator(f"#id_{name}").fill(f"{value}")
    page.locator("#id_from_hour").fill("14:00")
    page.locator("#id_to_hour").fill("16:00")
    page.get_by_role("button", name="Ajouter ces créneaux et enregistrer").click()
    expect(page.locator("#id_slots-2-start")).to_have_value("14:00")
    expect(page.locator(".month .chosen")).to_have_count(3)
    _finish_elsewhere(season, plain_page(organizer), Event.objects.get())


def _finish_elsewhere(season, page, event):
    """Another day, on another device."""
    page.goto("/espace/")
    page.get_by_role("link", name=event.title).click()
    page.get_by_role("link", name="Modifier", exact=True).click()
    expect(page.get_by_label("Résumé")).to_have_value("La coulée, de près.")
    page.get_by_role("link", name="Le lieu").click()
    page.get_by_label("Code postal").fill("90000")
    page.get_by_label("Commune").fill("Atlantide")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_label("Commune")).to_have_value("Atlantide")
    expect(page).to_have_title(re.compile("^Erreur"))
    page.get_by_label("Commune").fill("Belfort")
    page.get_by_label("Latitude").fill("47,645")
    page.get_by_label("Longitude").fill("6.87")
    _go_on(page, "Pour qui, et comment ?")
    page.get_by_label("Grand public").check()
    page.get_by_role("group", name="L’événement est-il gratuit ?").get_by_label("Oui").check()
    page.get_by_label("Entrée libre").check()
    _go_on(page, event.title)
    page.get_by_role("button", name="Envoyer au référent").click()
    expect(page.get_by_role("status")).to_contain_text("Votre événement est envoyé à votre référent.")
    event.refresh_from_db()
    assert (event.status, event.commune.name, event.latitude) == (Status.SUBMITTED, "Belfort", 47.645)
    assert [slot.first_day for slot in event.slots.all()] == [season.day(3), season.day(4), season.day(5)]


def _go_on(page, heading):
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def _fill_slot(page, number, day):
    for name, value in (("day", day), ("start", "09:00"), ("end", "11:00")):
        page.locator(f"#id_slots-{number}-{name}").fill(f"{value}")


def test_referent_decides(season, plain_page):
    referent = factories.referent(territory="90")
    event = season.submitted()
    page = plain_page(referent)
    page.goto("/admin/events/event/")
    page.get_by_role("link", name=event.title).click()
    page.get_by_label("Je confirme que l’événement fait connaître l’industrie.").check()
    page.get_by_role("button", name="Accorder le label").click()
    expect(page.locator(".messagelist")).to_contain_text(
        "L’organisateur sera prévenu par courriel dans une minute."
    )
    event.refresh_from_db()
    assert event.status == Status.LABELLED
