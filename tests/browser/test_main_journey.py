"""From an empty account to an event in the programme, as people do it, with the mails that really go out."""

import json
import time
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from events.models import Event
from organizers.models import OfficeMembership
from semaine.dates import day_words, period_words
from tests import factories
from tests.sessions import digits, with_factor

pytestmark = pytest.mark.browser

ADDRESS = "martin@example.org"
PASSWORD = "une-phrase-bien-longue-7"
TITLE = "Coulée d’aluminium chez Martin"
SLUG = "coulee-d-aluminium-chez-martin"
SECONDS_TO_BE_SEEN = 3
PURPOSE = "Je confirme que l’événement fait connaître l’industrie."


@pytest.fixture
def exits(season, live_server):
    """Every way out of the site, by its address; true for those that show the event now."""
    page = f"/evenements/{season.year}/{SLUG}"
    paths = [
        f"{page}/",
        f"{page}.ics",
        "/",
        "/programme/",
        f"/programme/?q={quote('aluminium')}",
        f"/programme/?du={season.day(3)}&au={season.day(3)}",
        f"/editions/{season.year}/",
        "/carte/",
        "/carte/donnees.json?bbox=6.5,47.3,7.2,48.0&zoom=12",
    ]
    return lambda: {path: _shows_event(live_server.url + path) for path in paths}


def _shows_event(url: str) -> bool:
    try:
        with urlopen(url) as response:
            text = response.read().decode()
    except HTTPError as error:
        error.close()
        if error.code != 404:
            raise
        return False
    if ".json" in url:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return TITLE in text.replace("\r\n ", "")


def test_journey_from_sign_up_to_the_programme(season, open_page, mailbox_of, exits):
    season.labelled(title="Visite de la forge")  # so that the lists hold something else
    right, stranger = factories.referent(territory="90"), factories.referent(territory="59")
    organizer, mailbox = open_page(), mailbox_of(ADDRESS)

    _sign_up(organizer, mailbox)
    _create_organization(organizer)
    _propose(organizer, season)
    assert mailbox.next().subject == f"Votre événement est envoyé : {TITLE}"

    event = Event.objects.get(title=TITLE)
    _is_hidden_from(open_page(stranger, expected=["404 (Not Found)"]), event)
    referent = open_page()
    _sign_in_as_referent(referent, right)
    _ask_for_changes(referent)
    mail = mailbox.next()
    assert mail.subject == f"Votre événement est à compléter : {TITLE}"

    _complete(organizer, mail)
    assert mailbox.next().subject == f"Votre événement est envoyé : {TITLE}"

    assert set(exits().values()) == {False}
    _is_refused_without_the_purpose(referent)
    assert set(exits().values()) == {False}
    _label(referent)
    _is_seen_everywhere(exits)
    mail = mailbox.next()
    assert mail.subject == f"Votre événement est labellisé : {TITLE}"
    assert f"SI-{season.year}-90-0002" in mail.text
    assert mailbox.left == 0


def _sign_up(page, mailbox):
    page.goto("/espace/")
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre messagerie")

    mail = mailbox.next()
    assert mail.subject == "Activez votre compte"
    page.goto(mail.link)
    page.get_by_label("Mot de passe (facultatif)").fill(PASSWORD)
    page.get_by_label("Mot de passe, une seconde fois (facultatif)").fill(PASSWORD)
    page.get_by_role("button", name="Oui, c’est la mienne").click()


