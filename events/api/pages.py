"""The documentation: the OpenAPI document as it is, the same as a page to read, and the answer to wrong addresses."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from events.api import errors, schema
from semaine.public_pages import public_page

METHODS = ("get", "post", "put")


@require_safe
def document(request):
    return JsonResponse(schema.document(), json_dumps_params={"ensure_ascii": False})


@public_page()
@require_safe
def page(request):
    """The same document, read by people."""
    context = {
        "crumbs": [("Interface pour les développeurs", "")],
        "operations": operations(schema.document()),
        "address": settings.SITE_URL + reverse("api_events"),
        "site": settings.SITE_URL,
    }
    return render(request, "events/api.html", context)


@csrf_exempt
def nothing(request, path=""):
    return errors.answer(404)


def operations(document: dict) -> list[dict]:
    """Return the operations of a document in words, those that read first."""
    found = [
        _operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    return sorted(found, key=lambda each: (METHODS.index(each["method"].lower()), each["path"]))


def _operation(path: str, method: str, told: dict) -> dict:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "parameters": [_parameter(each) for each in told.get("parameters", ())],
        "fields": [_field(name, each) for name, each in body.get("properties", {}).items()],
        "answers": [
            {"status": status, "words": each["description"]} for status, each in told["responses"].items()
        ],
    }


def _parameter(told: dict) -> dict:
    shape = told["schema"]
    inner = shape.get("items", shape)
    return {
        "name": told["name"],
        "words": told.get("description", ""),
        "repeats": shape.get("type") == "array",
        "values": inner.get("enum", []),
    }


def _field(name: str, told: dict) -> dict:
    return {"name": name, "words": told.get("description", "")}
