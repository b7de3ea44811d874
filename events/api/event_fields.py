"""The fields of an event in the API, in their order: what makes each, and its JSON Schema."""

from datetime import UTC

from drf_spectacular.drainage import set_override
from rest_framework import serializers

from events.api import documents as made
from events.api.documents import Labels, absolute, french, options, timing
from events.enums import Accessibility, AccessMode, Audience


def nullable(schema: dict) -> dict:
    return {"oneOf": [schema, {"type": "null"}]}


def listed(schema: dict) -> dict:
    return {"type": "array", "items": schema}


def object_of(**properties) -> dict:
    return {"type": "object", "properties": properties, "required": list(properties)}


def constant(value) -> dict:
    return {"const": value}


TEXT, NUMBER, WHOLE, YES_NO = ({"type": each} for each in ("string", "number", "integer", "boolean"))
OPTIONAL_TEXT, OPTIONAL_WHOLE = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
# By language; with « monolingual », the text alone.
FRENCH = {"type": ["object", "string", "null"], "properties": {"fr": TEXT}}
WORDS = {"type": ["object", "array", "null"], "properties": {"fr": listed(TEXT)}, "items": TEXT}
MOMENT = {"type": "string", "format": "date-time"}
TIMING = object_of(begin=MOMENT, end=MOMENT)
OPTION = object_of(value=TEXT, label=FRENCH)
SIZE = object_of(width=OPTIONAL_WHOLE, height=OPTIONAL_WHOLE)
VARIANT = object_of(filename=TEXT, size=SIZE, type=TEXT)
IMAGE = object_of(
    filename=TEXT, size=SIZE, variants=listed(VARIANT), base={"type": "string", "format": "uri"}
)
OPTIONAL_NUMBER = {"type": ["number", "null"]}
LOCATION = object_of(
    uid=WHOLE, name=TEXT, address=TEXT, city=TEXT, postalCode=TEXT, insee=TEXT, department=TEXT,
    region=OPTIONAL_TEXT, adminLevel1=OPTIONAL_TEXT, adminLevel2=TEXT, adminLevel3=OPTIONAL_TEXT, adminLevel4=TEXT,
    adminLevel5=OPTIONAL_TEXT, district=OPTIONAL_TEXT, countryCode=TEXT, latitude=OPTIONAL_NUMBER,
    longitude=OPTIONAL_NUMBER, precision=OPTIONAL_TEXT, timezone=TEXT, extIds={"type": "null"},
)  # fmt: skip
AGENDA = object_of(
    uid=WHOLE, title=TEXT, slug=TEXT, description=TEXT, url=TEXT, image={"type": "null"}, official=YES_NO
)
ORGANIZER = object_of(uid=WHOLE, slug=TEXT, name=TEXT, url=TEXT)
REGISTRATION = object_of(type={"enum": ["link", "email", "phone"]}, value=TEXT)


def described(schema: dict, words: str) -> dict:
    return schema | {"description": words}