def _create_organization(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes organisations")
    page.get_by_role("link", name="Ajouter une organisation").click()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de l’organisation").fill("Fonderie Martin")
    page.get_by_label("Type").select_option(label="Entreprise")
    page.get_by_label("Code postal du siège").fill("90000")
    page.get_by_label("Commune du siège").fill("belfort")
    page.get_by_role("button", name="Créer l’organisation").click()
    expect(page.get_by_role("status").first).to_contain_text("« Fonderie Martin » est créée.")


def _propose(page, season):
    """Go through the steps with a day too far, read why that may not be, correct, check, and send."""
    factories.commune("90010")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Nature").select_option(label="Visite d’entreprise")
    page.get_by_label("Résumé").fill("Le métal fond, coule et devient une pièce.")
    _go_on(page, "Quand ?")
    page.get_by_label("Jour", exact=True).fill(f"{season.day(60)}")
    page.get_by_label("Début").fill("09:00")
    page.get_by_label("Fin").fill("11:30")
    _go_on(page, "Dans quel lieu ?")
    page.get_by_label("Code postal").fill("90000")
    page.get_by_role("combobox", name="Commune").fill("Belfort")
    _go_on(page, "Pour qui, et comment ?")
    page.get_by_label("Grand public").check()
    page.get_by_role("group", name="L’événement est-il gratuit ?").get_by_label("Oui").check()
    page.get_by_label("Entrée libre").check()
    _go_on(page, TITLE)

    window = period_words(season.edition.label_from, season.edition.label_until)
    found = day_words(season.day(60), year=True)
    refusal = f"Trop tôt ou trop tard : {found}. Les dates labellisables vont {window}."
    expect(page.locator(".findings .failed")).to_have_count(1)
    expect(page.locator(".findings .failed")).to_contain_text(refusal)
    expect(page.get_by_role("button", name="Envoyer au référent")).to_have_count(0)

    page.get_by_role("link", name="Corriger").click()
    expect(page.locator("#id_slots")).to_be_in_viewport()
    page.get_by_label("Jour", exact=True).first.fill(f"{season.day(3)}")
    expect(page.locator("[data-live=verdict] .failed")).to_have_count(0)
    page.get_by_role("link", name="Vérifier et envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".findings .failed")).to_have_count(0)
    page.get_by_role("button", name="Envoyer au référent").click()
    expect(page.get_by_role("status")).to_contain_text("Votre événement est envoyé à votre référent.")


def _go_on(page, heading):
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def _is_hidden_from(page, event):
    assert OfficeMembership.objects.filter(office__department="59").exists()
    assert page.goto(f"/admin/events/event/{event.pk}/examiner/").status == 404
    assert page.goto(f"/admin/events/event/{event.pk}/change/").status == 404
    assert page.goto("/admin/events/event/").status == 200
    expect(page.locator("#content")).not_to_contain_text(TITLE)


def _sign_in_as_referent(page, agent):
    factories.verified(agent)
    with_factor(agent)
    page.goto("/admin/events/event/")
    page.get_by_label("Adresse électronique").fill(agent.email)
    page.get_by_label("Mot de passe").fill("motdepasse-1234")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seconde étape")
    page.get_by_label("Code").fill(digits())
    page.get_by_role("button", name="Vérifier le code").click()


def _ask_for_changes(page):
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_label("Message à l’organisateur").fill("À quel bâtiment se présenter ?")
    page.get_by_role("button", name="Demander des compléments").click()
    expect(page.locator(".messagelist")).to_contain_text(f"C’est fait : « {TITLE} ».")


def _complete(page, mail):
    assert "À quel bâtiment se présenter ?" in mail.text
    page.goto(mail.link)
    expect(page.locator(".history")).to_contain_text("À quel bâtiment se présenter ?")
    page.get_by_role("link", name="Corriger l’événement").click()
    page.get_by_role("link", name="Le lieu").click()
    page.get_by_label("Nom du lieu").fill("Bâtiment B")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Votre événement est enregistré.")
    page.get_by_role("link", name="Vérifier et envoyer").click()
    page.get_by_role("button", name="Envoyer au référent").click()
    expect(page.get_by_role("status").first).to_contain_text("Votre événement est envoyé à votre référent.")


def _is_refused_without_the_purpose(page):
    page.reload()
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".facts").first).to_contain_text("Bâtiment B")
    page.get_by_label("Message à l’organisateur").fill("Bienvenue au programme.")
    page.get_by_role("button", name="Accorder le label").click()
    expect(page.get_by_role("alert")).to_have_text("Confirmez que l’événement fait connaître l’industrie.")
    expect(page.get_by_label("Message à l’organisateur")).to_have_value("Bienvenue au programme.")


def _label(page):
    page.get_by_label(PURPOSE).check()
    page.get_by_role("button", name="Accorder le label").click()


def _is_seen_everywhere(exits):
    deadline = time.monotonic() + SECONDS_TO_BE_SEEN
    while False in (seen := exits()).values() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert {path for path, shown in seen.items() if not shown} == set()
