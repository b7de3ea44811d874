"""Events as France Travail gives them."""

import json


def event(number: int = 1, **fields) -> dict:
    return {
        "id": 5_000 + number,
        "titre": "Job dating de la fonderie",
        "type": "Job dating",
        "description": "<h2>Au programme</h2><div>Des <b>entretiens</b> courts&nbsp;: venez&nbsp;!</div>"
        '<ul><li>CV</li><li><a href="https://exemple.fr/fonderie">La fonderie</a></li></ul>'
        "<script>alert(1)</script>",
        "deroulement": "Accueil, puis trois entretiens.",
        "dateEvenement": "2025-11-20",
        "heureDebut": "09:00:00",
        "heureFin": "12:00:00",
        "timezone": "Europe/Paris",
        "ville": "BELFORT",
        "codePostal": "90000",
        "codeInsee": "90010",
        "latitude": 47.65,
        "longitude": 6.87,
        "modalites": ["EN_PHYSIQUE"],
        "objectifs": ["Trouver un emploi"],
        "publics": ["Demandeur d'emploi", "Jeune"],
        "benefices": [],
        "operations": [],
        "codesRome": ["H2903"],
        "multisectoriel": False,
        "offresId": [],
        "nombrePlaceTotalPresentiel": 40,
        "nombrePlaceTotalDistance": 0,
        "urlDetailEvenement": f"https://mesevenementsemploi.exemple.fr/evenement/{number}",
        "libelleOrganisateurPrincipal": "France Travail Belfort",
    } | fields


def export(*events: dict) -> bytes:
    return json.dumps({"totalElements": len(events), "content": events}, ensure_ascii=False).encode()
