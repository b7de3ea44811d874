"""The columns of the programme as data: one table for CSV, XLSX, JSON, GeoJSON and the schema that describes them.

Where OpenAgenda's open data has the same fact in the same form, the column bears the same name.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings

from events.cards import Card
from events.enums import Accessibility, AccessMode, AttendanceMode, Audience, Precision, RegistrationKind
from semaine.dates import local
from semaine.text import without_controls

STRING, INTEGER, NUMBER, BOOLEAN, DATETIME = "string", "integer", "number", "boolean", "datetime"
# JSON in a cell; codes with a comma between them.
ARRAY, CODES = "array", "codes"
SCHEDULED, FULL, CANCELLED = "programme", "complet", "annule"


class Column(NamedTuple):
    """`read` gives text, a number, a truth or a list, and None where nothing is known."""

    name: str
    kind: str
    title: str
    description: str
    read: Callable[[Card], Any]
    required: bool = False
    choices: tuple[str, ...] = ()


def record(card: Card) -> dict[str, Any]:
    """Return an event as JSON tells it: every column, None where nothing is known."""
    return {column.name: _told(column.read(card)) for column in COLUMNS}


def _told(value):
    if isinstance(value, str):
        value = without_controls(value)
    # 0 and False are known.
    return None if value in ("", []) else value


def of(name: str) -> Callable[[Card], Any]:
    """Return the reader of a field of the event."""
    return lambda card: getattr(card.event, name)


def placed(read: Callable) -> Callable[[Card], Any]:
    """Return a reader that tells nothing of an event that takes place nowhere; `read` is given the event."""
    return lambda card: read(card.event) if card.event.commune else None


def _region(event):
    return event.commune.department.region


def _status(card: Card) -> str:
    if card.is_cancelled:
        return CANCELLED
    return FULL if card.is_full else SCHEDULED


def _moment(card: Card, moment) -> str:
    return local(moment, card.event.timezone).isoformat()


def _at(index: int, name: str) -> Callable[[Card], str]:
    """Return the reader of a moment of the first or the last slot."""
    return lambda card: _moment(card, getattr(card.slots[index], name)) if card.slots else ""


def _timings(card: Card) -> list[dict]:
    return [
        {"begin": _moment(card, slot.starts_at), "end": _moment(card, slot.ends_at)} for slot in card.slots
    ]


def _image(card: Card) -> str:
    return settings.SITE_URL + card.event.image.url if card.event.image else ""


COLUMNS = (
    Column("uid", STRING, "Identifiant", "Ne change jamais.", lambda c: c.uid, required=True),
    Column(
        "canonicalurl", STRING, "Adresse", "La page de l’événement sur ce site.",
        lambda c: settings.SITE_URL + c.get_absolute_url, required=True,
    ),
    Column("slug", STRING, "Nom dans l’adresse", "Unique dans une édition.", of("slug"), required=True),
    Column(
        "edition", INTEGER, "Édition", "L’année de l’édition.", lambda c: c.event.edition.year, required=True
    ),
    Column("label_number", STRING, "Numéro de label", "Le label se vérifie à son numéro.", of("label_number")),
    Column(
        "status", STRING, "État",
        "« annule » : l’événement n’a pas lieu. « complet » : il a lieu, il n’y a plus de place.",
        _status, required=True, choices=(SCHEDULED, FULL, CANCELLED),
    ),
    Column(
        "is_example", BOOLEAN, "Exemple", "Vrai pour un événement inventé pour une démonstration.",
        lambda c: c.is_example, required=True,
    ),
    Column("title_fr", STRING, "Titre", "140 caractères au plus.", of("title"), required=True),
    Column("description_fr", STRING, "Résumé", "200 caractères au plus.", of("summary")),
    Column(
        "longdescription_fr", STRING, "Description", "En Markdown, 10 000 caractères au plus.", of("description")
    ),
    Column("format", STRING, "Nature", "Le code de la nature, comme dans les filtres.", of("format_code")),
    Column("format_label", STRING, "Nature, en toutes lettres", "Par exemple « Visite d’entreprise ».",
           lambda c: c.format_label),
    Column("sectors", CODES, "Filières", "Les codes des filières.", of("sector_codes")),
    Column("topics", CODES, "Thèmes", "Les codes des thèmes transversaux.", of("topic_codes")),
    Column(
        "audiences", CODES, "Publics", "Les codes des publics.", of("audience_codes"),
        choices=tuple(Audience.values),
    ),
    Column("age_min", INTEGER, "Âge minimum", "En années.", of("age_min")),
    Column("age_max", INTEGER, "Âge maximum", "En années.", of("age_max")),
    Column("daterange_fr", STRING, "Dates", "En toutes lettres.", lambda c: c.dates_label),
    Column("firstdate_begin", DATETIME, "Premier début", "À l’heure du lieu.", _at(0, "starts_at")),
    Column("firstdate_end", DATETIME, "Première fin", "À l’heure du lieu.", _at(0, "ends_at")),
    Column("lastdate_begin", DATETIME, "Dernier début", "À l’heure du lieu.", _at(-1, "starts_at")),
    Column("lastdate_end", DATETIME, "Dernière fin", "À l’heure du lieu.", _at(-1, "ends_at")),
    Column(
        "timings", ARRAY, "Créneaux", "Tous les créneaux, chacun avec son début (begin) et sa fin (end).", _timings
    ),
    Column(
        "timezone", STRING, "Fuseau horaire", "Celui du lieu, par exemple « Indian/Reunion ».", of("timezone"),
        required=True,
    ),
    Column(
        "mode", STRING, "Mode", "Sur place, en ligne ou les deux.", of("attendance_mode"), required=True,
        choices=tuple(AttendanceMode.values),
    ),
    Column("onlineaccesslink", STRING, "Lien de connexion", "Pour suivre en ligne.", lambda c: c.online_url),
    Column("location_name", STRING, "Nom du lieu", "Vide en ligne.", placed(lambda e: e.venue)),
    Column("location_address", STRING, "Adresse du lieu", "Numéro et rue.", placed(lambda e: e.address)),
    Column("location_postalcode", STRING, "Code postal", "Cinq chiffres.", placed(lambda e: e.postal_code)),
    Column("location_city", STRING, "Commune", "Son nom officiel.", placed(lambda e: e.commune.name)),
    Column("location_insee", STRING, "Code INSEE", "Celui de la commune.", placed(lambda e: e.commune.code)),
    Column(
        "location_department", STRING, "Département", "Ou collectivité d’outre-mer.",
        placed(lambda e: e.commune.department.name),
    ),
    Column(
        "location_department_code", STRING, "Code du département", "Par exemple « 2A » ou « 974 ».",
        placed(lambda e: e.commune.department.code),
    ),
    Column(
        "location_region", STRING, "Région", "Vide pour une collectivité qui n’est d’aucune région.",
        placed(lambda e: _region(e) and _region(e).name),
    ),
    Column(
        "location_region_code", STRING, "Code de la région", "Celui de l’INSEE.",
        placed(lambda e: _region(e) and _region(e).code),
    ),
    Column("latitude", NUMBER, "Latitude", "En degrés (WGS 84).", of("latitude")),
    Column("longitude", NUMBER, "Longitude", "En degrés (WGS 84).", of("longitude")),
    Column(
        "precision", STRING, "Précision du point", "À l’adresse, à la rue, ou au centre de la commune.",
        of("precision"), choices=tuple(Precision.values),
    ),
    Column("access", STRING, "Accès", "Libre, sur inscription ou réservé.", of("access_mode"),
           choices=tuple(AccessMode.values)),
    Column("reserved_to", STRING, "Réservé à", "Quand l’accès est réservé.", lambda c: c.reserved_to),
    Column(
        "registration_kind", STRING, "Moyen d’inscription", "Vide quand l’entrée est libre.",
        lambda c: c.registration and c.event.registration_kind, choices=tuple(RegistrationKind.values),
    ),
    Column(
        "registration", STRING, "Inscription", "Un lien, un courriel ou un téléphone.",
        lambda c: c.registration and c.registration.value,
    ),
    Column("capacity", INTEGER, "Places", "Leur nombre, quand il est limité.", of("capacity")),
    Column(
        "accessibility", CODES, "Accessibilité",
        "hi : auditif, ii : intellectuel, vi : visuel, pi : psychique, mi : moteur.",
        of("accessibility_codes"), choices=tuple(Accessibility.values),
    ),
    Column("organizer_name", STRING, "Organisateur", "Son nom.", lambda c: c.organizer_name, required=True),
    Column(
        "organizer_url", STRING, "Page de l’organisateur", "Tous ses événements, sur ce site.",
        lambda c: settings.SITE_URL + c.organizer_url, required=True,
    ),
    Column("partners", STRING, "Partenaires", "Qui d’autre y prend part.", of("partners")),
    Column("contact", STRING, "Contact", "Celui que l’organisateur donne au public.", of("public_contact")),
    Column("more_info_url", STRING, "Pour en savoir plus", "Une page de l’organisateur.", of("more_info_url")),
    Column("image", STRING, "Image", "Son adresse.", _image),
    Column("image_alt", STRING, "Description de l’image", "Pour qui ne la voit pas.", of("image_alt")),
    Column("image_credit", STRING, "Crédit de l’image", "À citer avec elle.", of("image_credit")),
    Column(
        "updatedat", DATETIME, "Dernière modification", "En temps universel.",
        lambda c: c.event.updated_at.isoformat(), required=True,
    ),
)  # fmt: skip
