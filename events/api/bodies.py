"""What a submitted event may look like: one JSON Schema, which the documentation shows and against which it is read."""

from functools import cache

from rest_framework.exceptions import ValidationError

from events.api.fields import LONGEST_LIST
from events.enums import Accessibility, AccessMode, Audience
from events.imports.limits import MOST_SLOTS

LONGEST = 12_000
TEXT = {"type": ["string", "null"], "maxLength": LONGEST}
# As OpenAgenda writes texts, or plainly.
FRENCH = {
    "anyOf": [
        TEXT,
        {"type": "object", "properties": {"fr": TEXT}, "additionalProperties": TEXT, "maxProperties": 50},
    ]
}
WORD = {
    "anyOf": [
        {"type": ["string", "integer", "null"], "maxLength": 300},
        {"type": "object", "properties": {"label": FRENCH}, "maxProperties": 50},
    ]
}
WORDS = {"anyOf": [WORD, {"type": "array", "items": WORD, "maxItems": LONGEST_LIST}]}
DEGREES = {"type": ["number", "null"]}
WHOLE = {"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000}


def _said(schema: dict, words: str) -> dict:
    return schema | {"description": words}


PLACE = {
    "type": ["object", "null"],
    "properties": {
        "name": TEXT,
        "address": TEXT,
        "postalCode": TEXT,
        "city": TEXT,
        "adminLevel1": TEXT,
        "adminLevel2": TEXT,
        "adminLevel4": TEXT,
        "department": TEXT,
        "region": TEXT,
        "precision": TEXT,
        "latitude": DEGREES | {"minimum": -90, "maximum": 90},
        "longitude": DEGREES | {"minimum": -180, "maximum": 180},
    },
}
SLOT = {
    "type": "object",
    "properties": {"begin": {"type": "string"}, "end": {"type": "string"}},
    "required": ["begin", "end"],
}
CONTACT = {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"value": TEXT}}]}
# `description` is also what a wrong value is told to be instead.
EVENT = {
    "type": "object",
    "properties": {
        "title": _said(FRENCH, 'un texte de 140 caractères au plus, ou {"fr": texte}'),
        "description": _said(FRENCH, 'le résumé : 200 caractères au plus, ou {"fr": texte}'),
        "longDescription": _said(FRENCH, 'un texte de 10 000 caractères au plus, ou {"fr": texte}'),
        "conditions": _said(FRENCH, 'un texte comme « Gratuit », ou {"fr": texte}'),
        "gratuit": _said({"type": ["boolean", "null"]}, "true ou false"),
        "timings": _said(
            {"type": ["array", "null"], "items": SLOT, "maxItems": MOST_SLOTS},
            'une liste de créneaux {"begin": …, "end": …}, en ISO 8601 avec le décalage de l’heure',
        ),
        "timezone": _said(TEXT, "un fuseau comme Europe/Paris"),
        "attendanceMode": _said({"enum": [1, 2, 3, None]}, "1 sur place, 2 en ligne ou 3 les deux"),
        "onlineAccessLink": _said(TEXT, "une adresse https://…"),
        "location": _said(PLACE, "un lieu : name, address, postalCode, city, latitude, longitude"),
        "registration": _said(
            {"type": ["array", "null"], "items": CONTACT, "maxItems": LONGEST_LIST},
            "une liste de liens, de courriels ou de téléphones",
        ),
        "accessibility": _said(
            {
                "type": ["object", "null"],
                "properties": {code: {"type": ["boolean", "null"]} for code in Accessibility.values},
            },
            f"true ou false pour {', '.join(Accessibility.values)}",
        ),
        "age": _said(
            {"type": ["object", "null"], "properties": {"min": WHOLE, "max": WHOLE}},
            '{"min": nombre, "max": nombre}',
        ),
        "publics": _said(WORDS, f"une liste de codes parmi {', '.join(Audience.values)}"),
        "type-devenement": _said(WORDS, "un code de /api/v1/facets, nature"),
        "filieres": _said(WORDS, "une liste de codes de /api/v1/facets, filiere"),
        "themes": _said(WORDS, "une liste de codes de /api/v1/facets, theme"),
        "acces": _said(WORDS, f"un code parmi {', '.join(AccessMode.values)}"),
        "inscription": _said(WORDS, "« france-travail », quand on s’inscrit là"),
        "reserve-a": _said(TEXT, "un texte de 200 caractères au plus"),
        "nombre-de-places": _said(WHOLE, "un nombre entier"),
        "participants-attendus": _said(WHOLE, "un nombre entier"),
        "contact-nom": _said(TEXT, "un texte, que seul le référent lit"),
        "contact-email": _said(TEXT, "un courriel, que seul le référent lit"),
        "contact-telephone": _said(TEXT, "un téléphone, que seul le référent lit"),
        "contact-public": _said(TEXT, "un texte que tout le monde lit"),
        "page-a-consulter": _said(TEXT, "une adresse https://…"),
        "partenaires": _said(TEXT, "un texte de 300 caractères au plus"),
    },
}
KINDS = {dict: "un objet", list: "une liste", bool: "true ou false", type(None): "null"}


def checked(body) -> dict:
    """Return a body that has the shape of an event; else raise ValidationError with a sentence per field."""
    if not isinstance(body, dict):
        raise ValidationError({"api": [f"Trouvé : {_words(body)} ; attendu : un objet JSON, un événement."]})
    found = {}
    for error in _validator().iter_errors(body):
        place = list(error.absolute_path)
        found.setdefault(str(place[0]), f"« {_path(place)} » : trouvé {_words(error.instance)} ; attendu : "
                         f"{EVENT['properties'][place[0]]['description']}.")  # fmt: skip
    if found:
        raise ValidationError({name: [sentence] for name, sentence in found.items()})
    return body


@cache
def _validator():
    from jsonschema import (
        Draft202012Validator,
    )  # loaded by who sends an event, not at each start of a process

    return Draft202012Validator(EVENT)


def _path(place: list) -> str:
    """« timings[2].begin »."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)[1:]


def _words(value) -> str:
    if type(value) in KINDS:
        return KINDS[type(value)]
    text = str(value)
    return f"« {text[:60]} »" if len(text) <= 60 else f"« {text[:60]}… » ({len(text)} caractères)"
