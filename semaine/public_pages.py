"""Pages that are the same for everyone: a validator for whoever has one already, a whole page kept for the others."""

import hashlib
import time
from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response
from prometheus_client import Counter

from semaine.models import SiteRevision
from semaine.replica import public_read, read, read_from

# A page tells what is to come: slots end and days turn even when nobody changes anything.
BUCKET_SECONDS = 300
KEPT_SECONDS = 600
# While one makes a page, the others wait for it rather than make it too; after that long each makes its own.
WAIT_SECONDS = 5
LOOK_SECONDS = 0.02
# A proxy keeps a page for a second. With two, a page that was a second in the making under load was shown more than
# three seconds after what it told had changed (`make bench`).
SHARED = "public, max-age=0, must-revalidate, s-maxage=1"
answered = Counter("semaine_public_pages", "Public pages by how they were answered.", ["how"])
UNCHANGED, KEPT, MADE = "unchanged", "kept", "made"
# What each public page reads of its query string. Not those that another decorator then gives headers of its own.
_parameters: dict[Callable, tuple[str, ...]] = {}


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

        _parameters[answer] = parameters
        return answer

    return decorate


def conditional_first(get_response):
    """Answer who shows the validator that a public page has now, before sessions, headers and views are thought of."""

    def middleware(request):
        shown = request.headers.get("If-None-Match")
        if shown and request.method in ("GET", "HEAD") and (parameters := _asked(request)) is not None:
            query = _only(request.GET, parameters)
            try:
                validator, database = read_from(request, lambda: _validator(request, query))
            except OperationalError:
                # The page itself will say that the database is away, with the headers that every page has.
                validator = ""
            if shown == validator:
                read.labels(database).inc()
                answered.labels(UNCHANGED).inc()
                return HttpResponseNotModified(headers={"ETag": validator, "Cache-Control": SHARED})
        return get_response(request)

    return middleware


def _asked(request) -> tuple[str, ...] | None:
    """Return what the public page at an address reads of its query string; None for any other page."""
    try:
        view = resolve(request.path_info).func
    except Http404:
        return None
    return _parameters.get(view)


def _shared(request, make: Callable[[], HttpResponse]) -> HttpResponse:
    validator = _validator(request, request.GET)
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


def _validator(request, query: QueryDict) -> str:
    bucket = int(timezone.now().timestamp()) // BUCKET_SECONDS
    facts = (
        settings.CODE_VERSION,
        SiteRevision.objects.number(),
        bucket,
        request.path,
        query.urlencode(),
    )
    digest = hashlib.sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()[:32]
    return f'W/"{digest}"'


def _kept(key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer kept under a key, else make it, and keep it when it is a whole page.

    When a crowd asks for a page that nobody has made yet, one of them makes it.
    """
    if found := _found(key):
        return found
    making = f"{key}:making"
    if not cache.add(making, True, timeout=WAIT_SECONDS) and (found := _awaited(key, making)):
        return found
    try:
        answered.labels(MADE).inc()
        response = make()
        if response.status_code == 200 and not response.streaming and not response.cookies:
            cache.set(key, (response.content, response["Content-Type"]), timeout=KEPT_SECONDS)
    finally:
        cache.delete(making)
    return response


def _found(key: str) -> HttpResponse | None:
    if kept := cache.get(key):
        answered.labels(KEPT).inc()
        body, content_type = kept
        return HttpResponse(body, content_type=content_type)
    return None


def _awaited(key: str, making: str) -> HttpResponse | None:
    """Return the page that somebody else is making; None when they could not, or did not in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while cache.get(making) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return _found(key)
