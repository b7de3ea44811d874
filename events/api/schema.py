"""The words and shapes of the documentation, and how the parameters come into it from the filters."""

from functools import cache

from drf_spectacular.extensions import OpenApiFilterExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from events.api import errors
from events.api.event_fields import (
    FIELDS,
    OPTIONAL_TEXT,
    TEXT,
    TOMBSTONE,
    WHOLE,
    listed,
    object_of,
)
from events.api.fields import (
    LONGEST_LIST,
    MOST,
    USUAL,
    DegreesField,
    ListField,
    MappedField,
    MomentField,
    SizeField,
)
from events.api.filters import AgendaFilter
from events.filter_fields import ChoiceField, ChoicesField, CommunesField, NamedDayField, RadiusField

EVENTS_WORDS = (
    "Le format est celui des événements d’OpenAgenda (v2). Sans paramètre : les événements à venir de l’édition en "
    "cours. Pour la page suivante, redonnez les valeurs « after » de la réponse, dans leur ordre. Pour tenir une "
    "copie à jour : « updatedAt[gte] » avec la date du dernier appel, moins une minute, et « removed=null » : ce qui "
    "a quitté le programme, ou ce que nomment vos paramètres, est dit par son « uid » et sa date, sans plus."
)
WORDS = {
    "q": 'Mots du titre, du résumé, du lieu ou de l’organisateur ; une "phrase exacte" entre guillemets.',
    "edition": "Année d’une édition publiée ; sans elle, l’édition en cours.",
    "region": "Codes INSEE de régions.",
    "departement": "Codes INSEE de départements.",
    "commune": "Codes INSEE de communes.",
    "pres": "Près d’une commune (code INSEE) ou d’un point (latitude,longitude).",
    "ou": "Près d’un lieu écrit comme on le dit : « Belfort », « 90000 ».",
    "rayon": "Avec « pres » : distance en km.",
    "du": "Premier jour, sur le calendrier du lieu.",
    "au": "Dernier jour, sur le calendrier du lieu.",
    "jour": "Jours nommés par un mot.",
    "public": "Publics accueillis.",
    "nature": "Codes de natures d’événement : voir /api/v1/facets.",
    "filiere": "Codes de filières : voir /api/v1/facets.",
    "theme": "Codes de thèmes : voir /api/v1/facets.",
    "mode": "Sur place, en ligne ou les deux.",
    "acces": "Conditions d’accès.",
    "accessibilite": "Handicaps accueillis ; tous ceux demandés ensemble.",
    "organisateur": "Nom d’une organisation tel qu’il est dans l’adresse de sa page.",
    "passes": "« oui » : aussi ce qui est terminé.",
    "bbox": "Zone : ouest,sud,est,nord, en degrés.",
    "tri": "Ordre : par date, par distance (avec « pres ») ou par pertinence (avec « q »).",
    "search": "OpenAgenda : mots, comme « q ».",
    "relative": "OpenAgenda : terminés, en cours, à venir ; plusieurs valeurs s’ajoutent.",
    "timings[gte]": "OpenAgenda : un créneau finit après ce moment.",
    "timings[lte]": "OpenAgenda : un créneau commence avant ce moment.",
    "updatedAt[gte]": "OpenAgenda : changés depuis ce moment.",
    "updatedAt[lte]": "OpenAgenda : changés avant ce moment.",
    "geo[southWest][lng]": "OpenAgenda : ouest de la zone ; les quatre coins vont ensemble.",
    "geo[southWest][lat]": "OpenAgenda : sud de la zone.",
    "geo[northEast][lng]": "OpenAgenda : est de la zone.",
    "geo[northEast][lat]": "OpenAgenda : nord de la zone.",
    "adminLevel1": "OpenAgenda : noms de régions.",
    "adminLevel2": "OpenAgenda : noms de départements.",
    "adminLevel4": "OpenAgenda : noms de communes.",
    "department": "Comme « adminLevel2 ».",
    "city": "Comme « adminLevel4 ».",
    "uid": "OpenAgenda : identifiants d’événements.",
    "slug": "OpenAgenda : noms d’événements tels qu’ils sont dans leur adresse.",
    "accessibility": "OpenAgenda : comme « accessibilite ».",
    "attendanceMode": "OpenAgenda : 1 sur place, 2 en ligne, 3 les deux.",
    "status": "OpenAgenda : 1 programmé, 5 complet, 6 annulé.",
    "removed": "OpenAgenda : « null » dit aussi ce qui a quitté le programme, « 1 » ne dit que cela.",
    "sort": "OpenAgenda : ordre ; avec « removed », celui des changements.",
    "featured": "OpenAgenda : 1, ceux qui sont à la une ; 0, les autres.",
    "keyword": "OpenAgenda : noms de filières ou de thèmes, que l’événement a tous.",
    "monolingual": "OpenAgenda : « fr », chaque texte seul au lieu d’un texte par langue.",
    "includeFields": "OpenAgenda : les seuls champs à donner, comme title ou location.city ; « uid » l’est toujours.",
    "if": "Comme « includeFields ».",
    "size": "Nombre d’événements d’une page.",
    "after": "Valeurs « after » de la page précédente, dans leur ordre.",
}
EVENT = {
    "type": "object",
    "properties": {name: schema for name, (_, schema) in FIELDS.items()},
    "required": list(FIELDS),
}
# What is asked for of it: « includeFields » leaves the rest out.
SOME_OF_EVENT = EVENT | {"required": ["uid"]}
CURSOR = {"oneOf": [listed(TEXT), {"type": "null"}]}
EVENTS = object_of(
    total=WHOLE, events=listed({"anyOf": [SOME_OF_EVENT, TOMBSTONE]}), sort=listed(TEXT), after=CURSOR
)
ONE_EVENT = object_of(event=EVENT)
CHOICE = object_of(value=TEXT, label=TEXT, count=WHOLE)
FACETS = object_of(total=WHOLE, over=WHOLE, facets={"type": "object", "additionalProperties": listed(CHOICE)})
ORGANIZATION = object_of(
    uid=WHOLE, slug=TEXT, name=TEXT, kind=object_of(value=TEXT, label=TEXT), website=OPTIONAL_TEXT,
    city=OPTIONAL_TEXT, department=OPTIONAL_TEXT, region=OPTIONAL_TEXT, url=TEXT, events=WHOLE,
)  # fmt: skip
ORGANIZATIONS = object_of(total=WHOLE, organizations=listed(ORGANIZATION), after=CURSOR)
DEPARTMENT = object_of(code=TEXT, name=TEXT, url=TEXT, events=WHOLE)
TERRITORIES = object_of(
    territories=listed(
        object_of(
            code=OPTIONAL_TEXT, name=TEXT, url=OPTIONAL_TEXT, events=WHOLE, departments=listed(DEPARTMENT)
        )
    )
)
ERRORS = object_of(errors={"type": "object", "additionalProperties": listed(TEXT)})
FINDING = object_of(
    rule=TEXT, ruleLabel=TEXT, verdict={"enum": ["passed", "failed", "needs_review"]}, message=TEXT, found=TEXT,
    wanted=TEXT, field=OPTIONAL_TEXT,
)  # fmt: skip
REFUSAL = ERRORS | {"properties": ERRORS["properties"] | {"findings": listed(FINDING)}}
VERDICT = object_of(
    valid={"type": "boolean"}, findings=listed(FINDING), errors=ERRORS["properties"]["errors"]
)
WRITTEN = object_of(
    uid=WHOLE, uuid=TEXT, status=TEXT, statusLabel=TEXT, version=WHOLE, url=OPTIONAL_TEXT, editUrl=TEXT,
    pendingChange={"type": "boolean"}, label=OPTIONAL_TEXT, valid={"type": "boolean"}, findings=listed(FINDING),
    updatedAt=TEXT,
)  # fmt: skip
SAID = {
    400: "Une valeur est fausse : chaque phrase nomme le champ, ce qui a été trouvé et ce qui est attendu.",
    401: "Le jeton manque ou ne vaut plus.",
    404: "Rien n’est publié à cette adresse.",
    409: "L’événement ne peut pas changer maintenant : la phrase dit pourquoi.",
    413: "Le corps de la requête est trop long.",
    415: "Le corps de la requête n’est pas annoncé comme du JSON.",
    422: "L’événement ne peut pas être écrit ou envoyé : tout ce qui est à corriger.",
    429: "Trop de requêtes : attendez le nombre de secondes de « Retry-After ».",
}


