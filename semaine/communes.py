"""Which commune does a typed place name mean?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import Q, Value

from semaine.models import Commune, PostalWords
from semaine.text import count, join_words, place_key, sort_key

LONGEST = 100  # characters of a typed place that are read
ARTICLES = ("l", "la", "le", "les")
INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
POINT = re.compile(r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*")


@dataclass(frozen=True)
class NearPoint:
    """A place to be near of: degrees, words that `place` reads back, and the value that `pres` holds for it."""

    latitude: float
    longitude: float
    label: str
    code: str


class Ambiguous(ValidationError):
    """The typed place may be one of several; `candidates` are the communes to choose among, the largest first."""

    def __init__(self, message: str, candidates: list[Commune]):
        super().__init__(message, code="ambiguous")
        self.candidates = candidates

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, label) of each candidate."""
        return [(each.pk, label(each)) for each in self.candidates]


def of_names(names: Iterable[str]) -> dict[str, list[Commune]]:
    """Return the communes of these names by their `place_key`, the largest first. One query, whatever the number."""
    keys = {place_key(name) for name in names}
    found = {key: [] for key in keys}
    communes = Commune.objects.filter(parent=None, place_key__in=keys).select_related("department__region")
    for commune in communes.order_by("-population", "code"):
        found[commune.place_key].append(commune)
    return found


def _likeliest(named: list[Commune], postal_code: str) -> list[Commune]:
    """Return those that a postal code may mean among the communes of one name; several when it is unclear.

    The pair (postal code, name) designates one commune at most; a CEDEX is in no list, and then the name counts
    within the département of the code's first digits.
    """
    exact = [each for each in named if postal_code in each.postal_codes]
    return exact or [each for each in named if _may_hold(each, postal_code)] or named


def _may_hold(commune: Commune, postal_code: str) -> bool:
    """Do the first digits of the postal code fit the commune's département?"""
    code = commune.department_id
    if code in ("2A", "2B"):
        return postal_code.startswith("20")
    # Saint-Barthélemy and Saint-Martin share Guadeloupe's first digits.
    return postal_code.startswith("971" if code in ("977", "978") else code)


def resolve(name: str, postal_code: str, among: dict[str, list[Commune]] | None = None) -> Commune:
    """Return the one commune that a typed name and postal code mean; else raise a ValidationError that helps.

    One query, or none with what `of_names` has read for many names at once.
    """
    among = of_names([name]) if among is None else among
    found = _likeliest(among[place_key(name)], postal_code)
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


def of_codes(codes: Iterable[str]) -> dict[str, Commune]:
    """Return the communes that INSEE codes mean, by code; of an arrondissement, its commune. One query."""
    found = Commune.objects.filter(pk__in=set(codes)).select_related(
        "department__region", "parent__department__region"
    )
    return {each.pk: each.parent or each for each in found}


def resolve_coded(
    name: str,
    postal_code: str,
    code: str,
    among: dict[str, list[Commune]] | None = None,
    coded: dict[str, Commune] | None = None,
) -> Commune:
    """Return the commune of an INSEE code; as `resolve` does where there is none, or it is no commune's."""
    coded = of_codes([code]) if coded is None and code else coded or {}
    if code in coded:
        return coded[code]
    if not name:
        raise ValidationError(f"Nous ne connaissons pas le code INSEE « {code} » : vérifiez-le.")
    return resolve(name, postal_code, among)


def _in_words(commune: Commune) -> str:
    return f"{commune.name} ({', '.join([commune.department.name, *commune.postal_codes[:1]])})"


def label(commune: Commune, typed: str = "") -> str:
    """Return « Belfort (90, Territoire de Belfort) », with the postal code that was typed if it was one of its own."""
    code = typed if typed in commune.postal_codes else commune.department_id
    # « Paris (75, Paris) » would say nothing more.
    names = [commune.department.name] if commune.department.name != commune.name else []
    return f"{commune.name} ({', '.join([code, *names])})"


def suggestions(typed: str, limit: int = 8) -> list[Commune]:
    """Return the communes that what is typed may be the beginning of, the likeliest first; one query at most.

    A whole name comes first, then the beginning of one (« mans » for Le Mans), then the beginning of a later word;
    among equals the largest. Digits are the beginning of a postal code. Nothing for a single character.
    """
    key = place_key(typed[:LONGEST])
    digits = key.replace(" ", "")
    if len(digits) < 2:
        return []
    communes = _communes().order_by("-population", "code")
    if digits.isdecimal():
        postal = communes.alias(postal=PostalWords("postal_codes"))
        begins = SearchQuery(f"{digits}:*", search_type="raw", config="simple")
        return list(postal.filter(postal=begins)[:limit])
    names = _with_article(key)
    ranks = [
        Q(place_key=key),
        reduce(or_, (Q(place_key__startswith=name) for name in names)),
        Q(place_key__contains=f" {key}"),
    ]
    # Each cut short by itself: so the most frequent words do not read thousands of rows.
    exact, *others = [communes.filter(each).annotate(rank=Value(i))[:limit] for i, each in enumerate(ranks)]
    found = exact.union(*others, all=True).order_by("rank", "-population", "code")
    return list({each.pk: each for each in found}.values())[:limit]


def _communes():
    """What people choose among: no arrondissement of Paris, Lyon or Marseille."""
    return Commune.objects.filter(parent=None).select_related("department")


