"""Client of the State's company register, « Recherche d'entreprises » (recherche-entreprises.api.gouv.fr, no key).

It only saves typing: whatever goes wrong gives None and a French sentence, and one goes on by hand.
"""

import json
import logging
from dataclasses import asdict, dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache

from organizers.enums import OrganizationKind
from semaine import outgoing

logger = logging.getLogger(__name__)

OK = 200
SECONDS = 2  # for the whole answer
LARGEST = 256 * 1024  # bytes, once decompressed; a true answer takes some 5 KB
DAY, HOUR = 86_400, 3_600
HIDDEN = "[NON-DIFFUSIBLE]"

UNKNOWN = (
    "Le registre des entreprises ne connaît pas ce SIRET. Vérifiez-le, ou remplissez la fiche à la main."
)
UNREACHABLE = "Le registre des entreprises ne répond pas. Remplissez la fiche à la main."
CLOSED = "Selon le registre des entreprises, cet établissement est fermé. Vérifiez le SIRET."
PRIVATE = "Cette entreprise ne publie pas toutes ses informations. Complétez la fiche à la main."
FOUND = "Fiche remplie d’après le registre des entreprises. Corrigez ce qui est faux."

# The first digits of INSEE's « catégorie juridique », the longest first.
KINDS = (
    ("7381", OrganizationKind.CHAMBER),
    ("734", OrganizationKind.LOCAL),
    ("71", OrganizationKind.STATE),
    ("72", OrganizationKind.LOCAL),
    ("84", OrganizationKind.FEDERATION),
    ("92", OrganizationKind.ASSOCIATION),
    ("1", OrganizationKind.COMPANY),
    ("5", OrganizationKind.COMPANY),
    ("6", OrganizationKind.COMPANY),
)


class Unusable(Exception):
    """The register answered something that is no answer."""


@dataclass(frozen=True)
class Company:
    """An establishment as the register knows it; what it does not say is empty."""

    siret: str
    name: str
    address: str
    postal_code: str
    commune_code: str  # INSEE; an arrondissement's in Paris, Lyon and Marseille
    city: str
    naf_rev2: str
    naf_2025: str
    kind: str  # proposed, from the legal category and the activity
    is_closed: bool
    is_private: bool


class Answer(NamedTuple):
    company: Company | None
    message: str


def look_up(siret: str) -> Answer:
    """Ask the register for the establishment of a normalised SIRET. Never raises; two seconds at most.

    What was found is kept a day, what was not an hour, a failure not at all.
    """
    key = f"company-{siret}"
    if (known := cache.get(key)) is None:
        try:
            known = _read(_fetch(siret), siret)
        except (outgoing.Unanswered, Unusable, ValueError) as error:
            logger.warning("company register, %s: %s", siret, error)
            return Answer(None, UNREACHABLE)
        cache.set(key, known, DAY if known else HOUR)
    return _answer(Company(**known) if known else None)


def _answer(company: Company | None) -> Answer:
    if company is None:
        return Answer(None, UNKNOWN)
    if company.is_closed:
        return Answer(company, CLOSED)
    return Answer(company, PRIVATE if company.is_private else FOUND)


def _fetch(siret: str) -> bytes:
    # Without « minimal » the answer holds the managers' names and birth dates.
    asked = {"q": siret, "minimal": "true", "include": "siege,matching_etablissements", "per_page": "1"}
    address = f"{settings.COMPANY_REGISTER_URL}/search"
    answer = outgoing.get(address, asked, seconds=SECONDS, at_most=LARGEST)
    if answer.status != OK:
        raise Unusable(f"status {answer.status}")
    return answer.body


def _read(body: bytes, siret: str) -> dict:
    """Return the fields of the company with this establishment; empty when there is none."""
    try:
        found = next(iter(json.loads(body)["results"]), None)
        if found is None:
            return {}
        places = [*found.get("matching_etablissements", []), found.get("siege") or {}]
        place = next((each for each in places if each.get("siret") == siret), None)
        return asdict(_company(found, place)) if place else {}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unusable(repr(error)) from error


def _company(found: dict, place: dict) -> Company:
    street = ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")
    values = {
        "siret": place["siret"],
        "name": _text(found, "nom_raison_sociale") or _text(found, "nom_complet"),
        "address": " ".join(filter(None, (_text(place, name) for name in street))) or _before_code(place),
        "postal_code": _text(place, "code_postal"),
        "commune_code": _text(place, "commune"),
        "city": _text(place, "libelle_commune"),
        "naf_rev2": _text(place, "activite_principale") or _text(found, "activite_principale"),
        "naf_2025": _text(place, "activite_principale_naf25") or _text(found, "activite_principale_naf25"),
    }
    statuses = (found.get("statut_diffusion"), place.get("statut_diffusion_etablissement"))
    return Company(
        **values,
        kind=str(_kind(_text(found, "nature_juridique"), values["naf_rev2"], place.get("liste_uai"))),
        is_closed=place.get("etat_administratif") == "F" or found.get("etat_administratif") == "C",
        is_private="P" in statuses or not values["name"],
    )


def _text(row: dict, name: str) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise Unusable(f"{name} is no text")
    return "" if HIDDEN in value else value.strip()


def _before_code(place: dict) -> str:
    """Return the street out of the one-line address: what stands before the postal code."""
    before, code, _ = _text(place, "adresse").rpartition(_text(place, "code_postal") or "\0")
    return before.strip() if code else ""


def _kind(category: str, naf: str, school_codes) -> str:
    if school_codes or naf.startswith(("85.1", "85.2", "85.3", "85.4")):
        return OrganizationKind.SCHOOL
    if naf.startswith("85.5"):
        return OrganizationKind.TRAINING
    if naf == "78.10Z" and category.startswith("7"):
        return OrganizationKind.EMPLOYMENT
    return next((kind for start, kind in KINDS if category.startswith(start)), "")
