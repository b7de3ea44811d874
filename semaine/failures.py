"""What a person reads when the site could not answer: it is not of their doing, and what they typed is not lost."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error
from psycopg.errors import QueryCanceled

RETRY_AFTER = 30  # seconds
AWAY = "Le site est indisponible pour un moment : réessayez dans une minute. Rien n’est à corriger dans votre demande."
TOO_LONG = (
    "Cette demande a pris trop de temps : précisez-la (un lieu, un jour…) ou réessayez dans une minute."
)
# What a page never gives back.
SECRETS = frozenset({"password", "password1", "password2", "oldpassword", "code", "credential"})


def failed(request):
    """Answer an error that nothing has caught: 503 where the database could not answer, which passes; else 500.

    The database says so when it is away, full, or when a statement takes too long.
    """
    error = sys.exception()
    if not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    words = TOO_LONG if isinstance(error.__cause__, QueryCanceled) else AWAY
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"errors": {"api": [words]}}, status=503)
    else:
        # No context processor: they ask the database.
        said = {"too_long": words if words == TOO_LONG else ""}
        response = render(None, "503.html", said | _typed(request), status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def _typed(request) -> dict:
    """Return what was typed, to be sent again by a button, unless the page may not or cannot give all of it back."""
    if request.method != "POST":
        return {}
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    is_whole = not request.FILES and not any(name in SECRETS for name, _ in typed)
    return {"was_sent": True, "typed": typed if is_whole else []}
