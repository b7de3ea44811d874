"""The dry run: every line of a file is read and judged, and nothing of the events is written."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from events.imports import reading
from events.imports.columns import BY_KEY
from events.imports.contents import Remark
from events.imports.judging import Judge, Judgement
from events.imports.limits import Refused
from events.imports.reading import Row
from events.imports.states import ImportState, LineVerdict
from events.models import EventImport, ImportLine

BATCH = 100


def check(event_import: EventImport, progress, at: datetime) -> None:
    """Read the file and write its lines with their verdicts. Started again, it begins anew."""
    event_import.lines.all().delete()
    try:
        table = reading.read(bytes(event_import.content))
        rows = list(table.rows)
    except Refused as refused:
        _end(event_import, ImportState.REFUSED, refusal=str(refused))
        return
    event_import.format, event_import.source = table.format, table.source
    event_import.header, event_import.total = table.header, len(rows)
    event_import.save(update_fields=["format", "source", "header", "total"])
    judge, twins = Judge(event_import), Twins()
    for done, batch in _batches(rows):
        judgements = judge.judge(batch)
        lines = [_line(event_import, judge, row, judgements[row.number], twins) for row in batch]
        ImportLine.objects.bulk_create(lines)
        progress(done)
    _end(event_import, ImportState.CHECKED)


def _batches(rows: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    left = iter(rows)
    done = 0
    while batch := list(islice(left, BATCH)):
        done += len(batch)
        yield done, batch


@transaction.atomic
def _end(event_import: EventImport, state: ImportState, refusal: str = "") -> None:
    event_import.state, event_import.refusal = state, refusal
    event_import.done, event_import.attempts = event_import.total, 0
    event_import.save(update_fields=["state", "refusal", "done", "attempts"])


class Twins:
    """Lines of one file that stand for the same event."""

    def __init__(self):
        self.names: dict[str, int] = {}
        self.contents: dict[int, int] = {}

    def remarks(self, number: int, name: str, cells: list[str]) -> list[Remark]:
        if name:
            first = self.names.setdefault(name, number)
            message = f"La ligne {first} a déjà cet identifiant : donnez-en un autre à l’une des deux."
            wanted = "un identifiant par ligne"
            return [] if first == number else [Remark(BY_KEY["external_id"].name, name, wanted, message)]
        first = self.contents.setdefault(hash(tuple(cells)), number)
        message = f"Cette ligne répète la ligne {first} : elle ferait un second événement."
        found = f"comme la ligne {first}"
        return (
            []
            if first == number
            else [Remark(BY_KEY["title"].name, found, "un autre événement", message, False)]
        )


def _line(event_import, judge: Judge, row: Row, judgement: Judgement, twins: Twins) -> ImportLine:
    cells = judge.cells(row)
    name = cells.get("external_id", "")
    remarks = [*judgement.remarks, *twins.remarks(row.number, name, row.cells)]
    judgement = judgement._replace(remarks=remarks)
    return ImportLine(
        event_import=event_import,
        number=row.number,
        cells=row.cells,
        title=cells["title"][:140],
        external_id=name[:100],
        verdict=judgement.verdict,
        plan=judgement.plan,
        remarks=[remark._asdict() for remark in remarks],
        event=judgement.event if judgement.verdict != LineVerdict.ERROR else None,
    )
