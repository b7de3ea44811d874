"""Pages that belong to no app: the law's, the communes to choose among, and the health of the machine."""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from semaine.celery import app as celery
from semaine.communes import label, suggestions
from semaine.public_pages import public_page

# Said wherever the operator has not said it.
MISSING = "(à compléter par l’exploitant)"


def page(template: str, name: str):
    """Return a view of a page that is all words; `name` ends its breadcrumb."""

    @public_page()
    @require_safe
    def view(request):
        context = {
            "crumbs": [(name, "")],
            "operator": settings.OPERATOR,
            "missing": MISSING,
            "site_url": settings.SITE_URL,
            "tile_host": settings.TILE_HOST.partition("//")[2],
        }
        return render(request, template, context)

    return view


def nowhere(request):
    raise Http404


# The communes change once a year; a browser that goes back over the letters asks nothing again.
@cache_control(public=True, max_age=3600)
@require_safe
def communes(request):
    """Answer the communes that `q`, the beginning of a name or of a postal code, may mean."""
    typed = request.GET.get("q", "")
    digits = typed.replace(" ", "")
    found = [
        {"code": each.pk, "label": label(each, digits), "name": each.name} for each in suggestions(typed)
    ]
    return JsonResponse({"communes": found}, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def health(request):
    """Answer the state of database, cache and queue; 503 when one is down."""
    states = {"database": _database(), "cache": _cache(), "queue": _queue()}
    down = [name for name, up in states.items() if not up]
    words = {name: "ok" if up else "down" for name, up in states.items()}
    return JsonResponse(words, status=503 if down else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache() -> bool:
    cache.set("health", "up", timeout=5)
    return cache.get("health") == "up"


def _queue() -> bool:
    try:
        with celery.connection_for_read() as queue:
            queue.ensure_connection(max_retries=1, timeout=1)
    except (OSError, KombuError):
        return False
    return True
