"""Events as OpenAgenda (v2) exports them."""

import json


def event(uid: int = 75991871, **fields) -> dict:
    return {
        "uid": uid,
        "slug": "visite-des-ateliers",
        "title": {"fr": "Visite des ateliers Exemple"},
        "description": {"fr": "Découverte des métiers de la fonderie."},
        "longDescription": {"fr": "**Programme**\n\nLa moulerie."},
        "conditions": {"fr": "Gratuit, sur inscription"},
        "image": {"filename": "abc.base.image.jpg", "base": "https://cdn.openagenda.com/main/"},
        "age": {"min": 13, "max": None},
        "registration": [{"type": "link", "value": "https://exemple.fr/inscription"}],
        "accessibility": {"ii": False, "hi": False, "vi": True, "pi": False, "mi": True},
        "attendanceMode": 1,
        "onlineAccessLink": None,
        "status": 1,
        "timezone": "Europe/Paris",
        "timings": [
            {"begin": "2025-11-20T09:00:00+01:00", "end": "2025-11-20T11:30:00+01:00"},
            {"begin": "2025-11-21T08:00:00.000Z", "end": "2025-11-21T10:30:00.000Z"},
        ],
        "location": {
            "name": "Fonderie Exemple",
            "address": "1 rue de l'Usine, 90000 Belfort",
            "city": "Belfort",
            "postalCode": "90000",
            "insee": "90010",
            "department": "Territoire de Belfort",
            "region": "Bourgogne-Franche-Comté",
            "adminLevel1": "Bourgogne-Franche-Comté",
            "adminLevel2": "Territoire de Belfort",
            "adminLevel4": "Belfort",
            "countryCode": "FR",
            "latitude": 47.65,
            "longitude": 6.87,
        },
        "publics": [{"id": 2, "label": {"fr": "Grand public"}}],
        "acces": "Sur inscription",
        "contact-email": "visites@exemple.fr",
    } | fields


def export(*events: dict) -> bytes:
    return json.dumps({"total": len(events), "events": list(events)}, ensure_ascii=False).encode()