def _with_article(key: str) -> list[str]:
    """Return the keys of the names that `key` may stand for: « mans » for Le Mans, « lhay » for L’Haÿ."""
    elided = [f"l {key[1:]}"] if re.match("l[^ ]", key) else []
    return [key, *(f"{article} {key}" for article in ARTICLES), *elided]


def place(typed: str, *, code_first: bool = True) -> NearPoint:
    """Return the place that a person or an address means; at most two queries.

    It may be « lat,lon » in degrees, an INSEE code, a postal code, a commune's name, or a `label`. Almost half of
    the postal codes are also the INSEE code of another commune: `code_first` tells which of the two it is.
    Raises Ambiguous when several communes may be meant, and a ValidationError in French when there is none.
    """
    text = "".join(each if each.isprintable() else " " for each in typed[:LONGEST]).strip()
    if not text:
        raise ValidationError(
            "Écrivez le nom d’une commune ou son code postal, par exemple Belfort ou 90000.", code="required"
        )
    if "," in text and not any(each.isalpha() for each in text):
        return _point(text)
    code = place_key(text).replace(" ", "").upper()
    if INSEE_CODE.fullmatch(code):
        return _by_code(code, code_first)
    if code.isdecimal():
        raise ValidationError(
            f"« {text[:60]} » n’est pas un code postal : il compte 5 chiffres, par exemple 90000."
        )
    return _by_name(text)


def _point(text: str) -> NearPoint:
    written = POINT.fullmatch(text)
    if not written:
        raise ValidationError(
            f"« {text[:60]} » n’est pas un point : écrivez sa latitude, une virgule et sa longitude, "
            "avec des points pour les décimales, par exemple 47.64,6.86."
        )
    # A metre is enough; adding 0 turns -0.0 into 0.0.
    latitude, longitude = (round(float(each), 5) + 0 for each in written.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValidationError(
            f"« {text[:60]} » n’est pas un point de la Terre : la latitude va de -90 à 90, "
            "la longitude de -180 à 180."
        )
    code = ",".join(f"{each:.5f}".rstrip("0").rstrip(".") for each in (latitude, longitude))
    return NearPoint(latitude, longitude, code, code)


def _by_code(code: str, code_first: bool) -> NearPoint:
    either = Q(pk=code) | Q(postal_codes__contains=[code], parent=None)
    found = _somewhere(Commune.objects.filter(either))
    named = [each for each in found if each.pk == code]
    posted = [each for each in found if each.parent_id is None and code in each.postal_codes]
    chosen = (named or posted) if code_first else (posted or named)
    if not chosen:
        raise ValidationError(
            f"Nous ne connaissons pas le code « {code} ». Vérifiez-le, ou écrivez le nom de la commune."
        )
    if len(chosen) > 1:
        number = count(len(chosen), "commune")
        raise Ambiguous(f"Le code postal {code} est celui de {number}. Choisissez la vôtre.", chosen)
    return _centre(chosen[0])


def _by_name(text: str) -> NearPoint:
    name, hints = _parted(text)
    whole = place_key(text)
    # « Paris 15e » is known as « Paris 15e Arrondissement ».
    found = _somewhere(Commune.objects.filter(place_key__in=[whole, name, f"{name} arrondissement"]))
    fitting = [each for each in found if each.place_key == whole or all(_fits(each, hint) for hint in hints)]
    # Nothing of that name: perhaps its beginning. Never what contradicts a hint.
    near = found or suggestions(name)
    if len(fitting) == 1:
        return _centre(fitting[0])
    if fitting:
        raise Ambiguous(
            f"Plusieurs communes s’appellent « {fitting[0].name} ». Choisissez la vôtre.", fitting
        )
    if len(near) == 1 and not hints:
        return _centre(near[0])
    unknown = f"Nous ne trouvons pas la commune « {text[:60]} »."
    if near:
        raise Ambiguous(f"{unknown} Voici ce qui y ressemble.", near)
    raise ValidationError(f"{unknown} Vérifiez son nom, ou écrivez son code postal, par exemple 90000.")


def _parted(text: str) -> tuple[str, list[str]]:
    """Return the key of the name, and what says which one it is: « Belfort (90) », « 90000 Belfort ».

    No commune has a number in its name, an arrondissement has an ordinal.
    """
    bracketed = re.fullmatch(r"(.*)\(([^()]*)\)?", text)
    before, within = bracketed.groups() if bracketed else (text, "")
    words = place_key(before).split()
    numbers = [word for word in words if re.fullmatch("[0-9]{2,5}|2[ab]", word)]
    hints = [*numbers, *map(sort_key, within.split(","))]
    return " ".join(word for word in words if word not in numbers), [hint for hint in hints if hint]


def _fits(commune: Commune, hint: str) -> bool:
    """Is the hint a postal code, the code or the name of the département of this commune?"""
    if re.fullmatch("[0-9]{5}", hint):
        return hint in commune.postal_codes or _may_hold(commune, hint)
    return hint in (commune.department_id.lower(), sort_key(commune.department.name))


def _somewhere(communes) -> list[Commune]:
    communes = communes.filter(latitude__isnull=False).select_related("department")
    return list(communes.order_by("-population", "code"))


def _centre(commune: Commune) -> NearPoint:
    return NearPoint(commune.latitude, commune.longitude, label(commune), commune.pk)
