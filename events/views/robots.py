from django.conf import settings
from django.contrib.sitemaps import views
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.sitemaps import SITEMAPS, files

# Addresses of which there are as many as choices of filters or of events; pages that nobody searches.
UNREAD = (
    "/admin/", "/compte/", "/espace/", "/carte/?", "/carte/donnees.json", "/editions/*?", "/integration/*/",
    "/ma-selection/?", "/ma-selection.ics", "/oembed/", "/programme/?", "/programme.",
)  # fmt: skip
KEPT = cache_control(public=True, max_age=600)
READ = ("/programme/?page=",)


@KEPT
@require_safe
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in UNREAD), *(f"Allow: {path}" for path in READ)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@KEPT
@require_safe
def index(request):
    """List the files of addresses. Not Django's own view, whose addresses begin with the name that was asked."""
    context = {"sitemaps": list(files())}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


@KEPT
@require_safe
def section(request, section):
    return views.sitemap(request, SITEMAPS, section=section)
