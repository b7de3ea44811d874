"""The door of the admin: agents of the State, each with a second factor used in this session."""

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import logout
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import re_path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from organizers import second_factor
from organizers.permissions import may_enter_admin
from semaine.views import nowhere


class ReferentSite(AdminSite):
    site_header = "Semaine de l’industrie – examen des événements"
    site_title = "Semaine de l’industrie"
    index_title = "Accueil"
    # `navigation.html` says what an agent may do, in words.
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Asked before every page of the admin, whatever it is."""
        return bool(may_enter_admin(request.user)) and second_factor.is_used(request, timezone.now())

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Lead to what is missing, then back: the sign-in, a second factor, or its use. No form of its own."""
        there = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(there)
        if not (answer := may_enter_admin(request.user)):
            raise PermissionDenied(answer.reason)
        if self.has_permission(request):
            return redirect(there)
        way, sentence = second_factor.way(request, there)
        messages.info(request, sentence)
        return redirect(way)

    def logout(self, request, extra_context=None):
        """The way out of the whole site: it knows the identity provider."""
        return logout(request)

    def password_change(self, request, extra_context=None):
        """The account's own page: it tells the person by mail."""
        return redirect("account_change_password")

    def get_urls(self):
        # The short cut to "the page on the site" would tell that an event of elsewhere exists.
        return [re_path("^r/", self.admin_view(nowhere)), *super().get_urls()]
