"""What stands before every address of the API: how often one address may call, and who may read the answer."""

import re
from functools import wraps

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, QueryDict

from events.api import errors
from semaine.limits import may_go_on
from semaine.public_pages import public_page

MINUTE = 60
# OpenAgenda writes a list as `uid[]=1&uid[]=2`, some libraries as `uid[0]=1&uid[1]=2`.
OF_A_LIST = re.compile(r"\[\d{0,4}\]$")
ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def open_data(*parameters: str):
    """Mark a view as read by everybody, by the scripts of any site too; kept and validated as a public page."""

    def decorate(view):
        kept = public_page(*parameters)(_rendered(view))

        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers=ANY_SITE | PREFLIGHT)
            response = _within(request, "read", lambda: _asked(request, kept, *args, **kwargs))
            for name, value in ANY_SITE.items():
                response[name] = value
            return response

        return answer

    return decorate


def limited(action: str):
    """Mark a view that costs more: one address calls it as often as `API_LIMITS` says."""

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            response = _within(request, action, lambda: view(request, *args, **kwargs))
            response["Cache-Control"] = "no-store"
            return response

        return answer

    return decorate


def _within(request, action: str, make) -> HttpResponse:
    most = settings.API_LIMITS[action]
    if may_go_on(request, f"api-{action}", at_most=most, seconds=MINUTE, by_address=True):
        return make()
    response = errors.answer(429)
    response["Retry-After"] = MINUTE
    return response


def _asked(request, view, *args, **kwargs) -> HttpResponse:
    try:
        request.GET = plain(request.GET)
    except SuspiciousOperation:  # more than a thousand parameters
        return errors.answer(400)
    return view(request, *args, **kwargs)


def plain(query: QueryDict) -> QueryDict:
    """Return the query with each list under one name: `uid[]` and `uid[0]` are `uid`."""
    found = QueryDict(mutable=True)
    for name, values in query.lists():
        found.setlistdefault(OF_A_LIST.sub("", name)).extend(values)
    found._mutable = False
    return found


def _rendered(view):
    """The framework renders after the view; what is kept is the whole answer."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        return response.render() if hasattr(response, "render") else response

    return answer
