"""Signing up and in with or without a password, and what a person changes in their own account."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from organizers.account_mails import MAILS
from organizers.accounts import AccountAdapter
from organizers.models import User
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_bad_input import plain, said_beside
from tests.html import faults

pytestmark = pytest.mark.django_db

PASSWORD = "motdepasse-1234"
NEW_PASSWORD = "fonderie-du-lac-1887"
ASK, WRITE = "/compte/connexion/code/", "/compte/connexion/code/saisie/"
SIGNUP, LOGIN, ACCOUNT, ADDRESS = (
    "/compte/inscription/",
    "/compte/connexion/",
    "/compte/",
    "/compte/adresse/",
)


@pytest.fixture
def person():
    person = factories.user("camille@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def signed_in(person, password=PASSWORD) -> Client:
    """A client that has just given its password again, as what touches an account's safety asks."""
    client = Client()
    client.force_login(person)
    client.post("/compte/confirmer/", {"password": password})
    return client


def code_of(message) -> str:
    return re.search(r"^[A-Z0-9-]{4,12}$", message.text, re.MULTILINE).group()


def link_of(message) -> str:
    return re.search(r"http://testserver(\S+)", message.text).group(1)


def last_mail() -> OutboxMessage:
    return OutboxMessage.objects.order_by("pk").last()


def said(response) -> list[str]:
    return plain([str(each) for each in response.context["messages"]])


def page_of(response) -> str:
    return unescape(response.content.decode())


# A code by mail.


def test_code_by_mail_signs_in_once(client, person):
    client.post(ASK, {"email": person.email})
    message = last_mail()
    code = code_of(message)
    assert (message.recipient, message.subject) == (person.email, "Votre code de connexion")
    assert code in message.html
    assert client.post(WRITE, {"code": code}).url == "/espace/"
    assert client.get("/compte/").context["user"] == person
    other = Client()
    other.post(ASK, {"email": person.email})
    assert said_beside(page_of(other.post(WRITE, {"code": code})), "code") == [
        "Ce code n’est pas le bon. Vérifiez-le, ou demandez-en un autre."
    ]


def test_code_is_of_no_use_in_another_browser(client, person):
    client.post(ASK, {"email": person.email})
    code = code_of(last_mail())
    assert Client().post(WRITE, {"code": code}).url == ASK


def test_code_is_refused_after_three_errors(client, person):
    client.post(ASK, {"email": person.email})
    code = code_of(last_mail())
    for _ in range(3):
        response = client.post(WRITE, {"code": "000000"}, follow=True)
    assert said(response)[-1] == "Trop d’essais. Attendez quelques minutes avant de réessayer."
    assert client.post(WRITE, {"code": code}).url == ASK


def test_code_is_refused_after_a_quarter_of_an_hour(client, person, time_machine):
    time_machine.move_to("2025-10-01 08:00+00:00")
    client.post(ASK, {"email": person.email})
    code = code_of(last_mail())
    time_machine.move_to("2025-10-01 08:16+00:00")
    assert client.post(WRITE, {"code": code}).url == ASK


def test_another_code_replaces_the_first(client, person):
    client.post(ASK, {"email": person.email})
    first = code_of(last_mail())
    client.post(WRITE, {"action": "resend"})
    second = code_of(last_mail())
    assert first != second
    client.post(WRITE, {"code": first})
    assert client.post(WRITE, {"code": second}).url == "/espace/"


def test_code_leads_back_to_the_page_that_was_asked(client, person):
    asked = client.post(ASK, {"email": person.email, "next": "/espace/organisation/"})
    assert asked.url == f"{WRITE}?next=%2Fespace%2Forganisation%2F"
    code = code_of(last_mail())
    response = client.post(WRITE, {"code": code, "next": "/espace/organisation/"})
    assert response.url == "/espace/organisation/"


