from allauth.socialaccount import views as social
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from organizers.access import signed_in
from organizers.accounts import ID_TOKEN
from organizers.proconnect import ProConnectAdapter

LOGOUT_STATE = "proconnect_logout_state"


def _provider(request):
    """The configured provider; without one its addresses do not exist."""
    try:
        return get_adapter().get_provider(request, ProConnectAdapter.provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


@signed_in
def connections(request):
    _provider(request)
    return social.connections(request)


@never_cache
@require_POST
def login(request):
    _provider(request)
    return OAuth2LoginView.adapter_view(ProConnectAdapter)(request)


@never_cache
@require_safe
def callback(request):
    provider = _provider(request)
    try:
        return OAuth2CallbackView.adapter_view(ProConnectAdapter)(request)
    except (RequestException, ProviderException) as error:
        return render_authentication_error(request, provider, exception=error)


@never_cache
@require_safe
def logout(request):
    """A page that leads on to the provider's sign-out.

    Not a redirection of the form that signs out: the provider may lead on to an employer's address, which no
    `form-action` of ours can name.
    """
    provider = _provider(request)
    id_token = request.session.pop(ID_TOKEN, None)
    if not id_token:
        return redirect(settings.LOGOUT_REDIRECT_URL)
    state = request.session[LOGOUT_STATE] = get_random_string(43)
    back = settings.SITE_URL + reverse("proconnect_logged_out")
    try:
        url = ProConnectAdapter(request).logout_url(id_token, state, back)
    except (RequestException, ProviderException):
        url = ""
    return render(request, "socialaccount/logout.html", {"provider": provider, "url": url})


@never_cache
@require_safe
def logged_out(request):
    provider = _provider(request)
    state = request.session.pop(LOGOUT_STATE, "")
    if state and constant_time_compare(request.GET.get("state", ""), state):
        messages.success(request, f"Vous êtes déconnecté, d’ici et de {provider.name}.")
    return redirect("account_login")
