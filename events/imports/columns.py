"""The columns of a file of events: the one table from which files are read, templates made and help written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from events.enums import Accessibility, AccessMode, AttendanceMode, Audience, TermKind
from events.imports import cells, slots
from events.imports.cells import Reader
from events.models import Term
from semaine.text import sort_key

# The values allowed in a column, by the name of their list: (code, label) of each.
Lists = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Column:
    """`name` is what stands in the first line of the file, `key` names the value; `list` the allowed ones."""

    name: str
    key: str
    read: Reader
    example: str
    help: str = ""
    list: str = ""
    other_names: tuple[str, ...] = ()
    for_label: bool = False


_label = partial(Column, for_label=True)
SEVERAL = "Plusieurs valeurs : séparez-les par « ; »."

COLUMNS = (
    Column(
        "Identifiant",
        "external_id",
        cells.line(100),
        "EXEMPLE-1",
        "Le nom que vous donnez à l’événement, unique dans le fichier, par exemple ATELIER-001. Le même fichier "
        "corrigé et envoyé de nouveau met alors à jour les mêmes événements. Une ligne « EXEMPLE-… » n’est pas lue.",
        other_names=("id", "uid", "reference"),
    ),
    _label("Titre", "title", cells.line(140), "Visite des ateliers de la fonderie", "140 caractères au plus."),
    _label(
        "Résumé",
        "summary",
        cells.line(200),
        "Du modèle à la pièce finie : les métiers de la fonderie.",
        "Une ou deux phrases, 200 caractères au plus.",
    ),
    Column("Description", "description", cells.text(10_000), "Un parcours d’une heure dans les ateliers."),
    Column("Nature", "format_code", cells.one_of, "Visite", list=TermKind.FORMAT),
    Column("Filières", "sector_codes", cells.some_of, "Mines et métallurgie", SEVERAL, TermKind.SECTOR),
    Column(
        "Thèmes",
        "topic_codes",
        cells.some_of,
        "Orientation et découverte des métiers",
        SEVERAL,
        TermKind.TOPIC,
    ),
    _label(
        "Date", "day", slots.day, "{day}", "Le jour du premier créneau.", other_names=("jour", "date debut")
    ),
    _label(
        "Début", "start", slots.hour, "09:00", "À l’heure du lieu.", other_names=("heure de debut", "heure debut")
    ),
    _label("Fin", "end", slots.hour, "12:00", "Le même jour.", other_names=("heure de fin", "heure fin")),
    Column(
        "Autres créneaux",
        "other_slots",
        slots.others,
        "{next_day} 09:00-12:00 ; {next_day} 14:00-17:00",
        "S’il y en a plusieurs : le jour et les heures de chacun, séparés par « ; ».",
        other_names=("creneaux",),
    ),
    Column(
        "Mode",
        "attendance_mode",
        cells.one_of,
        "Sur place",
        "Vide : sur place.",
        "mode",
    ),
    Column("Nom du lieu", "venue", cells.line(100), "Fonderie Martin, bâtiment B", other_names=("lieu",)),
    Column("Adresse", "address", cells.line(200), "1 rue de l’Usine"),
    _label("Code postal", "postal_code", cells.postal_code, "90000", other_names=("cp",)),
    _label("Commune", "city", cells.line(60), "Belfort", other_names=("ville",)),
    Column(
        "Code INSEE", "commune_code", cells.commune_code, "90010", "Celui de la commune, si vous le connaissez.",
        other_names=("code commune", "insee"),
    ),
    Column("Département", "typed_department", cells.line(60), "Territoire de Belfort", "Pour vérifier la commune."),
    Column("Région", "typed_region", cells.line(60), "Bourgogne-Franche-Comté", "Pour vérifier la commune."),
    Column(
        "Latitude", "latitude", cells.degrees(90), "47,64", "Avec la longitude ; vide : le centre de la commune."
    ),
    Column("Longitude", "longitude", cells.degrees(180), "6,86", "Avec la latitude."),
    Column("Lien de connexion", "online_url", cells.link(), "", "Pour un événement en ligne."),
    _label("Publics", "audience_codes", cells.some_of, "Scolaires ; Grand public", SEVERAL, "audience"),
    _label("Gratuit", "is_free", cells.yes_no, "oui", "Le label demande que l’événement soit gratuit.", "yes_no"),
    _label("Accès", "access_mode", cells.one_of, "Sur inscription", list="access"),
    Column("Réservé à", "reserved_to", cells.line(200), "", "Pour un accès réservé : à qui ?"),
    Column(
        "Inscription",
        "registration",
        cells.registration,
        "https://www.exemple.fr/inscription",
        "Un lien, un courriel, un téléphone ou « France Travail ». Visible par tous.",
    ),
    Column("Nombre de places", "capacity", cells.number(1, 1_000_000), "25", other_names=("capacite", "places")),
    Column("Participants attendus", "expected_participants", cells.number(1, 1_000_000), "60"),
    Column("Âge minimum", "age_min", cells.number(0, 120), "13"),
    Column("Âge maximum", "age_max", cells.number(0, 120), "18"),
    Column(
        "Accessibilité", "accessibility_codes", cells.some_of, "Handicap moteur", SEVERAL, "accessibility"
    ),
    Column("Page à consulter", "more_info_url", cells.link(), "https://www.exemple.fr", other_names=("site",)),
    Column("Partenaires", "partners", cells.line(300), "Lycée Condorcet"),
    Column("Contact pour le public", "public_contact", cells.line(200), "Accueil : 03 84 00 00 00"),
    Column("Nom du contact", "contact_name", cells.line(100), "Camille Roux", "Pour le référent seulement."),
    _label("Courriel du contact", "contact_email", cells.email, "contact@exemple.fr", "Pour le référent seulement."),
    Column("Téléphone du contact", "contact_phone", cells.phone, "03 84 00 00 00", "Pour le référent seulement."),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
# A line whose identifier begins so is the template's own, and is not read.
EXAMPLE = "EXEMPLE-"
# Written beside each line of a checked file; read again it says nothing.
REMARKS = "Remarques"


def lists() -> dict[str, list[tuple[str, str]]]:
    """Return the allowed values of each list, those of the terms as the national team has them. One query."""
    terms = Term.objects.by_kind()
    return {
        **{
            str(kind): [(each.code, each.label) for each in terms[kind] if each.is_active]
            for kind in TermKind
        },
        "mode": AttendanceMode.choices,
        "audience": Audience.choices,
        "access": AccessMode.choices,
        "accessibility": Accessibility.choices,
        "yes_no": [("oui", "oui"), ("non", "non")],
    }


def choices(lists: Lists) -> dict[str, dict[str, str]]:
    """Return the codes of each list by all that people may write: code, label, the label without its brackets."""
    return {name: _names(pairs) for name, pairs in lists.items()}


def _names(pairs) -> dict[str, str]:
    found = {}
    for code, label in pairs:
        for name in (code, label, label.split("(")[0]):
            found.setdefault(sort_key(name), str(code))
    return found
