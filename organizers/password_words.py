"""Passwords made of the words that everybody guesses here first: those of the site."""

import re

from django.core.exceptions import ValidationError

from semaine.text import sort_key

WORDS = (
    "semaine",
    "industries",
    "industrie",
    "industriel",
    "usines",
    "usine",
    "evenement",
    "label",
    "referent",
)
# Characters that must remain once these words and the digits are gone.
LEAST = 6


class SiteWordsValidator:
    """Refuse what is these words, digits, signs, and next to nothing else: « Semaine-Industrie-2026 »."""

    def validate(self, password, user=None):
        left = re.sub(r"[^a-z]", "", sort_key(password))
        own = left
        for word in WORDS:
            left = left.replace(word, "")
        if left != own and len(left) < LEAST:
            raise ValidationError(
                "Ce mot de passe est fait des mots du site, que chacun devine. Choisissez-en d’autres.",
                code="password_site_words",
            )

    def get_help_text(self):
        return "Votre mot de passe n’est pas fait des mots du site."
