"""ProConnect, or another OpenID Connect provider: what allauth does not check by itself.

Source: OpenID Connect Core 1.0 (3.1.3.7, 5.3.2), RP-Initiated Logout 1.0, RFC 9207, and ProConnect's guide for
service providers (partenaires.proconnect.gouv.fr): `state` and `nonce` of 32 characters or more, user information as a
signed JWT, sign-out with the ID token.
"""

from functools import cached_property
from urllib.parse import urlencode

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.utils import get_request_param
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from organizers.accounts import ID_TOKEN

WELL_KNOWN = "/.well-known/openid-configuration"
# Those of a public key only: the provider's key must never serve as a shared secret.
ALGORITHMS = ["RS256", "ES256"]
# The clocks of two machines differ.
LEEWAY_SECONDS = 30


def nonce_of(state: str) -> str:
    """Return the nonce of a sign-in: bound to its state, which lies in the session and serves once."""
    return salted_hmac("proconnect.nonce", state, algorithm="sha256").hexdigest()


class Client(OAuth2Client):
    def get_redirect_url(self, authorization_url, scope, extra_params):
        return super().get_redirect_url(
            authorization_url, scope, extra_params | {"nonce": nonce_of(self.state)}
        )


class ProConnectAdapter(OAuth2Adapter):
    """Talks to the provider. Raises ProviderException for an answer that must not be believed."""

    provider_id = "proconnect"
    client_class = Client

    @cached_property
    def config(self) -> dict:
        """The provider's own description, which must bear the issuer's name."""
        config = self._get(settings.PROCONNECT_ISSUER + WELL_KNOWN).json()
        if str(config.get("issuer", "")).rstrip("/") != settings.PROCONNECT_ISSUER:
            raise ProviderException("another issuer")
        return config

    @property
    def authorize_url(self) -> str:
        return self._endpoint("authorization_endpoint")

    @property
    def access_token_url(self) -> str:
        return self._endpoint("token_endpoint")

    def complete_login(self, request, app, token, **kwargs):
        """Check what the provider says of whom it is, and remember it for the sign-out."""
        if get_request_param(request, "iss", self.config["issuer"]) != self.config["issuer"]:
            raise ProviderException("answer of another issuer")
        id_token = kwargs["response"].get("id_token", "")
        claims = self._decode(id_token, app.client_id, ["iss", "aud", "exp", "sub", "nonce"])
        nonce = nonce_of(get_request_param(request, "state", ""))
        if not constant_time_compare(claims["nonce"], nonce):
            raise ProviderException("wrong nonce")
        person = self._userinfo(app, token.token)
        if person.get("sub") != claims["sub"]:
            raise ProviderException("information about somebody else")
        request.session[ID_TOKEN] = id_token
        return self.get_provider().sociallogin_from_response(request, person)

    def logout_url(self, id_token: str, state: str, back: str) -> str:
        values = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": back}
        return f"{self._endpoint('end_session_endpoint')}?{urlencode(values)}"

    def get_callback_url(self, request, app):
        return f"{settings.SITE_URL}{self.get_provider().get_callback_url()}"

    def _userinfo(self, app, access_token: str) -> dict:
        """JSON, or a JWT signed by the provider, as ProConnect answers."""
        answer = self._get(self._endpoint("userinfo_endpoint"), {"Authorization": f"Bearer {access_token}"})
        if answer.headers.get("Content-Type", "").startswith("application/jwt"):
            return self._decode(answer.text.strip(), app.client_id, ["iss", "aud", "sub"])
        return answer.json()

    def _decode(self, token: str, audience: str, required: list[str]) -> dict:
        try:
            return jwt.decode(
                token,
                self._key(token),
                algorithms=ALGORITHMS,
                audience=audience,
                issuer=self.config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": required},
            )
        except jwt.PyJWTError as error:
            raise ProviderException(str(error)) from error

    def _key(self, token: str) -> jwt.PyJWK:
        name = jwt.get_unverified_header(token).get("kid")
        keys = jwt.PyJWKSet.from_dict(self._get(self._endpoint("jwks_uri")).json()).keys
        # A provider with one key may leave its name out.
        found = [key for key in keys if name in (None, key.key_id)]
        if len(found) != 1:
            raise ProviderException("unknown key")
        return found[0]

    def _endpoint(self, name: str) -> str:
        if not self.config.get(name):
            raise ProviderException(f"no {name}")
        return self.config[name]

    def _get(self, url: str, headers: dict | None = None):
        """Bounded by SOCIALACCOUNT_REQUESTS_TIMEOUT."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers)
        answer.raise_for_status()
        return answer
