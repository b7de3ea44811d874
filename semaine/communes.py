"""Which commune does a typed place name mean?"""

from django.core.exceptions import ValidationError

from semaine.models import Commune
from semaine.text import join_words, place_key


def candidates(name: str, postal_code: str) -> list[Commune]:
    """Return the communes that a name and a postal code may mean, the likeliest first; several when it is unclear.

    The pair (postal code, name) designates one commune at most; a CEDEX is in no list, and then the name counts
    within the département of the code's first digits.
    """
    communes = Commune.objects.filter(parent=None).select_related("department__region")
    named = communes.filter(place_key=place_key(name))
    exact = list(named.filter(postal_codes__contains=[postal_code])) if postal_code else []
    if exact:
        return exact
    everywhere = list(named.order_by("-population")[:20])
    nearby = [each for each in everywhere if _may_hold(each, postal_code)]
    return nearby or everywhere


def _may_hold(commune: Commune, postal_code: str) -> bool:
    """Do the first digits of the postal code fit the commune's département?"""
    code = commune.department_id
    if code in ("2A", "2B"):
        return postal_code.startswith("20")
    # Saint-Barthélemy and Saint-Martin share Guadeloupe's first digits.
    return postal_code.startswith("971" if code in ("977", "978") else code)


def resolve(name: str, postal_code: str) -> Commune:
    """Return the one commune that a typed name and postal code mean; else raise a ValidationError that helps."""
    found = candidates(name, postal_code)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(
            f"Nous ne trouvons pas la commune « {name} ». Vérifiez son nom, par exemple Belfort."
        )
    several = join_words((_in_words(each) for each in found[:5]), "ou")
    raise ValidationError(
        f"Plusieurs communes s’appellent « {name} » : {several} ? Donnez le code postal de la vôtre."
    )


def _in_words(commune: Commune) -> str:
    return f"{commune.name} ({', '.join([commune.department.name, *commune.postal_codes[:1]])})"
