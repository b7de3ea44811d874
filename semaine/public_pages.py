"""Pages that are the same for everyone: a validator for whoever has one already, a whole page kept for the others."""

import hashlib
from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response

from semaine.models import SiteRevision
from semaine.replica import public_read

# A page tells what is to come: slots end and days turn even when nobody changes anything.
BUCKET_SECONDS = 300
KEPT_SECONDS = 600
SHARED = "public, max-age=0, must-revalidate, s-maxage=2"


def public_page(*parameters: str):
    """Mark a view as the same for everyone: while nothing that the public sees changes, it is made once.

    `parameters`: those of the query string that it reads. All others are taken away before it runs, so that they
    multiply neither the pages kept nor the links in them. An answer has a weak validator made of the code, the site's
    revision, the address and a five-minute bucket; who shows it again gets a 304, one query later.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            request.GET = _only(request.GET, parameters)
            make = partial(view, request, *args, **kwargs)
            return public_read(request, lambda: _shared(request, make))

        return answer

    return decorate


def _shared(request, make: Callable[[], HttpResponse]) -> HttpResponse:
    validator = _validator(request)
    response = get_conditional_response(request, etag=validator) or _kept(validator, make)
    if response.status_code in (200, 304):
        response["ETag"] = validator
        response["Cache-Control"] = SHARED
    return response


def _only(query: QueryDict, parameters: tuple[str, ...]) -> QueryDict:
    """Return the known parameters, each with its values as given, in one order of names."""
    known = QueryDict(mutable=True)
    for name in sorted(parameters):
        if name in query:
            known.setlist(name, query.getlist(name))
    known._mutable = False
    return known


def _validator(request) -> str:
    bucket = int(timezone.now().timestamp()) // BUCKET_SECONDS
    facts = (
        settings.CODE_VERSION,
        SiteRevision.objects.number(),
        bucket,
        request.path,
        request.GET.urlencode(),
    )
    digest = hashlib.sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()[:32]
    return f'W/"{digest}"'


def _kept(key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer kept under a key, else make it, and keep it when it is a whole page."""
    if found := cache.get(key):
        body, content_type = found
        return HttpResponse(body, content_type=content_type)
    response = make()
    if response.status_code == 200 and not response.streaming and not response.cookies:
        cache.set(key, (response.content, response["Content-Type"]), timeout=KEPT_SECONDS)
    return response