def exact(value) -> str:
    """Return a moment to the microsecond: what was changed a moment later is changed later."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# Of a card and the names of the terms.
FIELDS = {
    "uid": (lambda card, _: card.event.pk, described(WHOLE, "Identifiant de l’événement, qui ne change pas.")),
    "uuid": (lambda card, _: card.uid, {"type": "string", "format": "uuid"}),
    "slug": (lambda card, _: card.event.slug, TEXT),
    "canonicalUrl": (lambda card, _: absolute(card.get_absolute_url), {"type": "string", "format": "uri"}),
    "title": (lambda card, _: french(card.title), FRENCH),
    "description": (lambda card, _: french(card.summary), FRENCH),
    "longDescription": (lambda card, _: french(card.event.description), described(FRENCH, "Markdown léger.")),
    "conditions": (lambda card, _: french(made.conditions(card)), FRENCH),
    "keywords": (lambda card, labels: made.keywords(card, labels), WORDS),
    "image": (lambda card, _: made.image(card), nullable(IMAGE)),
    "imageAlt": (lambda card, _: card.event.image_alt or None, OPTIONAL_TEXT),
    "imageCredits": (lambda card, _: card.event.image_credit or None, OPTIONAL_TEXT),
    "registration": (lambda card, _: made.registration(card), listed(REGISTRATION)),
    "accessibility": (
        lambda card, _: made.accessibility(card),
        object_of(**dict.fromkeys(Accessibility.values, YES_NO)),
    ),
    "timings": (
        lambda card, _: [timing(each, card.event.timezone) for each in card.slots],
        listed(TIMING),
    ),
    "firstTiming": (lambda card, _: timing(next(iter(card.slots), None), card.event.timezone), nullable(TIMING)),
    "lastTiming": (lambda card, _: timing(card.slots[-1], card.event.timezone) if card.slots else None,
                   nullable(TIMING)),
    "nextTiming": (lambda card, _: timing(made.coming(card), card.event.timezone), nullable(TIMING)),
    "dateRange": (lambda card, _: french(made.date_range(card)), FRENCH),
    "age": (
        lambda card, _: {"min": card.event.age_min, "max": card.event.age_max},
        object_of(min=OPTIONAL_WHOLE, max=OPTIONAL_WHOLE),
    ),
    "attendanceMode": (
        lambda card, _: made.mode(card),
        described({"enum": [1, 2, 3]}, "1 sur place, 2 en ligne, 3 les deux."),
    ),
    "onlineAccessLink": (lambda card, _: card.online_url or None, OPTIONAL_TEXT),
    "location": (lambda card, _: made.location(card), nullable(LOCATION)),
    "timezone": (lambda card, _: card.event.timezone, TEXT),
    "status": (
        lambda card, _: made.status(card),
        described({"enum": [1, 5, 6]}, "1 programmé, 5 complet, 6 annulé."),
    ),
    "state": (lambda card, _: made.PUBLISHED, described(constant(2), "2 : publié.")),
    "featured": (lambda card, _: hasattr(card.event, "featured"), described(YES_NO, "À la une de l’accueil.")),
    "private": (lambda card, _: 0, constant(0)),
    "draft": (lambda card, _: 0, constant(0)),
    "links": (lambda card, _: [], listed({"type": "object"})),
    "originAgenda": (lambda card, _: made.agenda(card), AGENDA),
    "sourceAgendas": (lambda card, _: [], listed({"type": "object"})),
    "extIds": (lambda card, _: None, {"type": "null"}),
    "createdAt": (lambda card, _: exact(card.event.created_at), MOMENT),
    "updatedAt": (lambda card, _: exact(card.event.updated_at), MOMENT),
    # What the Semaine adds.
    "type-devenement": (
        lambda card, labels: next(iter(options(filter(None, [card.event.format_code]), labels.formats)), None),
        nullable(OPTION),
    ),
    "publics": (
        lambda card, _: made.audiences(card),
        described(listed(OPTION), f"Parmi : {', '.join(Audience.values)}."),
    ),
    "filieres": (lambda card, labels: options(card.event.sector_codes, labels.sectors), listed(OPTION)),
    "themes": (lambda card, labels: options(card.event.topic_codes, labels.topics), listed(OPTION)),
    "acces": (
        lambda card, _: made.access(card),
        described(nullable(OPTION), f"Parmi : {', '.join(AccessMode.values)}."),
    ),
    "reserve-a": (lambda card, _: card.reserved_to or None, OPTIONAL_TEXT),
    "inscription": (lambda card, _: made.how_to_register(card), nullable(OPTION)),
    "gratuit": (lambda card, _: bool(card.event.is_free), YES_NO),
    "nombre-de-places": (lambda card, _: card.event.capacity, OPTIONAL_WHOLE),
    "contact-public": (lambda card, _: card.event.public_contact or None, OPTIONAL_TEXT),
    "page-a-consulter": (lambda card, _: card.event.more_info_url or None, OPTIONAL_TEXT),
    "partenaires": (lambda card, _: card.event.partners or None, OPTIONAL_TEXT),
    "organisateur": (lambda card, _: made.organizer(card), ORGANIZER),
    "numero-de-label": (lambda card, _: card.label_number, TEXT),
    "exemple": (lambda card, _: card.is_example, described(YES_NO, "Vrai pour un événement inventé.")),
}  # fmt: skip


class Made(serializers.Field):
    """A value that a function makes of the whole, and its JSON Schema."""

    def __init__(self, make, schema: dict):
        super().__init__(source="*", read_only=True)
        self.make = make
        set_override(self, "field", schema)

    def to_representation(self, value):
        return self.make(value, self.context.get("labels"))


class EventSerializer(serializers.Serializer):
    """Reads a card; `labels` of the context are the names of the terms."""

    def get_fields(self):
        return {name: Made(*field) for name, field in FIELDS.items()}


def documents(cards, labels: Labels) -> list[dict]:
    return EventSerializer(cards, many=True, context={"labels": labels}).data


def tombstone(pk: int, updated_at) -> dict:
    """All that is told of an event that left: which one, and when."""
    return {"uid": pk, "removed": True, "updatedAt": exact(updated_at)}


TOMBSTONE = object_of(uid=WHOLE, removed=constant(True), updatedAt=MOMENT)
