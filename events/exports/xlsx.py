"""The programme as a workbook (ECMA-376), with headings that people read, sent while it is written.

The library writes a book whole before its first byte can leave, and takes most of a second for a thousand events: it
makes here an empty book, whose parts are sent first, and the rows are written into its sheet as they are read.
"""

import re
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from string import ascii_uppercase
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from events.exports.columns import COLUMNS, record
from events.exports.csv import cell
from events.exports.extract import Extract
from events.imports.writers import saved

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
PIECE = 64 * 1024  # bytes
LONGEST = 32_767  # characters of a cell; a longer one makes a book that Excel calls damaged
WIDTHS = {"title_fr": 50, "description_fr": 60, "daterange_fr": 34, "organizer_name": 30}
USUAL_WIDTH = 18
LETTERS = [first + last for first in ("", *ascii_uppercase) for last in ascii_uppercase][: len(COLUMNS)]
# « _x0041_ » in a cell stands for a letter: its first character is then written so itself.
LETTER_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Outlet(RawIOBase):
    """Where the archive is written: what it has written so far is taken away, to be sent."""

    def __init__(self):
        self.waiting = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        written = bytes(self.waiting)
        self.waiting.clear()
        return written


def pieces(extract: Extract) -> Iterator[bytes]:
    outlet = Outlet()
    empty = ZipFile(BytesIO(saved(_empty_book(extract))))
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
        for name in empty.namelist():
            if name != SHEET:
                archive.writestr(name, empty.read(name))
        yield outlet.taken()
        head, _, foot = empty.read(SHEET).partition(END)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(head)
            for number, card in enumerate(extract.cards(), start=2):
                sheet.write(_row(number, record(card).values()))
                if len(outlet.waiting) > PIECE:
                    yield outlet.taken()
            sheet.write(END + foot)
    yield outlet.taken()


def _empty_book(extract: Extract) -> "Workbook":
    """With its headings only."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Programme {extract.filterset.edition.year}")
    sheet.freeze_panes = "A2"
    for letters, column in zip(LETTERS, COLUMNS, strict=True):
        sheet.column_dimensions[letters].width = WIDTHS.get(column.name, USUAL_WIDTH)
    sheet.append([column.title for column in COLUMNS])
    return book


def _row(number: int, values) -> bytes:
    cells = (
        _cell(f"{letters}{number}", value)
        for letters, value in zip(LETTERS, values, strict=True)
        if value is not None
    )
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _cell(place: str, value) -> str:
    """A number stays one, so that it can be summed; the rest is text, never a formula."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = cell(value)
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    text = escape(LETTER_CODE.sub("_x005F_", text))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
