"""The programme as CSV (RFC 4180): UTF-8, a comma between cells, described by the Table Schema of the columns."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from events.exports.columns import COLUMNS, record
from events.exports.extract import Extract
from events.imports.writers import MARK, neutral

COMMA, SEMICOLON = ",", ";"
LINES = 100


def pieces(extract: Extract, *, separator: str = COMMA, mark: bool = False) -> Iterator[bytes]:
    """`mark`: begin with the byte order mark that older spreadsheets need to know UTF-8."""
    text = StringIO()
    writer = csv.writer(text, delimiter=separator)
    text.write(MARK if mark else "")
    writer.writerow(column.name for column in COLUMNS)
    yield _taken(text)
    for number, card in enumerate(extract.cards()):
        writer.writerow(map(cell, record(card).values()))
        if number % LINES == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: StringIO) -> bytes:
    """Return what was written, and make room."""
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written


def cell(value: Any) -> str:
    """Return the text of a cell; a text that a spreadsheet would run as a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(value) if isinstance(value[0], str) else json.dumps(value, ensure_ascii=False)
    return neutral(value) if isinstance(value, str) else str(value)
