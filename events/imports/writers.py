"""Files for spreadsheets: cells as text, none that a spreadsheet would take for a formula."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# With it, spreadsheets know the text for UTF-8.
MARK = "\ufeff"


def neutral(cell: str) -> str:
    """Return the cell with an apostrophe before it if a spreadsheet would run it; reading takes it away again."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """Return a CSV file as French spreadsheets open it: semicolons, UTF-8 with its mark."""
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([neutral(cell) for cell in row] for row in rows)
    return f"{MARK}{text.getvalue()}".encode()


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    from openpyxl import Workbook  # half a second, which not every start of a process should take

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Événements")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([neutral(cell) for cell in row])
    return saved(book)


def saved(book: "Workbook") -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