def answers(schema: dict, *statuses: int, words: str = "") -> dict:
    """Return the answers of an operation: what it gives, and the errors that it may give."""
    refused = {
        status: OpenApiResponse(REFUSAL if status in (409, 422) else ERRORS, SAID[status])
        for status in statuses
    }
    return {200: OpenApiResponse(schema, words or "Ce qui est demandé.")} | refused


def written(words: str) -> OpenApiResponse:
    return OpenApiResponse(WRITTEN, words)


class Described(AutoSchema):
    """Every reading view has the parameters of its filter, whether it answers a list or not."""

    def get_filter_backends(self):
        return getattr(self.view, "filter_backends", [])

    def get_tags(self):
        return ["Lire" if self.method == "GET" else "Écrire"]


class ProgrammeParameters(OpenApiFilterExtension):
    target_class = "events.api.backend.ProgrammeBackend"
    priority = 1

    def get_schema_operation_parameters(self, auto_schema, *args, **kwargs):
        left_out = getattr(auto_schema.view, "left_out", ())
        return [
            parameter(name, each.field)
            for name, each in AgendaFilter.base_filters.items()
            if name not in left_out
        ]


def parameter(name: str, field) -> dict:
    """Return a parameter of the query string as OpenAPI describes it."""
    found = {"name": name, "in": "query", "description": WORDS[name], "schema": _shape(field)}
    return found | ({"explode": True, "style": "form"} if found["schema"].get("type") == "array" else {})


def _shape(field) -> dict:
    choices = [code for code, _ in getattr(field, "choices", ()) if code]
    if isinstance(field, MappedField):
        return listed({"type": "string", "enum": list(field.codes)}) | {"maxItems": LONGEST_LIST}
    if isinstance(field, CommunesField | ListField):
        return listed(TEXT) | {"maxItems": LONGEST_LIST}
    if isinstance(field, ChoicesField):
        return listed({"type": "string", "enum": choices} if choices else TEXT)
    if isinstance(field, ChoiceField):
        return {"type": "string", "enum": choices}
    if isinstance(field, SizeField):
        return {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    if isinstance(field, RadiusField):
        return {"type": "integer", "minimum": field.LEAST, "maximum": field.MOST}
    if isinstance(field, DegreesField):
        return {"type": "number", "minimum": -field.most, "maximum": field.most}
    if isinstance(field, NamedDayField):
        return {"type": "string", "format": "date"}
    if isinstance(field, MomentField):
        return {"type": "string", "format": "date-time"}
    longest = getattr(field, "max_length", None)
    return TEXT | ({"maxLength": longest} if longest else {})


@cache
def document() -> dict:
    """Return the OpenAPI document of the whole API, made from its code once."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    found["info"]["description"] = (
        "Les événements labellisés de la Semaine de l’industrie, sans clé, au format d’OpenAgenda (v2). "
        f"Une erreur est dite en français, par champ ; « {errors.WHOLE} » quand elle n’en concerne aucun."
    )
    return found
