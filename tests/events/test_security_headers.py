"""What every answer says to the browser, and what protects a session: headers, cookies, forged posts, sign-in."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import unquote

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from events import workflow
from events.models import Event
from organizers.models import Organization, User
from semaine.models import OutboxMessage
from tests import factories, sessions
from tests.events.form_pages import plain
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
EVENT = "/evenements/2025/visite-de-la-fonderie/"
PUBLIC = (
    "/", "/programme/", "/programme/?q=fonderie&page=9&mode=x", "/editions/2025/", "/carte/",
    "/carte/donnees.json?zoom=5", "/carte/donnees.json?zoom=x", EVENT, "/evenements/2025/visite-de-la-fonderie.ics",
    "/evenements/2025/inconnu/", "/evenements/2025/retire/", "/nulle-part/", "/labelliser/", "/accessibilite/",
    "/mentions-legales/", "/donnees-personnelles/", "/plan-du-site/",
)  # fmt: skip
ACCOUNT = (
    "/compte/connexion/",
    "/compte/inscription/",
    "/compte/mot-de-passe/",
    "/compte/mot-de-passe/envoye/",
)
PASSWORD = "motdepasse-1234"
NEW_PASSWORD = "fonderie-du-lac-1887"


@pytest.fixture(autouse=True)
def _season(db):
    with time_machine.travel(NOW, tick=False):
        factories.labelled()
        gone = workflow.withdraw(
            factories.labelled(title="Retiré"), by=factories.national(), at=NOW, comment="Payant."
        )
        assert gone.slug == "retire"
        yield


def headers(response):
    directives = (each.strip().split(" ", 1) for each in response["Content-Security-Policy"].split(";"))
    return {name: response.headers.get(name) for name in HEADERS} | {"CSP": dict(directives)}


def signed_in(person):
    client = Client()
    sessions.sign_in(client, person) if person.is_staff else client.force_login(person)
    return client


def heading(response):
    return re.findall("<h1>(.*?)</h1>", response.content.decode())


def test_every_answer_tells_the_browser_to_be_careful():
    event = Event.objects.first()
    owner, agent = signed_in(event.created_by), signed_in(factories.referent())
    answers = {path: Client().get(path) for path in (*PUBLIC, *ACCOUNT, "/espace/", "/admin/", "/sante")}
    own = (
        "/espace/",
        "/espace/evenements/nouveau/",
        f"/espace/evenements/{event.pk}/",
        "/espace/organisation/",
    )
    answers |= {f"owner {path}": owner.get(path) for path in own}
    admin = (
        "/admin/",
        "/admin/events/event/",
        f"/admin/events/event/{event.pk}/examiner/",
        "/admin/events/term/",
    )
    answers |= {f"agent {path}": agent.get(path) for path in admin}
    answers["forged"] = Client(enforce_csrf_checks=True).post("/compte/connexion/")
    answers["enormous"] = Client().post("/compte/connexion/", {"login": "x" * 3_000_000})
    found = {path: headers(answer) for path, answer in answers.items()}
    assert found == dict.fromkeys(answers, HEADERS | {"CSP": CSP})


def test_no_page_of_ours_has_inline_script_or_style():
    event = Event.objects.first()
    owner, agent = signed_in(event.created_by), signed_in(factories.referent())
    pages = [Client().get(path) for path in (*PUBLIC, *ACCOUNT)]
    pages += [owner.get(path) for path in ("/espace/", "/espace/evenements/nouveau/")]
    pages += [agent.get(f"/admin/events/event/{each}") for each in ("", f"{event.pk}/examiner/")]
    for page in pages:
        inline = re.findall(
            r'<script(?![^>]*(?:src=|type="application/(?:ld\+)?json"))[^>]*>|<style|\son\w+=|\sstyle=|javascript:',
            page.content.decode(),
        )
        assert (page.request["PATH_INFO"], inline) == (page.request["PATH_INFO"], [])


def cookies_and_vary(response):
    vary = {each.strip().lower() for each in response.headers.get("Vary", "").split(",")}
    return dict(response.cookies), "cookie" in vary


@pytest.mark.parametrize("method", ["get", "head"])
def test_public_page_sets_no_cookie_and_is_the_same_for_all(method):
    member = signed_in(Event.objects.first().created_by)
    for path in PUBLIC:
        anonymous, known = getattr(Client(), method)(path), getattr(member, method)(path)
        assert (path, cookies_and_vary(anonymous)) == (path, ({}, False))
        assert (path, cookies_and_vary(known)) == (path, ({}, False))
        assert anonymous.content == known.content


def test_private_pages_are_kept_by_no_cache():
    event = Event.objects.first()
    owner, agent = signed_in(event.created_by), signed_in(factories.referent())
    pages = [
        owner.get(path) for path in ("/espace/", f"/espace/evenements/{event.pk}/", "/espace/organisation/")
    ]
    pages += [
        agent.get(path)
        for path in ("/admin/", "/admin/events/event/", f"/admin/events/event/{event.pk}/examiner/")
    ]
    pages += [Client().get(path) for path in ("/compte/connexion/", "/compte/inscription/")]
    found = {
        page.request["PATH_INFO"]: set(page.headers.get("Cache-Control", "").split(", ")) for page in pages
    }
    assert [path for path, directives in found.items() if not {"private", "no-cache"} <= directives] == []


# Forged posts.


def test_post_without_its_token_is_refused_everywhere(client):
    event = Event.objects.first()
    before = (
        Event.objects.count(),
        Organization.objects.count(),
        User.objects.count(),
        OutboxMessage.objects.count(),
    )
    own = f"/espace/evenements/{event.pk}/"
    paths = [
        "/espace/evenements/nouveau/", own, f"{own}envoyer/", f"{own}annuler/", f"{own}retablir/", f"{own}supprimer/",
        "/espace/organisation/", f"/admin/events/event/{event.pk}/examiner/", "/admin/events/event/", "/admin/login/",
        "/admin/logout/", "/admin/password_change/", *ACCOUNT[:3], "/compte/deconnexion/", "/compte/verification/x/",
        "/compte/mot-de-passe/1-x/",
    ]  # fmt: skip
    answers = {}
    for person in (None, event.created_by, factories.national()):
        forger = Client(enforce_csrf_checks=True)
        if person:
            sessions.sign_in(forger, person) if person.is_staff else forger.force_login(person)
        for path in paths:
            response = forger.post(
                path, {"comment": "x", "decision": "cancel", "version": "1", "email": "a@b.fr"}
            )
            answers[person, path] = (response.status_code, heading(response))
            if person:
                assert forger.session[SESSION_KEY] == str(person.pk)
    assert answers == dict.fromkeys(answers, (403, ["Nous n’avons pas pu enregistrer votre envoi"]))
    event.refresh_from_db()
    assert event.status == "labelled"
    assert before == (
        Event.objects.count(),
        Organization.objects.count(),
        User.objects.count(),
        OutboxMessage.objects.count(),
    )


def test_token_of_another_origin_is_refused():
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/compte/mot-de-passe/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    data = {"email": "a@example.org", "csrfmiddlewaretoken": token}
    refused = browser.post("/compte/mot-de-passe/", data, headers={"origin": "https://pirate.example"})
    assert (refused.status_code, OutboxMessage.objects.filter(recipient="a@example.org").count()) == (403, 0)
    assert browser.post("/compte/mot-de-passe/", data).url == "/compte/mot-de-passe/envoye/"


def test_nothing_is_done_by_reading(client):
    event = factories.submitted()
    client.force_login(event.created_by)
    for action in ("envoyer/", "annuler/", "retablir/", "supprimer/", ""):
        client.get(f"/espace/evenements/{event.pk}/{action}")
    client.get("/compte/deconnexion/")
    event.refresh_from_db()
    assert (event.status, event.decisions.count()) == ("submitted", 1)
    assert client.session[SESSION_KEY] == str(event.created_by.pk)


# Signing in and out.

EVIL = (
    "https://pirate.example/", "//pirate.example/", "///pirate.example", "/\\pirate.example", "\\\\pirate.example",
    "https:pirate.example", "javascript:alert(1)", "\x0b//pirate.example", "http:///pirate.example", "\0",
    "\t//pirate.example", "https://testserver@pirate.example/", "https://testserver.pirate.example/",
    "//testserver:80@pirate.example",
)  # fmt: skip


def sign_in(client, person, **data):
    return client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD} | data)


def verified(**fields):
    person = factories.user(**fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_sign_in_leads_nowhere_else():
    person = verified()
    found = {evil: sign_in(Client(), person, next=evil).url for evil in EVIL}
    assert found == dict.fromkeys(EVIL, "/espace/")
    assert sign_in(Client(), person, next="/espace/organisation/").url == "/espace/organisation/"


def test_pages_of_the_sign_in_lead_to_no_foreign_address():
    for path in (*ACCOUNT[:3], "/compte/deconnexion/"):
        for evil in EVIL:
            page = Client().get(path, {"next": evil}).content.decode()
            links = re.findall(r' (?:href|action|src)="([^"]*)"', page)
            assert [link for link in links if not re.match(r"/(?!/)|#|data:image/svg", link)] == []


def test_someone_signed_in_is_led_nowhere_else():
    client = signed_in(verified())
    found = {evil: client.get("/compte/connexion/", {"next": evil}).url for evil in EVIL}
    assert found == dict.fromkeys(EVIL, "/espace/")
    for evil in EVIL:
        assert signed_in(verified()).post(f"/compte/deconnexion/?next={evil}", {"next": evil}).url == "/"


def test_sign_in_changes_the_session_and_sign_out_ends_it(client):
    person = verified()
    client.get("/compte/connexion/")
    session = client.session
    session["posé"] = "par un autre"
    session.save()
    before = client.cookies["sessionid"] = session.session_key
    sign_in(client, person)
    cookie = client.cookies["sessionid"]
    assert (cookie.value != before, cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    stolen = Client()
    stolen.cookies["sessionid"] = cookie.value
    assert stolen.get("/espace/organisation/").status_code == 200
    client.post("/compte/deconnexion/")
    assert stolen.get("/espace/organisation/").url == "/compte/connexion/?next=/espace/organisation/"


def test_new_password_ends_the_other_sessions(client):
    person = verified()
    elsewhere = Client()
    sign_in(elsewhere, person)
    client.post("/compte/mot-de-passe/", {"email": person.email})
    text = OutboxMessage.objects.get(recipient=person.email).text
    link = next(word for word in text.split() if word.startswith("http"))
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert elsewhere.get("/espace/organisation/").url == "/compte/connexion/?next=/espace/organisation/"
    assert client.get(link, follow=True).context["token_fail"] is True


def test_admin_has_no_sign_in_of_its_own(client):
    """It would know neither the limits of the sign-in nor its second factor."""
    agent = factories.referent()
    asked = client.get("/admin/events/event/", follow=True)
    assert unquote(asked.redirect_chain[-1][0]) == "/compte/connexion/?next=/admin/events/event/"
    client.post("/admin/login/", {"username": agent.email, "password": PASSWORD})
    assert SESSION_KEY not in client.session


@pytest.fixture
def limits(settings):
    """The limits of production, counted where no other test empties the cache."""
    del settings.ACCOUNT_RATE_LIMITS
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    place = f"{settings.REDIS_URL.partition('?')[0]}?db={8 + worker % 8}"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": place}}
    cache.clear()
    yield
    cache.clear()


# Who has an account is nobody's business.


def answer(response, address):
    chain = [url for url, _ in response.redirect_chain]
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    cookies = sorted(response.client.cookies)
    return (
        chain,
        response.status_code,
        cookies,
        re.sub(re.escape(address), "adresse", page, flags=re.IGNORECASE),
    )


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/compte/inscription/", {}),
        ("/compte/mot-de-passe/", {}),
    ],
)
def test_answer_is_the_same_whether_an_account_exists(limits, path, data):
    addresses = (
        verified().email,
        verified().email.upper(),
        verified(is_active=False).email,
        "inconnu@example.org",
    )
    twice = [
        [answer(Client().post(path, data | {"email": each}, follow=True), each) for _ in range(2)]
        for each in addresses
    ]
    assert twice == [twice[0]] * 4


def test_wrong_password_and_unknown_account_have_the_same_answer():
    addresses = (
        verified().email,
        verified(is_active=False).email,
        factories.user().email,
        "inconnu@example.org",
    )
    answers = [
        answer(Client().post("/compte/connexion/", {"login": each, "password": "x"}, follow=True), each)
        for each in addresses
    ]
    assert answers == [answers[0]] * 4


# Limits.


def test_guessing_a_password_is_limited_whatever_the_header_says(limits):
    person = verified()
    errors = []
    for number in range(6):
        data = {"login": person.email, "password": f"essai-{number}"}
        response = Client().post(
            "/compte/connexion/", data, headers={"x-forwarded-for": f"203.0.113.{number}"}
        )
        errors.append(plain(response.context["form"].non_field_errors()))
    wrong = "L’adresse e-mail ou le mot de passe sont incorrects."
    assert errors[:5] == [[wrong]] * 5
    assert errors[5] == ["Trop d’essais. Attendez quelques minutes avant de réessayer."]
    assert sign_in(Client(), person).status_code == 200


def test_asking_for_a_password_is_limited_in_french(limits):
    person = verified()
    answers = [Client().post("/compte/mot-de-passe/", {"email": person.email}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert heading(answers[5]) == ["Trop d’essais"]
    assert OutboxMessage.objects.filter(recipient=person.email).count() == 5


PRODUCTION = """
import json
from semaine import settings as s
names = ("DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
    "X_FRAME_OPTIONS", "ACCOUNT_EMAIL_VERIFICATION", "ACCOUNT_CONFIRM_EMAIL_ON_GET", "ACCOUNT_LOGOUT_ON_GET")
found = {name: getattr(s, name) for name in names}
found["limits"] = getattr(s, "ACCOUNT_RATE_LIMITS", "default")
found["enumeration"] = getattr(s, "ACCOUNT_PREVENT_ENUMERATION", True)
found["httponly"] = getattr(s, "SESSION_COOKIE_HTTPONLY", True)
found["hasher"] = hasattr(s, "PASSWORD_HASHERS")
found["secret"] = s.SECRET_KEY
print(json.dumps(found))
"""


def test_production_settings_are_safe_without_a_word(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgresql://semaine@db.example.org/semaine",
        "REDIS_URL": "redis://redis.example.org/0",
        "SEMAINE_DATA": str(tmp_path),
    }
    program = [sys.executable, "-c", PRODUCTION]
    said = subprocess.run(program, env=environment, check=True, capture_output=True, text=True).stdout
    assert json.loads(said) == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "X_FRAME_OPTIONS": "DENY",
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_CONFIRM_EMAIL_ON_GET": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "limits": "default",
        "enumeration": True,
        "httponly": True,
        "hasher": False,
        "secret": "",
    }
