"""The file that was sent, with a column of remarks: to correct where it was written, and send again."""

import json
from collections.abc import Iterator

from events.imports import documents, writers
from events.imports.columns import REMARKS
from events.imports.contents import Remark
from events.imports.report import label_of
from events.imports.states import FileFormat
from events.models import EventImport, ImportLine
from semaine.text import sort_key

JSON_TYPE = "application/json"


def remarked(event_import: EventImport) -> tuple[bytes, str]:
    """Return the file and its media type."""
    if event_import.format == FileFormat.JSON:
        return _json(event_import), JSON_TYPE
    if event_import.format == FileFormat.XLSX:
        return writers.as_xlsx(_rows(event_import)), writers.XLSX_TYPE
    return writers.as_csv(_rows(event_import)), writers.CSV_TYPE


def words(line: ImportLine) -> str:
    """Return what is said of a line, as one cell: « À corriger. Date – trouvé… »."""
    remarks = [Remark(**each) for each in line.remarks]
    sentences = [f"{each.column} – {each.sentence}" if each.column else each.sentence for each in remarks]
    return "\n".join([label_of(line), *sentences])


def _rows(event_import: EventImport) -> Iterator[list[str]]:
    # A file that comes back brings its former remarks: the new ones take their place.
    kept = [place for place, name in enumerate(event_import.header) if sort_key(name) != sort_key(REMARKS)]
    yield [*(event_import.header[place] for place in kept), REMARKS]
    for line in event_import.lines.iterator(500):
        yield [*(line.cells[place] for place in kept), words(line)]


def _json(event_import: EventImport) -> bytes:
    kind, events = documents.events(bytes(event_import.content))
    for line in event_import.lines.defer("cells").iterator(500):
        events[line.number - 1]["remarques"] = words(line)
    return json.dumps({kind.list: events}, ensure_ascii=False, indent=1).encode(errors="replace")
