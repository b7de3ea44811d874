"""Everything works without JavaScript: scripts only shorten the way."""

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


def test_organizer_adds_a_slot_without_losing_what_was_typed(season, plain_page):
    organizer = factories.user()
    factories.organization(organizer)
    factories.commune("90010")
    page = plain_page(organizer)
    page.goto("/espace/evenements/nouveau/")
    page.get_by_label("Titre").fill("Deux matins à la fonderie")
    page.get_by_label("Code postal").fill("90000")
    page.get_by_label("Commune").fill("Belfort")
    page.get_by_label("Grand public").check()
    _fill_slot(page, 0, season.day(3))
    page.get_by_role("button", name="Ajouter un créneau").click()

    expect(page.get_by_label("Titre")).to_have_value("Deux matins à la fonderie")
    expect(page.get_by_label("Grand public")).to_be_checked()
    expect(page.locator("#id_slots-0-start")).to_have_value("09:00")
    expect(page.locator(".errors, .error-summary")).to_have_count(0)
    assert not Event.objects.exists()
    _fill_slot(page, 1, season.day(4))
    page.get_by_role("button", name="Enregistrer", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("Votre événement est enregistré.")
    event = Event.objects.get()
    assert [slot.first_day for slot in event.slots.all()] == [season.day(3), season.day(4)]
    assert (event.title, event.commune.name) == ("Deux matins à la fonderie", "Belfort")


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
    expect(page.locator(".messagelist")).to_contain_text("L’organisateur est prévenu par courriel.")
    event.refresh_from_db()
    assert event.status == Status.LABELLED
