"""The SIRET, the 14 digits that identify an establishment (source: INSEE, Sirene)."""

LA_POSTE = "356000000"


def normalize(value: str) -> str:
    """Return the SIRET without the spaces, dots and hyphens that people write in it."""
    return "".join(c for c in value if c not in " \u00a0\u202f.-")


def fault(siret: str) -> str:
    """Return what is wrong with a normalised SIRET, as a French sentence; nothing when it is right."""
    if not (siret.isascii() and siret.isdigit()) or len(siret) != 14:
        return f"« {siret[:30]} » n’est pas un SIRET : il compte 14 chiffres, par exemple 552 081 317 66522."
    if not _key_holds(siret):
        return f"Le SIRET « {siret} » contient une faute de frappe : sa clé de contrôle ne correspond pas."
    return ""


def _key_holds(siret: str) -> bool:
    # La Poste's many establishments ran out of Luhn numbers: the sum of their digits is a multiple of 5.
    if siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0:
        return True
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(siret))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
