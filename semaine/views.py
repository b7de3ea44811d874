"""Pages that belong to no app: the law's, the communes to choose among, and the health of the machine."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from semaine.communes import label, suggestions
from semaine.public_pages import public_page
from semaine.register import on_page

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
            "register": partial(on_page, MISSING),
            "tile_host": settings.TILE_HOST.partition("//")[2],
        }
        return render(request, template, context)

    return view


@cache_control(public=True, max_age=86_400)
@require_safe
def security(request):
    """Whom to tell of a fault of security (RFC 9116)."""
    contact = settings.OPERATOR["security_contact"]
    if not contact:
        raise Http404
    lines = (
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {timezone.now() + timedelta(days=180):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


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
