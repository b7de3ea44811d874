"""Signing in with an identity provider that really runs here, and what must not be believed."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as django_settings
from django.test import Client

from organizers.models import User
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_bad_input import plain
from tests.organizers.identity_provider import CLIENT_ID, configure, running_provider

pytestmark = [
    pytest.mark.django_db,
    # The provider's own library, which runs in this process.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

START, BACK = "/compte/proconnect/connexion/", "/compte/proconnect/retour/"
NOT_VALID = (
    "La réponse de ProConnect n’est pas valable : vous n’êtes pas connecté. Connectez-vous avec votre "
    "adresse électronique, ou réessayez dans quelques minutes."
)
SILENT = (
    "ProConnect ne répond pas. Connectez-vous avec votre adresse électronique, ou réessayez dans quelques "
    "minutes."
)
ADDRESSES = (START, BACK, "/compte/proconnect/deconnexion/", "/compte/proconnect/deconnecte/")


@pytest.fixture
def camille():
    person = factories.user("camille@example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(client, provider, sub="s-1", data=None, **query):
    """The whole way; `query` changes what the browser carries to the provider."""
    there = client.post(START, data or {}).url
    return client.get(provider.accept(there, sub, **query), follow=True)


def said(response) -> list[str]:
    return plain([str(each) for each in response.context["messages"]])


def who(response):
    return response.context["user"] if response.context["user"].is_authenticated else None


def query_of(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


# Without a configuration there is nothing.


def test_nothing_shows_of_a_provider_that_is_not_configured(client):
    assert "ProConnect" not in client.get("/compte/connexion/").content.decode()
    client.force_login(factories.user())
    assert "ProConnect" not in client.get("/compte/").content.decode()
    assert "ProConnect" not in client.get("/compte/securite/").content.decode()
    assert client.get("/compte/proconnect/").status_code == 404
    found = {path: client.post(path).status_code for path in ADDRESSES[:1]}
    found |= {path: client.get(path).status_code for path in ADDRESSES[1:]}
    assert found == dict.fromkeys(ADDRESSES, 404)


@pytest.mark.parametrize(
    ("issuer", "allowed"),
    [("", ["'self'"]), ("https://pro.example/api/v2/", ["'self'", "https://pro.example"])],
)
def test_policy_names_the_provider_when_there_is_one(issuer, allowed):
    code = (
        "import json; from semaine import settings as s;"
        "print(json.dumps(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']))"
    )
    data = str(django_settings.DATA_DIR)
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PROCONNECT_ISSUER": issuer, "PATH": os.environ["PATH"], "SEMAINE_DATA": data},
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == allowed


# The way through.


def test_new_person_has_an_account(client, provider):
    response = sign_in(client, provider)
    person = User.objects.get()
    assert who(response) == person
    assert (person.email, person.name, person.has_usable_password()) == (
        "camille@example.org",
        "Camille",
        False,
    )
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("camille@example.org", True, True)
    ]
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("proconnect", "s-1", {})


def test_request_holds_what_proconnect_asks_and_nothing_more(client, provider):
    sent = query_of(client.post(START).url)
    assert set(sent) == {"client_id", "redirect_uri", "scope", "response_type", "state", "nonce"}
    assert (sent["client_id"], sent["response_type"]) == (CLIENT_ID, "code")
    assert sent["redirect_uri"] == f"http://testserver{BACK}"
    assert sorted(sent["scope"].split()) == ["email", "openid", "profile"]
    assert min(len(sent["state"]), len(sent["nonce"])) >= 32
    again = query_of(client.post(START).url)
    assert (again["state"] != sent["state"], again["nonce"] != sent["nonce"]) == (True, True)


def test_visitor_cannot_ask_the_provider_for_more(client, provider):
    sent = query_of(client.post(f"{START}?scope=admin&auth_params=prompt%3Dnone").url)
    assert (sorted(sent["scope"].split()), "prompt" in sent) == (["email", "openid", "profile"], False)


def test_code_is_bound_to_the_browser_where_the_provider_can(client, provider):
    provider.changes["/.well-known/openid-configuration"] = {"code_challenge_methods_supported": ["S256"]}
    sent = query_of(client.post(START).url)
    assert sent["code_challenge_method"] == "S256"
    there = f"{provider.url}/oauth2/authorize?{urlsplit(client.post(START).url).query}"
    challenge = query_of(there)["code_challenge"]
    client.get(provider.accept(there, "s-1"))
    verifier = provider.asked["/oauth2/token"]["code_verifier"]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert digest == challenge


def test_operator_turns_the_binding_off(client, provider, settings):
    settings.PROCONNECT_PKCE = False
    provider.changes["/.well-known/openid-configuration"] = {"code_challenge_methods_supported": ["S256"]}
    assert "code_challenge" not in query_of(client.post(START).url)


def test_same_person_comes_back_to_the_same_account_under_another_address(provider):
    sign_in(Client(), provider)
    provider.person("s-1", email="nouvelle@example.org", email_verified=True)
    response = sign_in(Client(), provider)
    assert (who(response), User.objects.count()) == (User.objects.get(email="camille@example.org"), 1)


def test_sign_in_leads_to_the_page_that_was_asked(client, provider):
    response = sign_in(client, provider, data={"next": "/espace/organisation/"})
    assert response.redirect_chain[-1][0] == "/espace/organisation/"


def test_plain_information_is_read_too(client, settings):
    with running_provider(signed_userinfo=False) as provider:
        configure(settings, provider.url)
        provider.person("s-1", email="camille@example.org", email_verified=True)
        assert who(sign_in(client, provider)).email == "camille@example.org"


def test_refusal_by_the_person_is_said(client, provider):
    response = client.get(provider.refuse(client.post(START).url), follow=True)
    assert (said(response), who(response)) == (["Vous avez quitté ProConnect sans vous connecter."], None)


# Whose address is it?


def test_verified_address_opens_the_account_that_bears_it(client, provider, camille):
    assert who(sign_in(client, provider)) == camille
    assert (User.objects.count(), SocialAccount.objects.get().user) == (1, camille)
    camille.refresh_from_db()
    assert camille.check_password("motdepasse-1234")


@pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_unverified_address_takes_no_account_over(client, provider, camille, claims):
    provider.person("pirate", email=camille.email, **claims)
    response = sign_in(client, provider, "pirate")
    assert (who(response), response.redirect_chain[-1][0]) == (None, "/compte/verification/")
    assert (SocialAccount.objects.count(), User.objects.count()) == (0, 1)
    assert OutboxMessage.objects.get().subject == "Vous avez déjà un compte"


def test_unverified_address_of_nobody_is_confirmed_first(client, provider):
    provider.person("s-2", email="nouvelle@example.org")
    response = sign_in(client, provider, "s-2")
    assert (who(response), response.redirect_chain[-1][0]) == (None, "/compte/verification/")
    assert OutboxMessage.objects.get().subject == "Activez votre compte"


def test_operator_vouches_for_the_addresses_of_the_provider(client, provider, camille, settings):
    settings.PROCONNECT_EMAIL_VERIFIED = True
    provider.person("s-2", email=camille.email)
    assert who(sign_in(client, provider, "s-2")) == camille


def test_account_made_in_advance_with_the_address_of_another_loses_its_password(client, provider):
    squatted = factories.user("camille@example.org")
    EmailAddress.objects.create(user=squatted, email=squatted.email, verified=False, primary=True)
    response = sign_in(client, provider)
    assert (who(response), response.redirect_chain[-1][0]) == (None, "/compte/verification/")
    squatted.refresh_from_db()
    assert not squatted.has_usable_password()
    assert sorted(OutboxMessage.objects.values_list("subject", flat=True)) == [
        "Confirmez votre adresse électronique",
        "ProConnect est relié à votre compte",
    ]


def test_closed_account_stays_closed(client, provider, camille):
    User.objects.update(is_active=False)
    response = sign_in(client, provider)
    assert who(response) is None


def test_second_factor_is_asked_after_the_provider_too(client, provider, camille):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(camille, generate_totp_secret())
    response = sign_in(client, provider)
    assert (who(response), response.redirect_chain[-1][0]) == (None, "/compte/connexion/verification/")


def test_person_links_and_unlinks_the_provider(client, provider, camille):
    provider.person("s-2", email="autre@example.org")
    client.force_login(camille)
    client.post("/compte/confirmer/", {"password": "motdepasse-1234"})
    there = client.post(f"{START}?process=connect").url
    response = client.get(provider.accept(there, "s-2"), follow=True)
    assert (said(response), response.redirect_chain[-1][0]) == (
        ["ProConnect est relié à votre compte."],
        "/compte/",
    )
    account = SocialAccount.objects.get()
    assert (account.user, account.uid) == (camille, "s-2")
    assert OutboxMessage.objects.get().subject == "ProConnect est relié à votre compte"
    assert "Délier ProConnect" in client.get("/compte/proconnect/").content.decode()
    response = client.post("/compte/proconnect/", {"account": account.pk}, follow=True)
    assert said(response) == ["ProConnect n’est plus relié à votre compte."]
    assert not SocialAccount.objects.exists()


def test_identity_of_another_account_is_not_linked(client, provider, camille):
    sign_in(Client(), provider)
    provider.person("s-2", email="autre@example.org", email_verified=True)
    sign_in(Client(), provider, "s-2")
    client.force_login(camille)
    client.post("/compte/confirmer/", {"password": "motdepasse-1234"})
    there = client.post(f"{START}?process=connect").url
    response = client.get(provider.accept(there, "s-2"), follow=True)
    assert said(response) == ["Cette identité ProConnect est déjà reliée à un autre compte."]


# What must not be believed. Each starts from a sign-in that would succeed.


def is_refused(response) -> bool:
    wanted = ([NOT_VALID], None, "/compte/connexion/")
    found = (said(response), who(response), response.redirect_chain[-1][0])
    assert found == wanted
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)
    return True


def test_wrong_nonce_is_refused(client, provider):
    assert is_refused(sign_in(client, provider, nonce="n" * 64))


def test_wrong_state_is_refused(client, provider):
    assert is_refused(sign_in(client, provider, state="s" * 43))


def test_answer_serves_once_and_in_its_own_browser(client, provider):
    answer = provider.accept(client.post(START).url, "s-1")
    assert is_refused(Client().get(answer, follow=True))
    client.get(answer)
    User.objects.all().delete()
    again = Client()
    again.cookies = client.cookies
    again.logout()
    assert is_refused(again.get(answer, follow=True))


@pytest.mark.parametrize("suffix", ["/", ".pirate.example", None])
def test_description_of_another_issuer_is_refused(client, provider, suffix):
    issuer = suffix and provider.url + suffix
    provider.changes["/.well-known/openid-configuration"] = {"issuer": issuer}
    assert is_refused(client.post(START, follow=True))


def test_token_of_another_issuer_is_refused(client, provider, monkeypatch):
    # The same provider under another name signs in that name.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    other = provider.url.replace("localhost", "127.0.0.1")
    provider.changes["/.well-known/openid-configuration"] = {"token_endpoint": f"{other}/oauth2/token"}
    assert is_refused(sign_in(client, provider))


def test_answer_that_names_another_issuer_is_refused(client, provider):
    answer = provider.accept(client.post(START).url, "s-1")
    assert is_refused(client.get(f"{answer}&iss=https://pirate.example", follow=True))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "pas-un-jeton",
        # {"alg":"none"} {"sub":"s-1"}
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzLTEifQ.",
        # {"alg":"HS256","kid":"inconnue"}
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImluY29ubnVlIn0.eyJzdWIiOiJzLTEifQ.AAAA",
    ],
)
def test_forged_token_is_refused(client, provider, token):
    provider.changes["/oauth2/token"] = {"id_token": token}
    assert is_refused(sign_in(client, provider))


@pytest.mark.parametrize(
    "claims", [{"sub": "s-2"}, {"aud": "autre-site"}, {"iss": "https://pirate.example"}, {"exp": 1}]
)
def test_information_about_somebody_else_is_refused(client, provider, claims):
    provider.changes["/userinfo"] = claims
    assert is_refused(sign_in(client, provider))


def test_unsigned_information_about_somebody_else_is_refused(client, settings):
    with running_provider(signed_userinfo=False) as provider:
        configure(settings, provider.url)
        provider.person("s-1", email="camille@example.org", email_verified=True)
        provider.changes["/userinfo"] = {"sub": "s-2"}
        assert is_refused(sign_in(client, provider))


# A provider that is down.


def test_provider_that_is_down_is_said(client, settings):
    configure(settings, "http://localhost:9")
    response = client.post(START, follow=True)
    assert (said(response), who(response)) == ([SILENT], None)


def test_provider_that_goes_down_on_the_way_is_said(client, settings):
    with running_provider() as provider:
        configure(settings, provider.url)
        provider.person("s-1", email="camille@example.org", email_verified=True)
        answer = provider.accept(client.post(START).url, "s-1")
    response = client.get(answer, follow=True)
    assert (said(response), User.objects.count()) == ([SILENT], 0)


def test_provider_that_never_answers_is_waited_for_a_moment_only(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        configure(settings, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
        assert said(client.post(START, follow=True)) == [SILENT]
    assert django_settings.SOCIALACCOUNT_REQUESTS_TIMEOUT == 0.2


@pytest.mark.parametrize("missing", ["authorization_endpoint", "token_endpoint"])
def test_provider_that_says_too_little_is_refused(client, provider, missing):
    provider.changes["/.well-known/openid-configuration"] = {missing: ""}
    assert is_refused(client.post(START, follow=True))


# Signing out.


def test_sign_out_leads_to_that_of_the_provider_and_back(client, provider):
    sign_in(client, provider)
    out = client.post("/compte/deconnexion/")
    assert out.url == "/compte/proconnect/deconnexion/"
    page = client.get(out.url)
    assert who(page) is None
    url = page.context["url"]
    sent = query_of(url)
    assert url.startswith(f"{provider.url}/oauth2/end_session?")
    assert sent["post_logout_redirect_uri"] == "http://testserver/compte/proconnect/deconnecte/"
    assert (sent["id_token_hint"].count("."), len(sent["state"])) == (2, 43)
    back = client.get("/compte/proconnect/deconnecte/", {"state": sent["state"]}, follow=True)
    assert said(back) == ["Vous êtes déconnecté, d’ici et de ProConnect."]


def test_forged_end_of_a_sign_out_says_nothing(client, provider):
    sign_in(client, provider)
    client.get(client.post("/compte/deconnexion/").url)
    back = client.get("/compte/proconnect/deconnecte/", {"state": "x" * 43}, follow=True)
    assert (said(back), back.redirect_chain[-1][0]) == ([], "/compte/connexion/")


def test_sign_out_without_the_provider_stays_here(client, provider, camille):
    client.post("/compte/connexion/", {"login": camille.email, "password": "motdepasse-1234"})
    assert client.post("/compte/deconnexion/").url == "/"
    assert client.get("/compte/proconnect/deconnexion/").url == "/"


def test_sign_out_is_complete_here_when_the_provider_is_down(client, settings):
    with running_provider() as provider:
        configure(settings, provider.url)
        provider.person("s-1", email="camille@example.org", email_verified=True)
        sign_in(client, provider)
    page = client.get(client.post("/compte/deconnexion/").url)
    assert (who(page), page.context["url"]) == (None, "")
    assert "ProConnect ne répond pas" in page.content.decode()
