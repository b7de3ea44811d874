"""One cell to one value. A cell is plain text, without control characters; an empty one never comes here."""

import re
from collections.abc import Callable, Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from events.enums import RegistrationKind
from events.step_forms.fields import PHONE
from semaine.text import join_words, sort_key, thousands

# The codes of a list by every name that people may write: label, code, words without accents.
Choices = Mapping[str, str]
Reader = Callable[[str, Choices], object]

PARTS = re.compile(r"[;|\n]")
YES = {"oui", "o", "vrai", "true", "yes", "1", "gratuit"}
NO = {"non", "n", "faux", "false", "no", "0", "payant"}
LINK_WANTED = "une adresse comme https://www.exemple.fr/page"
FRANCE_TRAVAIL = {"france travail", "aupres de france travail", "pole emploi"}


class Wrong(Exception):
    """A cell that cannot be read: what is wanted instead, and what was found if not the cell's own text.

    `kept`: the values of a list that can be read all the same.
    """

    def __init__(self, wanted: str, found: str = "", kept: tuple[str, ...] = ()):
        super().__init__(wanted)
        self.wanted = wanted
        self.found = found
        self.kept = kept


def line(longest: int) -> Reader:
    """Text on one line."""
    return lambda cell, _: _short(re.sub(r"\s*[\t\n]+\s*", " ", cell), longest)


def text(longest: int) -> Reader:
    """Text on several lines."""
    return lambda cell, _: _short(cell, longest)


def _short(value: str, longest: int) -> str:
    if len(value) > longest:
        raise Wrong(f"{thousands(longest)} caractères au plus", f"{thousands(len(value))} caractères")
    return value


def one_of(cell: str, choices: Choices) -> str:
    if code := choices.get(sort_key(cell)):
        return code
    raise Wrong("une valeur de la liste")


def some_of(cell: str, choices: Choices) -> list[str]:
    """Several values of a list, parted by « ; » or line breaks; by commas where no value of the list has one."""
    parts = _parted(PARTS.split(cell))
    if any(sort_key(part) not in choices for part in parts):
        by_comma = _parted(re.split("[;|\n,]", cell))
        parts = by_comma if all(sort_key(part) in choices for part in by_comma) else parts
    wrong = [part for part in parts if sort_key(part) not in choices]
    known = list(dict.fromkeys(choices[sort_key(part)] for part in parts if part not in wrong))
    if wrong:
        raise Wrong("des valeurs de la liste, séparées par « ; »", join_words(wrong[:3]), tuple(known))
    return known


def _parted(parts) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


def yes_no(cell: str, _) -> bool:
    key = sort_key(cell)
    if key in YES or key in NO:
        return key in YES
    raise Wrong("oui ou non")


def number(least: int, most: int) -> Reader:
    def read(cell: str, _) -> int:
        digits = "".join(cell.split())
        if digits.isascii() and digits.isdecimal() and len(digits) < 9 and least <= int(digits) <= most:
            return int(digits)
        raise Wrong(f"un nombre de {thousands(least)} à {thousands(most)}")

    return read


def degrees(most: int) -> Reader:
    def read(cell: str, _) -> float:
        written = re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,20})?", cell)
        value = float(cell.replace(",", ".")) if written else None
        if value is None or abs(value) > most:
            raise Wrong(f"des degrés de -{most} à {most}, comme 47,64")
        return value + 0  # -0.0 is 0.0

    return read


def postal_code(cell: str, _) -> str:
    code = "".join(cell.split())
    # A spreadsheet drops the zero that begins the postal codes of the Ain to the Ariège.
    code = code.zfill(5) if len(code) == 4 else code
    if re.fullmatch("[0-9]{5}", code):
        return code
    raise Wrong("cinq chiffres, comme 90000")


def commune_code(cell: str, _) -> str:
    code = cell.upper().zfill(5)
    if re.fullmatch("[0-9][0-9AB][0-9]{3}", code):
        return code
    raise Wrong("cinq caractères, comme 90010 ou 2A004")


def link(longest: int = 200) -> Reader:
    field = forms.URLField(assume_scheme="https", max_length=longest)

    def read(cell: str, _) -> str:
        try:
            return field.clean(cell)
        except ValidationError:
            raise Wrong(LINK_WANTED) from None

    return read


def email(cell: str, _) -> str:
    try:
        validate_email(_short(cell, 254))
    except ValidationError:
        raise Wrong("une adresse comme contact@exemple.fr") from None
    return cell


def phone(cell: str, _) -> str:
    if PHONE.fullmatch(_short(cell, 20)):
        return cell
    raise Wrong("un numéro comme 03 84 00 00 00")


def registration(cell: str, _) -> tuple[str, str]:
    """Return (kind, value): how one registers tells by itself whether it is a link, a mail or a telephone."""
    _short(cell, 300)
    if sort_key(cell) in FRANCE_TRAVAIL:
        return RegistrationKind.FRANCE_TRAVAIL, ""
    for kind, read in (
        (RegistrationKind.EMAIL, email),
        (RegistrationKind.PHONE, phone),
        (RegistrationKind.LINK, link(300)),
    ):
        try:
            return kind, read(cell, {})
        except Wrong:
            continue
    raise Wrong("un lien, un courriel, un téléphone ou « France Travail »")