def test_asking_for_a_code_tells_nothing_of_the_account(person):
    pages = {}
    for address in (person.email, "inconnu@example.org"):
        response = Client().post(ASK, {"email": address}, follow=True)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page_of(response))
        pages[address] = (response.redirect_chain, page.replace(address, "X"))
    assert pages[person.email] == pages["inconnu@example.org"]
    assert [(each.recipient, each.subject) for each in OutboxMessage.objects.order_by("pk")] == [
        (person.email, "Votre code de connexion"),
        ("inconnu@example.org", "Aucun compte à cette adresse"),
    ]


def test_wrong_code_tells_nothing_of_the_account(person):
    pages = {}
    for address in (person.email, "inconnu@example.org"):
        client = Client()
        client.post(ASK, {"email": address})
        page = re.sub(
            r'name="csrfmiddlewaretoken" value="\w+"', "", page_of(client.post(WRITE, {"code": "X"}))
        )
        pages[address] = page.replace(address, "X")
    assert pages[person.email] == pages["inconnu@example.org"]


def test_codes_for_an_address_are_limited(settings, person):
    del settings.ACCOUNT_RATE_LIMITS
    answers = [Client().post(ASK, {"email": person.email}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert said_beside(page_of(answers[3]), "email") == [
        "Trop d’essais. Attendez quelques minutes avant de réessayer."
    ]
    assert OutboxMessage.objects.count() == 3


def test_closed_account_gets_no_code(client, person):
    User.objects.update(is_active=False)
    client.post(ASK, {"email": person.email})
    assert last_mail().subject == "Aucun compte à cette adresse"


# Signing up.


def test_account_without_a_password_is_opened_by_its_link(client):
    client.post(SIGNUP, {"email": "camille@example.org"})
    message = last_mail()
    assert message.subject == "Activez votre compte"
    assert link_of(message) in message.html
    assert client.post(link_of(message)).url == "/espace/"
    person = User.objects.get()
    assert client.get(ACCOUNT).context["user"] == person
    assert not person.has_usable_password()


def test_new_account_chooses_its_password_where_its_link_leads(client):
    client.post(SIGNUP, {"email": "camille@example.org"})
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(link_of(last_mail()), data).url == "/espace/"
    assert client.get(ACCOUNT).status_code == 200
    assert Client().post(LOGIN, {"login": "camille@example.org", "password": NEW_PASSWORD}).url == "/espace/"


STRANGERS = {"email": "camille@example.org", "password1": PASSWORD, "password2": PASSWORD}


def opens(password) -> bool:
    response = Client().post(LOGIN, {"login": "camille@example.org", "password": password})
    return response.status_code == 302 and response.url == "/espace/"


def test_stranger_who_signed_up_first_has_no_way_in_after_a_code(client):
    stranger = Client()
    stranger.post(SIGNUP, STRANGERS)
    client.post(ASK, {"email": "camille@example.org"})
    assert client.post(WRITE, {"code": code_of(last_mail())}).url == "/espace/"
    assert not opens(PASSWORD)
    for path in (ACCOUNT, "/compte/verification/", SIGNUP, LOGIN):
        assert not stranger.get(path, follow=True).context["user"].is_authenticated


def test_account_that_a_stranger_asked_for_is_its_owners_all_the_same(client):
    stranger = Client()
    stranger.post(SIGNUP, STRANGERS)
    client.post(SIGNUP, {"email": "Camille@example.org"})
    assert [each.subject for each in OutboxMessage.objects.all()] == ["Activez votre compte"]
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(link_of(last_mail()), data).url == "/espace/"
    assert (opens(PASSWORD), opens(NEW_PASSWORD), User.objects.count()) == (False, True, 1)
    assert not stranger.get(ACCOUNT, follow=True).context["user"].is_authenticated


def test_link_that_changes_an_address_sets_no_password(person):
    person.set_unusable_password()
    person.save()
    client = signed_in(person)
    client.post(ADDRESS, {"email": "nouvelle@example.org", "action_add": ""})
    link = link_of(last_mail())
    assert client.get(link).context["form"] is None
    client.post(link, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert (person.email, person.has_usable_password()) == ("nouvelle@example.org", False)


def test_link_of_a_new_account_signs_nobody_in_elsewhere(client):
    client.post(SIGNUP, {"email": "camille@example.org"})
    elsewhere = Client()
    assert elsewhere.post(link_of(last_mail())).url == LOGIN
    assert elsewhere.get(ACCOUNT).url == f"{LOGIN}?next={ACCOUNT}"


def test_signing_up_again_tells_nothing_and_writes_to_the_owner(client, person):
    fresh = Client().post(SIGNUP, {"email": "nouvelle@example.org"})
    again = Client().post(SIGNUP, {"email": person.email})
    assert (again.status_code, again.url) == (fresh.status_code, fresh.url)
    assert (last_mail().recipient, last_mail().subject) == (person.email, "Vous avez déjà un compte")


def test_signing_up_again_and_again_with_an_address_is_one_mail_an_hour(person, time_machine):
    for hour in (8, 9):
        time_machine.move_to(f"2025-10-01 {hour:02}:00+00:00")
        for _ in range(4):
            cache.clear()  # where the other limit is counted: it may be away
            Client().post(SIGNUP, {"email": person.email})
            Client().post(ASK, {"email": "inconnu@example.org"})
    assert [each.subject for each in OutboxMessage.objects.order_by("pk")] == [
        "Vous avez déjà un compte",
        "Aucun compte à cette adresse",
    ] * 2


# Name, phone, address, password.

LINKS = (
    "Impots.gouv.fr : remboursement sur http://evil.example",
    "Camille www.evil.example",
    "evil.example/x",
    "Camille http：／／evil.example",
)


@pytest.mark.parametrize("name", LINKS)
def test_name_that_leads_to_a_site_is_explained_and_kept(person, name):
    response = signed_in(person).post(ACCOUNT, {"name": name, "phone": ""})
    [sentence] = plain(said_beside(page_of(response), "name"))
    assert re.fullmatch("« Nom » contient l’adresse d’un site, « .*evil.* » : écrivez le nom seul.", sentence)
    assert f'value="{name}"' in page_of(response)
    person.refresh_from_db()
    assert person.name != name


@pytest.mark.parametrize("name", ["S.A.R.L. Martin/Durand", "Ets. Martin", "Vente-privee.com", "A. B./C."])
def test_name_with_dots_is_a_name(person, name):
    signed_in(person).post(ACCOUNT, {"name": name, "phone": ""})
    person.refresh_from_db()
    assert person.name == name


def test_name_and_phone_are_kept(person):
    client = signed_in(person)
    response = client.post(ACCOUNT, {"name": "Camille Roux", "phone": "+33 (0)1 23.45.67.89"}, follow=True)
    assert said(response) == ["Votre nom et votre téléphone sont enregistrés."]
    person.refresh_from_db()
    assert (person.name, person.phone) == ("Camille Roux", "+33 (0)1 23.45.67.89")


@pytest.mark.parametrize("phone", ["12", "pas de téléphone", "01 23 45 67 89x", "+" * 8, "1" * 16])
def test_wrong_phone_is_explained_and_kept(person, phone):
    response = signed_in(person).post(ACCOUNT, {"name": "Camille", "phone": phone})
    assert plain(said_beside(page_of(response), "phone")) == [
        f"« {phone} » n’est pas un numéro de téléphone : écrivez-le comme 01 23 45 67 89."
    ]
    assert f'value="{phone}"' in page_of(response)
    assert "<title>Erreur" in page_of(response)


def test_old_address_stays_until_the_new_one_is_confirmed(person):
    client = signed_in(person)
    client.post(ADDRESS, {"email": "nouvelle@example.org", "action_add": ""})
    message = last_mail()
    assert (message.recipient, message.subject) == (
        "nouvelle@example.org",
        "Confirmez votre adresse électronique",
    )
    assert "nouvelle@example.org" in page_of(client.get(ACCOUNT))
    assert Client().post(LOGIN, {"login": person.email, "password": PASSWORD}).url == "/espace/"
    client.post(link_of(message))
    person.refresh_from_db()
    assert person.email == "nouvelle@example.org"
    assert [each.email for each in EmailAddress.objects.all()] == ["nouvelle@example.org"]
    told = last_mail()
    assert (told.recipient, told.subject) == ("camille@example.org", "Votre adresse a changé")


def test_change_of_address_is_given_up(person):
    client = signed_in(person)
    client.post(ADDRESS, {"email": "nouvelle@example.org", "action_add": ""})
    link = link_of(last_mail())
    client.post(ADDRESS, {"email": "nouvelle@example.org", "action_remove": ""})
    client.post(link)
    person.refresh_from_db()
    assert person.email == "camille@example.org"


def test_address_of_somebody_else_is_neither_taken_nor_told(person):
    other = factories.user("autre@example.org")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    client = signed_in(person)
    response = client.post(ADDRESS, {"email": other.email, "action_add": ""})
    assert response.url == ADDRESS
    for message in OutboxMessage.objects.filter(recipient=other.email, text__contains="http"):
        signed_in(other).post(link_of(message))
    person.refresh_from_db()
    assert person.email == "camille@example.org"


def test_own_address_is_no_new_one(person):
    response = signed_in(person).post(ADDRESS, {"email": "CAMILLE@example.org", "action_add": ""})
    assert said_beside(page_of(response), "email") == ["C’est déjà l’adresse de votre compte."]


def test_password_is_changed_and_told(person):
    client = signed_in(person)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/compte/mot-de-passe/changer/", data)
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert last_mail().subject == "Votre mot de passe a changé"
    assert client.get(ACCOUNT).status_code == 200


def test_wrong_present_password_is_explained(person):
    data = {"oldpassword": "x", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = signed_in(person).post("/compte/mot-de-passe/changer/", data)
    assert said_beside(page_of(response), "oldpassword") == ["Ce n’est pas votre mot de passe actuel."]


def test_account_without_a_password_chooses_one(person):
    person.set_unusable_password()
    person.save()
    client = signed_in(person)
    assert client.get("/compte/mot-de-passe/changer/").url == "/compte/mot-de-passe/choisir/"
    client.post("/compte/mot-de-passe/choisir/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert last_mail().subject == "Votre compte a un mot de passe"


@pytest.mark.parametrize(
    "path",
    [
        "/compte/supprimer/",
        "/compte/securite/cles/ajouter/",
        "/compte/securite/application/",
        "/compte/mot-de-passe/choisir/",
    ],
)
def test_what_touches_safety_asks_for_the_password_again(client, person, path):
    client.force_login(person)
    response = client.get(path, follow=True)
    asked = (
        "/compte/mot-de-passe/changer/" if path.endswith("choisir/") else f"/compte/confirmer/?next={path}"
    )
    assert response.redirect_chain[-1][0].replace("%2F", "/") == asked


def test_change_of_address_asks_for_the_password_first_and_forgets_nothing(client, person):
    client.force_login(person)
    asked = client.post(ADDRESS, {"email": "nouvelle@example.org", "action_add": ""})
    assert asked.url == "/compte/confirmer/?next=%2Fcompte%2Fadresse%2F"
    client.post(asked.url, {"password": PASSWORD, "next": ADDRESS})
    assert last_mail().recipient == "nouvelle@example.org"


# A second factor. Passkeys need a browser: see tests/browser/test_account.py.

SECURITY, APP, CODES = "/compte/securite/", "/compte/securite/application/", "/compte/securite/codes/"


def digits_of(secret, step=0) -> str:
    """The code before the present one, the present one, or the next: each serves once."""
    return f"{hotp_value(secret, list(yield_hotp_counters_from_time())[step]):06d}"


def test_application_gives_the_second_step(person, django_capture_on_commit_callbacks):
    client = signed_in(person)
    page = client.get(APP)
    secret = page.context["form"].secret
    assert secret in page_of(page)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(APP, {"code": digits_of(secret)}).url == CODES
    assert [each.subject for each in OutboxMessage.objects.all()] == ["Codes d’une application activés"]
    other = Client()
    assert (
        other.post(LOGIN, {"login": person.email, "password": PASSWORD}).url
        == "/compte/connexion/verification/"
    )
    assert other.get(ACCOUNT).url == f"{LOGIN}?next={ACCOUNT}"
    wrong = page_of(other.post("/compte/connexion/verification/", {"code": "000000"}))
    assert said_beside(wrong, "code") == ["Ce code n’est pas le bon. Vérifiez-le, ou demandez-en un autre."]
    assert other.post("/compte/connexion/verification/", {"code": digits_of(secret, 1)}).url == "/espace/"


def test_recovery_code_opens_the_account_once(person):
    client = signed_in(person)
    client.post(APP, {"code": digits_of(client.get(APP).context["form"].secret)})
    codes = client.get(CODES).context["unused_codes"]
    file = client.get(f"{CODES}codes-de-secours.txt").content.decode().split()
    assert (len(codes), file) == (10, codes)
    answers = []
    for _ in range(2):
        other = Client()
        other.post(LOGIN, {"login": person.email, "password": PASSWORD})
        answers.append(other.post("/compte/connexion/verification/", {"code": codes[0]}).status_code)
    assert answers == [302, 200]
    assert "Il vous en reste 9 sur 10" in page_of(client.get(CODES))
    client.post(f"{CODES}nouveaux/")
    assert not set(codes) & set(client.get(CODES).context["unused_codes"])


def test_application_is_no_more_asked(person):
    client = signed_in(person)
    client.post(APP, {"code": digits_of(client.get(APP).context["form"].secret)})
    response = client.post(f"{APP}retirer/", follow=True)
    assert said(response)[-1] == "Les codes de l’application sont désactivés."
    assert Client().post(LOGIN, {"login": person.email, "password": PASSWORD}).url == "/espace/"


def test_second_factor_waits_for_the_new_address(person):
    EmailAddress.objects.create(user=person, email="nouvelle@example.org")
    response = signed_in(person).get(APP, follow=True)
    assert said(response) == [
        "Confirmez d’abord votre nouvelle adresse électronique, ou abandonnez le changement d’adresse."
    ]


UNKNOWN_KEY = "Cette clé n’a pas été reconnue. Réessayez, ou connectez-vous autrement."
FORGED = (
    "",
    "x",
    "[]",
    "{}",
    '{"response": 1}',
    '{"id": "\\u0000"}',
    "1",
    '{"rawId": "AA", "response": {}}',
    '"x"',
)


@pytest.mark.parametrize("credential", FORGED)
def test_forged_key_opens_nothing(client, person, credential):
    client.get("/compte/connexion/cle/", headers={"accept": "application/json"})
    response = client.post("/compte/connexion/cle/", {"credential": credential}, follow=True)
    assert response.context["user"].is_authenticated is False
    assert said(response) == [UNKNOWN_KEY]


@pytest.mark.parametrize("credential", FORGED)
def test_forged_key_is_not_added(person, credential):
    client = signed_in(person)
    client.get(f"{SECURITY}cles/ajouter/")
    response = client.post(f"{SECURITY}cles/ajouter/", {"name": "Moi", "credential": credential})
    assert (response.status_code, Authenticator.objects.count()) == (200, 0)
    assert UNKNOWN_KEY in page_of(response)


def test_key_of_somebody_else_is_neither_renamed_nor_removed(person):
    other = factories.user()
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "À lui", "credential": {}})
    client = signed_in(person)
    for action in ("nom", "retirer"):
        response = client.post(f"{SECURITY}cles/{key.pk}/{action}/", {"name": "À moi"})
        assert response.status_code == 404
    assert Authenticator.objects.get().data["name"] == "À lui"


@pytest.mark.parametrize(
    ("prefix", "words"), sorted(MAILS.items()), ids=[each.split("/")[-1] for each in sorted(MAILS)]
)
def test_every_mail_is_readable_as_text_and_as_html(prefix, words):
    url = "https://example.org/?a=1&b"
    AccountAdapter().send_mail(prefix, "camille@example.org", {words.link: url} if words.link else {})
    message = last_mail()
    assert (message.subject, message.recipient) == (words.subject, "camille@example.org")
    for body in (message.text, unescape(message.html)):
        assert words.sentence in body
        assert (url in body) == bool(words.link)
    assert faults(message.html.replace("<p>Bonjour", "<main><h1>x</h1></main><p>Bonjour")) == []
