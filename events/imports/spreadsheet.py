"""CSV files as spreadsheets write them in France and elsewhere: three separators, three encodings."""

import csv
from collections.abc import Iterator
from io import StringIO

from events.imports.limits import MOST_COLUMNS, Refused

SEPARATORS = ";,\t"
BROKEN = (
    "Ce fichier CSV ne se lit pas jusqu’au bout, près de la ligne {} : un guillemet y est ouvert et jamais fermé, "
    "ou une cellule est trop longue."
)


def rows(content: bytes) -> Iterator[list[str]]:
    """Return the rows, the first one included; raise Refused where the text stops being a table."""
    text = decode(content)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(BROKEN.format(number)) from None


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its own, else Windows-1252."""
    has_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if has_mark else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(
        "Nous n’arrivons pas à lire les lettres de ce fichier : enregistrez-le en « CSV UTF-8 », ou en .xlsx."
    )


def separator_of(text: str) -> str:
    """Return the separator that parts the first line in the most cells."""
    first = text.lstrip("\n\r").split("\n", 1)[0][:100_000]
    try:
        counts = {each: len(next(csv.reader([first], delimiter=each), [])) for each in SEPARATORS}
    except csv.Error:
        raise Refused(BROKEN.format(1)) from None
    return max(SEPARATORS, key=lambda each: min(counts[each], MOST_COLUMNS + 1))
