"""The rules of an ID token one by one, and what the identity provider's machine may answer."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from organizers.models import User
from tests.organizers.test_proconnect import SILENT, START, is_refused, said, sign_in, who

pytestmark = [
    pytest.mark.django_db,
    # The provider's own library, which runs in this process.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

LONG_AGO = 1_700_000_000


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://pirate.example"},
        {"iss": None},
        {"aud": "autre-site"},
        {"aud": ["semaine", "autre-site"]},
        {"aud": None},
        {"azp": "autre-site"},
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"iat": None},
        {"nbf": 9_999_999_999},
        {"nonce": "n" * 64},
        {"nonce": None},
        {"sub": "s-2"},
        {"sub": None},
    ],
    ids=str,
)
def test_token_that_breaks_one_rule_is_refused(client, provider, claims):
    """Each is signed by the provider: nothing else is wrong with it."""
    provider.claims = claims
    assert is_refused(sign_in(client, provider))


@pytest.mark.parametrize("kind", ["at+jwt", "logout+jwt"])
def test_token_of_another_type_is_refused(client, provider, kind):
    provider.header = {"typ": kind}
    assert is_refused(sign_in(client, provider))


def test_token_signed_by_another_key_under_the_provider_s_name_is_refused(client, provider):
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    provider.key = another
    provider.claims = {"sub": "s-1"}
    assert is_refused(sign_in(client, provider))


@pytest.mark.parametrize("claims", [{"azp": "semaine"}, {"aud": ["semaine"]}], ids=str)
def test_token_signed_again_by_the_provider_is_believed(client, provider, claims):
    """What the refusals above are measured against."""
    provider.claims = claims
    assert who(sign_in(client, provider)).email == "camille@example.org"


# What the provider's machine answers goes through the one door.


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks", "/userinfo"])
def test_redirection_by_the_provider_is_not_followed(client, provider, path):
    there = client.post(START).url
    provider.answers[path] = (302, {"Location": f"{provider.url}/ailleurs"}, b"{}")
    answer = provider.accept(there, "s-1")
    assert is_refused(client.get(answer, follow=True))
    assert (path in provider.asked, "/ailleurs" in provider.asked) == (True, False)


def test_provider_on_a_machine_inside_is_left_without_a_word(client, provider, settings):
    settings.OUTGOING_LOOPBACK = False
    provider.asked.clear()
    assert said(client.post(START, follow=True)) == [SILENT]
    assert provider.asked == {}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks", "/userinfo"])
def test_answer_of_the_provider_that_is_too_long_is_not_read(client, provider, path):
    there = client.post(START).url
    provider.answers[path] = (200, {}, json.dumps({"a": "a" * 300_000}).encode())
    response = client.get(provider.accept(there, "s-1"), follow=True)
    assert (said(response), User.objects.count()) == ([SILENT], 0)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b'"mot"'])
def test_answer_of_the_provider_that_means_nothing_is_refused(client, provider, path, body):
    there = client.post(START).url
    provider.answers[path] = (200, {}, body)
    assert is_refused(client.get(provider.accept(there, "s-1"), follow=True))
