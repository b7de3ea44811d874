"""A real OpenID Connect provider on this machine, which a test may make say something else than it should."""

import json
import threading
import time
import warnings
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from werkzeug.serving import make_server

# The provider's own libraries call each other obsolete.
with warnings.catch_warnings(record=True):
    import oidc_provider_mock
    from oidc_provider_mock._storage import storage

CLIENT_ID = "semaine"
SECRET = "secret-du-client"
SCOPE = ["openid", "profile", "email"]


class Provider:
    """`changes`: by path, what replaces values of its JSON answers. `asked`: what it was asked, by path.

    `claims`, `header`: what replaces those of its ID token, which it signs again (None: the claim is left out).
    `answers`: by path, a whole answer (status, headers, body) in place of its own.
    """

    def __init__(self, signed_userinfo: bool):
        self.signed_userinfo = signed_userinfo
        self.changes = {}
        self.asked = {}
        # Of the provider's own library, for tokens that are signed here.
        self.key = None
        self.claims, self.header, self.answers = {}, {}, {}
        self.app = oidc_provider_mock.app(require_nonce=True)
        self.app.before_request(self._listen)
        self.app.after_request(self._change)
        self.server = make_server("localhost", 0, self.app, threaded=True)
        self.url = f"http://localhost:{self.server.server_port}"

    def person(self, sub: str, **claims):
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def accept(self, address: str, sub: str, **query) -> str:
        """Sign in there as `sub`, as a browser would, and return where that leads."""
        there = urlsplit(address)
        values = {name: value for name, (value,) in parse_qs(there.query).items()} | query
        url = f"{self.url}{there.path}?{urlencode(values)}"
        return requests.post(url, {"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]

    def refuse(self, address: str) -> str:
        """Decline there; this provider forgets the state, which the standard asks to give back."""
        answer = requests.post(address, {"action": "deny"}, allow_redirects=False, timeout=5)
        (state,) = parse_qs(urlsplit(address).query)["state"]
        return f"{answer.headers['Location']}&state={state}"

    def _listen(self):
        from flask import request

        self.asked[request.path] = request.values.to_dict()

    def _change(self, response):
        from flask import request

        if request.path in self.answers:
            response.status_code, headers, body = self.answers[request.path]
            response.headers.update(headers)
            response.set_data(body)
        elif request.path == "/userinfo" and self.signed_userinfo and response.status_code == 200:
            claims = {"iss": self.url, "aud": CLIENT_ID, "exp": int(time.time()) + 60} | response.json
            response.set_data(self._signed(claims | self.changes.get(request.path, {})))
            response.content_type = "application/jwt"
        elif request.path in self.changes:
            response.set_data(json.dumps(response.json | self.changes[request.path]))
        elif request.path == "/oauth2/token" and (self.claims or self.header):
            response.set_data(
                json.dumps(response.json | {"id_token": self._again(response.json["id_token"])})
            )
        return response

    def _again(self, token: str) -> str:
        claims = jwt.decode(token, options={"verify_signature": False}) | self.claims
        return self._signed({name: value for name, value in claims.items() if value is not None}, self.header)

    def _signed(self, claims: dict, header=()) -> str:
        own = storage.jwk.as_dict(is_private=True)
        key = self.key or jwt.PyJWK(own, "RS256").key
        return jwt.encode(claims, key, "RS256", {"kid": own["kid"]} | dict(header))


@contextmanager
def running_provider(*, signed_userinfo: bool = True):
    provider = Provider(signed_userinfo)
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()


def configure(settings, issuer: str):
    """What the environment of an operator with this provider would set."""
    settings.PROCONNECT_ISSUER = issuer
    settings.SOCIALACCOUNT_PROVIDERS = {
        "proconnect": {
            "APPS": [
                {
                    "name": "ProConnect",
                    "client_id": CLIENT_ID,
                    "secret": SECRET,
                    "settings": {"scope": SCOPE},
                }
            ]
        }
    }
