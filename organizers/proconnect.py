"""ProConnect, or another OpenID Connect provider: what allauth does not check by itself.

Source: OpenID Connect Core 1.0 (3.1.3.7, 5.3.2), RP-Initiated Logout 1.0, RFC 9207, and ProConnect's guide for
service providers (partenaires.proconnect.gouv.fr): `state` and `nonce` of 32 characters or more, user information as a
signed JWT, sign-out with the ID token.
"""

from functools import cached_property
from http import HTTPStatus
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
# Tokens of another kind say so (RFC 8725, 3.11): « at+jwt » opens a service, « logout+jwt » ends a session.
TYPES = (None, "JWT")
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
        config = self._json(settings.PROCONNECT_ISSUER.rstrip("/") + WELL_KNOWN)
        if config.get("issuer") != settings.PROCONNECT_ISSUER:
            raise ProviderException(f"another issuer: {config.get('issuer')!r}")
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
        claims = self._decode(id_token, app.client_id, ["iss", "aud", "exp", "iat", "sub", "nonce"])
        if claims["aud"] not in (app.client_id, [app.client_id]):
            raise ProviderException("token for others too")
        if claims.get("azp", app.client_id) != app.client_id:
            raise ProviderException("token asked for by another")
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
        return _object(answer)

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
        header = jwt.get_unverified_header(token)
        if header.get("typ") not in TYPES:
            raise ProviderException("token of another type")
        name = header.get("kid")
        keys = jwt.PyJWKSet.from_dict(self._json(self._endpoint("jwks_uri"))).keys
        # A provider with one key may leave its name out.
        found = [key for key in keys if name in (None, key.key_id)]
        if len(found) != 1:
            raise ProviderException("unknown key")
        return found[0]

    def _endpoint(self, name: str) -> str:
        if not self.config.get(name):
            raise ProviderException(f"no {name}")
        return self.config[name]

    def _json(self, url: str) -> dict:
        return _object(self._get(url))

    def _get(self, url: str, headers: dict | None = None):
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers)
        answer.raise_for_status()
        if answer.status_code != HTTPStatus.OK:
            # A redirection, which is not followed.
            raise ProviderException(f"status {answer.status_code}")
        return answer


def _object(answer) -> dict:
    found = answer.json()
    if not isinstance(found, dict):
        raise ProviderException("no object")
    return found
