"""The door of the admin: agents of the State, each with a second factor used in this session."""

from functools import update_wrapper

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import logout
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from organizers import kept, second_factor
from organizers.permissions import may_enter_admin
from semaine.frame import frame
from semaine.views import nowhere

# How the pages call the fields in which one writes.
TEXTS = {"comment": "Explication", "text": "Texte", "subject": "Objet", "title": "Titre", "label": "Libellé"}
# What Django answers, twice asked for a filter that a list has not: it blames the database.
NO_SUCH_FILTER = "admin/invalid_setup.html"


class ReferentSite(AdminSite):
    site_header = "Semaine de l’industrie – examen des événements"
    site_title = "Semaine de l’industrie"
    index_title = "Accueil"
    # `navigation.html` says what an agent may do, in words.
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Asked before every page of the admin, whatever it is."""
        return bool(may_enter_admin(request.user)) and second_factor.is_used(request, timezone.now())

    def admin_view(self, view, cacheable=False):
        """Guard a page as Django does; a form that an agent sent too late is kept, and found again after the factor."""
        guarded = super().admin_view(view, cacheable)

        def keeping(request, *args, **kwargs):
            if request.method == "POST":
                if self.has_permission(request):
                    kept.forget_sent(request)
                elif may_enter_admin(request.user) and kept.keep_sent(request):
                    return redirect_to_login(reverse("admin:resume"), reverse("admin:login"))
            response = guarded(request, *args, **kwargs)
            if getattr(response, "template_name", "") == NO_SUCH_FILTER:
                raise BadRequest("A list cannot be narrowed by this.")
            return response

        return update_wrapper(keeping, guarded)

    def resume(self, request):
        """What was sent too late: to read again, and to send or not."""
        found = kept.sent(request) if request.method == "GET" else None
        if found is None:
            return redirect("admin:index")
        address, typed = found
        fields = [(name, value) for name, values in typed.lists() for value in values]
        context = {
            "title": "Ce que vous aviez écrit",
            "address": address,
            "texts": [(name, TEXTS.get(name, "Texte"), value) for name, value in fields if _is_text(value)],
            "others": [(name, value) for name, value in fields if not _is_text(value)],
        }
        return render(request, "admin/resume.html", frame(request) | context)

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
        mine = [
            re_path("^r/", self.admin_view(nowhere)),
            path("reprendre/", self.admin_view(self.resume), name="resume"),
        ]
        return [*mine, *super().get_urls()]


def _is_text(value: str) -> bool:
    """Is it words that somebody typed, and not a choice or a number?"""
    return len(value.split()) > 1
