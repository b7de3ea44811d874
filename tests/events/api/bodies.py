"""Events as a program submits them."""

from organizers import tokens
from tests.factories import NOW


def body(**fields) -> dict:
    return {
        "title": {"fr": "Visite des ateliers"},
        "description": {"fr": "Découverte des métiers de la fonderie."},
        "timings": [{"begin": "2025-11-20T09:00:00+01:00", "end": "2025-11-20T11:30:00+01:00"}],
        "timezone": "Europe/Paris",
        "attendanceMode": 1,
        "location": {
            "name": "Fonderie",
            "address": "1 rue de l’Usine",
            "postalCode": "90000",
            "city": "Belfort",
        },
        "gratuit": True,
        "publics": ["scolaires", {"value": "grand-public", "label": {"fr": "Grand public"}}],
        "acces": "libre",
        "contact-email": "contact@example.org",
    } | fields


def token(owner, **fields) -> str:
    """The secret of a new token of the organization that somebody owns."""
    return tokens.issue(owner.organizations.get(), "Agenda", by=owner, at=NOW)[1]


def bearer(secret: str) -> dict:
    return {"Authorization": f"Bearer {secret}"}
