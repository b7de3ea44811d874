"""The programme as a workbook, with headings that people read; written to a temporary file, row by row."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from events.exports.columns import COLUMNS, record
from events.exports.csv import cell
from events.exports.extract import Extract

PIECE = 64 * 1024  # bytes
WIDTHS = {"title_fr": 50, "description_fr": 60, "daterange_fr": 34, "organizer_name": 30}
USUAL_WIDTH = 18


def pieces(extract: Extract) -> Iterator[bytes]:
    with TemporaryFile() as file:
        _book(extract).save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _book(extract: Extract) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"Programme {extract.filterset.edition.year}")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(COLUMNS, start=1):
        dimensions = sheet.column_dimensions[get_column_letter(number)]
        dimensions.width = WIDTHS.get(column.name, USUAL_WIDTH)
    sheet.append([column.title for column in COLUMNS])
    for card in extract.cards():
        sheet.append([_value(value) for value in record(card).values()])
    return book


def _value(value):
    """A number stays one, so that it can be summed; the rest is text, never a formula."""
    return value if value is None or isinstance(value, (int, float)) else cell(value)
