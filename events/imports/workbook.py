"""XLSX files. Their zip is looked through before openpyxl opens it: what is small on disk may be huge in memory."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from io import BytesIO

from events.imports.limits import MOST_COLUMNS, MOST_ROWS, Refused

MOST_PARTS = 1_000
MOST_BYTES = 40_000_000  # once unzipped
MOST_RATIO = 200
# The tags and attributes of a full table; each costs a hundred bytes of memory, and three on disk.
MOST_MARKS = 2_500_000
# In the parts that are no table: styles, names, relations.
FEW_MARKS = 100_000
TABLES = ("xl/worksheets/", "xl/sharedstrings")
CHUNK = 1 << 20
# Lines that are only formatted, below the last one that holds something.
MOST_EMPTY_ROWS = 100_000

TOO_BIG = (
    "Ce classeur est trop gros une fois ouvert : gardez une seule feuille, sans images, et {} lignes au plus."
)
UNREADABLE = "Ce classeur Excel est abîmé ou protégé : enregistrez-le de nouveau en .xlsx, sans mot de passe."


def rows(content: bytes) -> Iterator[list[str]]:
    """Return the rows of the first sheet as text; raise Refused for what is no workbook, or no honest one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _look_through(archive)
        yield from _sheet(content)
    except Refused:
        raise
    except MemoryError:
        raise Refused(TOO_BIG.format(MOST_ROWS)) from None
    # A malformed file makes zipfile, the XML parser and openpyxl raise whatever they meet.
    except Exception:
        raise Refused(UNREADABLE) from None


def _look_through(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or sum(sizes) > MOST_BYTES or any(_is_bomb(part) for part in parts):
        raise Refused(TOO_BIG.format(MOST_ROWS))
    left = {True: MOST_MARKS, False: FEW_MARKS}
    for part in parts:
        is_table = part.filename.lower().startswith(TABLES)
        # A size that lies is cut there by zipfile, or found out by the checksum.
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                left[is_table] -= _marks(chunk) if is_table or _is_markup(part) else 0
                if left[is_table] < 0:
                    raise Refused(TOO_BIG.format(MOST_ROWS))


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > CHUNK and part.file_size > MOST_RATIO * part.compress_size


def _is_markup(part: zipfile.ZipInfo) -> bool:
    return not part.filename.lower().startswith("xl/media/")


def _marks(chunk: bytes) -> int:
    return chunk.count(b"<") + chunk.count(b"=")


def _sheet(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # What openpyxl does not know, drawings and extensions, is not read.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), read_only=True)
    with closing(book):
        empty = 0
        for row in _rows(book):
            # Tens of thousands of lines may be empty: they are not looked at cell by cell.
            cells = [as_text(value) for value in row] if any(row) else []
            empty = 0 if cells else empty + 1
            if empty > MOST_EMPTY_ROWS:
                return
            yield cells


def _rows(book):
    sheet = book.worksheets[0]
    # What the file says of its own size may be wrong.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = next(rows, None)
        if row is None:
            return
        yield row


def as_text(value) -> str:
    """Return a cell as people read it: 25.0 is « 25 », a day « 2026-11-18 », an hour « 09:00 »."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time(0, 0) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    # A formula is never evaluated: it stays a text that begins with « = », and its line says so.
    if isinstance(value, ArrayFormula | DataTableFormula):
        return f"={getattr(value, 'text', None) or ''}".replace("==", "=")
    return str(value)
