"""Who writes by the API: an organization's program, by a token that one of its owners made."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from organizers import tokens


class TokenAuthentication(BaseAuthentication):
    """« Authorization: Bearer … »: the request's user is who made the token, its `auth` the token."""

    def authenticate(self, request):
        kind, _, token = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        found = tokens.used(token.strip().decode("latin-1"), at=timezone.now())
        if found is None:
            raise AuthenticationFailed
        return found.issued_by, found

    def authenticate_header(self, request):
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "jeton"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "Le jeton d’une organisation."}
