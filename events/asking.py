"""What a referent asks to be mended, by the field of the organizer's form that mends it."""

from typing import NamedTuple

from events.models import Decision

# In the order of the form.
FIELDS = {
    "title": "Titre",
    "format_code": "Nature",
    "summary": "Résumé",
    "description": "Description",
    "sector_codes": "Filières",
    "image": "Image",
    "slots": "Dates et heures",
    "address": "Lieu",
    "online_url": "Lien de connexion",
    "is_free": "Gratuité",
    "audience_codes": "Publics",
    "access_mode": "Accès",
    "registration_value": "Inscription",
    "expected_participants": "Participants attendus",
    "contact_email": "Contact",
}
BY_FIELD = "Corrigez les points signalés."
TO_REVIEW = "À revoir."


class Point(NamedTuple):
    name: str
    label: str
    text: str


def points(decision: Decision) -> list[Point]:
    """Return what a decision asks for, in the order of the organizer's form."""
    asked = decision.field_comments
    return [Point(name, label, asked[name]) for name, label in FIELDS.items() if name in asked]
