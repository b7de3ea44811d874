"""A file to a table of plain text. What it is shows in its bytes: its name may say anything."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from events.enums import Source
from events.imports import documents, spreadsheet, workbook
from events.imports.columns import BY_KEY, COLUMNS, EXAMPLE, REMARKS, Column
from events.imports.limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Refused
from events.imports.states import FileFormat
from semaine.text import sort_key, thousands

# Characters that no text needs and some that no database stores.
NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
# A cell that we wrote with an apostrophe before it, lest a spreadsheet take it for a formula.
NEUTRALISED = re.compile(r"'(?=[=+\-@\t\r])")
NO_TABLE = (
    "Ce fichier n’est pas un tableau que nous savons lire : envoyez un fichier Excel (.xlsx), CSV ou "
    "l’export JSON d’OpenAgenda ou de France Travail."
)


class Row(NamedTuple):
    number: int
    cells: list[str]


class Table(NamedTuple):
    """`header`: the names of the columns as they are written. `rows` reads the file as it goes."""

    format: FileFormat
    source: Source
    header: list[str]
    rows: Iterator[Row]


def read(content: bytes) -> Table:
    """Return the table of a file, its empty lines left out; raise Refused, now or while the rows are read."""
    file_format = format_of(content)
    if file_format == FileFormat.JSON:
        kind, listed = documents.events(content)
        # The first event of an agenda is its number 1; the first line of a spreadsheet holds the names of the columns.
        source, rows = kind.source, _filled(documents.rows(kind, listed), first=0)
    else:
        tables = {FileFormat.XLSX: workbook.rows, FileFormat.CSV: spreadsheet.rows}
        source, rows = Source.SPREADSHEET, _filled(tables[file_format](content), first=1)
    header = next(rows, Row(1, [])).cells
    while header and not header[-1]:
        header.pop()
    return Table(file_format, source, header, _data(rows, header, columns_of(header)))


def format_of(content: bytes) -> FileFormat:
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise Refused("Ce fichier est vide : partez du modèle et remplissez une ligne par événement.")
    if start.startswith(b"PK\x03\x04"):
        return FileFormat.XLSX
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "Ce fichier est d’un ancien format d’Excel : enregistrez-le en « Classeur Excel (.xlsx) »."
        )
    if start.startswith((b"{", b"[")):
        return FileFormat.JSON
    is_utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or (
        b"\0" in content and not is_utf16
    ):
        raise Refused(NO_TABLE)
    return FileFormat.CSV


def columns_of(header: list[str]) -> dict[int, Column]:
    """Return the columns that we know by their place in the file; raise Refused when it cannot be a file of events."""
    if len(header) > MOST_COLUMNS:
        raise Refused(
            f"Le tableau compte plus de {MOST_COLUMNS} colonnes : gardez celles du modèle, {len(COLUMNS)} au plus."
        )
    found = {place: column for place, name in enumerate(header) if (column := _known(name))}
    keys = [column.key for column in found.values()]
    if twice := [BY_KEY[key].name for key in dict.fromkeys(keys) if keys.count(key) > 1]:
        raise Refused(f"La colonne « {twice[0]} » est là deux fois : gardez-en une.")
    if "title" not in keys:
        raise Refused(
            "Nous ne trouvons pas la colonne « Titre » dans la première ligne du fichier : partez du modèle."
        )
    return found


def ignored(header: list[str]) -> list[str]:
    """Return the names of the columns that are not read."""
    return [name for name in header if name and _known(name) is None and sort_key(name) != sort_key(REMARKS)]


def _known(name: str) -> Column | None:
    return _BY_NAME.get(sort_key(name.split("(")[0]))


_BY_NAME = {
    sort_key(name): column
    for column in COLUMNS
    for name in (column.name, column.key, *column.other_names)
}  # fmt: skip


def _filled(rows: Iterable[list[str]], first: int) -> Iterator[Row]:
    """Number the rows as a spreadsheet does, clean their cells and leave the empty ones out."""
    left = MOST_TEXT
    for number, cells in enumerate(rows, first):
        cleaned = [clean(cell) for cell in cells]
        left -= sum(map(len, cleaned))
        if left < 0:
            raise Refused(
                f"Le tableau compte plus de {thousands(MOST_TEXT)} caractères : partagez-le en plusieurs fichiers."
            )
        if any(cleaned):
            yield Row(number, cleaned)


def clean(cell: str) -> str:
    text = NO_TEXT.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")[: LONGEST_CELL + 1]).strip()
    return NEUTRALISED.sub("", text, count=1) if text.startswith("'") else text


def _data(rows: Iterator[Row], header: list[str], columns: dict[int, Column]) -> Iterator[Row]:
    """Yield the lines of the events, as wide as the header, without the examples of the template."""
    names = [place for place, column in columns.items() if column.key == "external_id"]
    count = 0
    for row in rows:
        if len(row.cells) > MOST_COLUMNS and any(row.cells[MOST_COLUMNS:]):
            raise Refused(f"Le tableau compte plus de {MOST_COLUMNS} colonnes : gardez celles du modèle.")
        cells = (row.cells + [""] * len(header))[: len(header)]
        if not any(cells) or any(cells[place].upper().startswith(EXAMPLE) for place in names):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Refused(
                f"Le tableau compte plus de {thousands(MOST_ROWS)} lignes : partagez-le en plusieurs fichiers."
            )
        yield Row(row.number, cells)
    if not count:
        raise Refused(
            "Ce fichier n’a aucune ligne sous ses titres de colonnes : remplissez-en une par événement."
        )
