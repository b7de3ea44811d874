"""An account in a real browser: passkeys with the browser's own virtual key, codes by mail, every page by axe."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import expect

from semaine.models import OutboxMessage
from tests import factories
from tests.browser.test_accessibility import Inspection

pytestmark = pytest.mark.browser

PASSWORD = "motdepasse-1234"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def camille(season):
    person = factories.user("camille@example.org")
    factories.organization(person)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def with_key(page, **options):
    """Give the browser a key of its own, and return how to speak to it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    number = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | options})
    return devtools, number["authenticatorId"]


def add_key(page, name="Mon téléphone"):
    page.goto("/compte/securite/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de la clé").fill(name)
    expect(page.get_by_label("Me connecter avec cette clé seule")).to_be_checked()
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes codes de secours")


def heading(page):
    return expect(page.get_by_role("heading", level=1))


def test_key_is_added_signs_in_and_is_removed(camille, open_page):
    page = open_page(camille)
    devtools, number = with_key(page)
    add_key(page)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert (key.user, key.wrap().name, key.wrap().is_passwordless) == (camille, "Mon téléphone", True)
    page.get_by_role("button", name="Se déconnecter").click()

    page.goto("/compte/connexion/?next=/compte/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    heading(page).to_have_text("Mon compte")
    expect(page.locator(".facts")).to_contain_text("Mon téléphone")

    page.get_by_role("link", name="Gérer ma connexion").click()
    page.get_by_role("link", name="Renommer Mon téléphone").click()
    # It has been a while since it said who is there: it says so again, and the password would not do.
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_label("Nom de la clé").fill("Ma clé USB")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Retirer Ma clé USB").click()
    page.get_by_role("button", name="Retirer la clé").click()
    expect(page.get_by_role("status")).to_contain_text("La clé est retirée.")
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})


def test_key_is_the_second_step_of_a_password(camille, open_page):
    page = open_page(camille)
    with_key(page)
    add_key(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/compte/connexion/?next=/compte/")
    page.get_by_label("Adresse électronique").fill(camille.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    heading(page).to_have_text("Seconde étape")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    heading(page).to_have_text("Mon compte")


def test_key_confirms_who_is_there(camille, open_page):
    page = open_page(camille)
    with_key(page)
    add_key(page)
    page.goto("/compte/confirmer/cle/?next=/compte/adresse/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    heading(page).to_have_text("Changer d’adresse électronique")


def test_key_that_does_not_answer_is_said_in_french(camille, open_page):
    page = open_page()
    with_key(page, isUserVerified=False)
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page.get_by_role("alert")).to_have_text(
        "La clé n’a pas répondu, ou vous avez annulé. Vous pouvez réessayer."
    )


def test_keys_say_that_they_need_javascript(camille, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/compte/connexion/")
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_have_count(0)
    expect(page.get_by_text("Les clés d’accès demandent JavaScript")).to_be_visible()


def test_code_by_mail_needs_no_javascript(camille, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/compte/connexion/?next=/compte/")
    page.get_by_role("link", name="Recevoir un code par courriel").click()
    page.get_by_label("Adresse électronique").fill(camille.email)
    page.get_by_role("button", name="Recevoir le code").click()
    heading(page).to_have_text("Écrire le code")
    text = OutboxMessage.objects.get().text
    page.get_by_label("Code").fill(re.search(r"^[A-Z0-9-]{4,12}$", text, re.MULTILINE).group())
    page.get_by_role("button", name="Se connecter", exact=True).click()
    heading(page).to_have_text("Mon compte")


def test_account_is_deleted_without_javascript(camille, open_page):
    camille.organizations.get().delete()
    page = open_page(camille, java_script_enabled=False)
    page.goto("/compte/")
    page.get_by_role("link", name="Supprimer mon compte").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    heading(page).to_have_text("Supprimer mon compte ?")
    page.get_by_role("button", name="Supprimer mon compte").click()
    expect(page.get_by_role("status")).to_contain_text("Votre compte est supprimé.")
    camille.refresh_from_db()
    assert camille.name == "Compte supprimé"


def test_pages_of_the_account_have_no_accessibility_fault(camille, open_page):
    EmailAddress.objects.create(user=camille, email="nouvelle@example.org")
    inspection = Inspection(open_page(camille))
    for path in (
        "/compte/",
        "/compte/adresse/",
        "/compte/connexions/",
        "/compte/confirmer/?next=/compte/",
        "/compte/mot-de-passe/changer/",
        "/compte/securite/",
    ):
        inspection.go(path)
    inspection.page.goto("/compte/")
    inspection.page.get_by_label("Téléphone").fill("12")
    inspection.send(inspection.page.get_by_role("button", name="Enregistrer"), "the account with errors")
    inspection.assert_nothing_found()


def test_pages_of_the_second_factor_have_no_accessibility_fault(camille, open_page):
    page = open_page(camille)
    with_key(page)
    add_key(page)
    inspection = Inspection(page)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    inspection.look("the recovery codes")
    for path in (
        "/compte/supprimer/",
        "/compte/securite/",
        "/compte/securite/cles/ajouter/",
        f"/compte/securite/cles/{key.pk}/nom/",
        f"/compte/securite/cles/{key.pk}/retirer/",
        "/compte/securite/application/",
        "/compte/securite/codes/nouveaux/",
        "/compte/confirmer/cle/?next=/compte/",
        "/compte/confirmer/code/?next=/compte/",
    ):
        inspection.go(path)
    TOTP.activate(camille, generate_totp_secret())
    inspection.go("/compte/securite/application/retirer/")
    inspection.assert_nothing_found()


def test_pages_of_the_ways_in_have_no_accessibility_fault(camille, open_page):
    TOTP.activate(camille, generate_totp_secret())
    RecoveryCodes.activate(camille)
    inspection = Inspection(open_page())
    page = inspection.page
    inspection.go("/compte/connexion/code/")
    page.get_by_label("Adresse électronique").fill(camille.email)
    inspection.send(page.get_by_role("button", name="Recevoir le code"), "the code")
    inspection.send(page.get_by_role("button", name="Se connecter", exact=True), "the code with errors")
    page.get_by_role("button", name="Se connecter autrement").click()
    page.get_by_label("Adresse électronique").fill(camille.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    inspection.send(page.get_by_role("button", name="Se connecter", exact=True), "the second step")
    inspection.send(page.get_by_role("button", name="Vérifier le code"), "the second step with errors")
    inspection.assert_nothing_found()
