"""Where allauth looks for the identity providers of an application."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import ProviderAccount, ProviderException
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.conf import settings
from requests import RequestException

from organizers.proconnect import ProConnectAdapter


class ProConnectProvider(OAuth2Provider):
    id = "proconnect"
    name = "ProConnect"
    account_class = ProviderAccount
    oauth2_adapter_class = ProConnectAdapter

    def get_oauth2_adapter(self, request):
        """One adapter for one sign-in: it reads the provider's configuration once."""
        if not hasattr(self, "_adapter"):
            self._adapter = super().get_oauth2_adapter(request)
        return self._adapter

    def get_pkce_params(self):
        """PKCE where the provider announces it: ProConnect refuses a parameter that it does not know."""
        methods = self.get_oauth2_adapter(self.request).config.get("code_challenge_methods_supported", [])
        self.app.settings["oauth_pkce_enabled"] = settings.PROCONNECT_PKCE and "S256" in methods
        return super().get_pkce_params()

    def get_scope_from_request(self, request):
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def redirect(self, request, *args, **kwargs):
        try:
            return super().redirect(request, *args, **kwargs)
        except (RequestException, ProviderException) as error:
            return render_authentication_error(request, self, exception=error)

    def extract_uid(self, data):
        return data["sub"]

    def extract_extra_data(self, data):
        # What the account needs is in the account; the rest is no business of ours.
        return {}

    def extract_common_fields(self, data):
        family_name = data.get("usual_name") or data.get("family_name")
        return {
            "email": data.get("email"),
            "first_name": data.get("given_name"),
            "last_name": family_name,
        }

    def extract_email_addresses(self, data):
        """The provider's word for an address counts only when it is plainly given, or the operator vouches for it."""
        if not data.get("email"):
            return []
        verified = settings.PROCONNECT_EMAIL_VERIFIED or data.get("email_verified") is True
        return [EmailAddress(email=data["email"].lower(), verified=verified, primary=True)]


provider_classes = [ProConnectProvider]
