"""What the API answers when it cannot do what is asked: `{"errors": {field: [sentences]}}`, in French."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

# The field that an error is about when it is about none.
WHOLE = "api"
MESSAGES = {
    400: "Le corps de la requête n’est pas du JSON en UTF-8 : vérifiez-le avec un outil de votre langage.",
    401: "Donnez un jeton en cours de validité : « Authorization: Bearer … ». Un responsable de l’organisation "
    "le crée dans l’espace organisateur.",
    403: "Ce jeton ne permet pas de faire cela.",
    404: "Rien n’est publié à cette adresse : vérifiez-la dans la documentation, à /api/v1/.",
    405: "Cette adresse ne connaît pas cette méthode : la documentation, à /api/v1/, dit lesquelles.",
    413: "Le corps de la requête est trop long : 200 000 octets au plus.",
    415: "Envoyez du JSON : « Content-Type: application/json ».",
    429: "Trop de requêtes depuis votre adresse : attendez une minute.",
}


class TooLong(exceptions.APIException):
    status_code = 413


class Refusal(Exception):
    """What cannot be done, with all that is wrong: the status, the sentences by field, and the findings."""

    def __init__(self, status: int, errors: dict[str, list[str]], findings: tuple = ()):
        super().__init__(errors)
        self.status, self.errors, self.findings = status, errors, findings


def in_french(error, context) -> Response | None:
    """Answer what a view raised; None for a fault of ours, which the server then reports."""
    if isinstance(error, exceptions.ValidationError):
        return Response({"errors": error.detail}, status=400)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    status = error.status_code
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    return Response(body(status), status=status, headers=headers)


def body(status: int) -> dict:
    return {"errors": {WHOLE: [MESSAGES[status]]}}


def answer(status: int) -> JsonResponse:
    """The same where no view of the framework runs."""
    return JsonResponse(body(status), status=status, json_dumps_params={"ensure_ascii": False})
