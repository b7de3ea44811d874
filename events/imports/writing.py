"""The import itself: each line once, whatever stops the worker half-way.

A line and its event are written in one transaction that also marks the line as done, so a worker that takes the
job up again goes on with the lines left. New events are written some at a time; where one of them fails, each by
itself. Should two workers ever meet on a line, the key of its creation makes one event. « Tout ou rien » is one
transaction for all lines.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from events import drafting, workflow
from events.enums import Transition
from events.imports.contents import Remark
from events.imports.judging import CHANGES, Judge, Judgement
from events.imports.reading import Row
from events.imports.states import ImportState, LineOutcome, LinePlan, LineVerdict
from events.imports.telling import tell
from events.models import Amendment, Event, EventImport, ImportLine

logger = logging.getLogger(__name__)

BATCH = 100
REFUSED_BY_DATABASE = "La base de données a refusé cette ligne : signalez-le-nous avec votre fichier."
PROPOSED = (
    "La modification est proposée au référent : jusqu’à sa réponse, le public voit ce qui a été labellisé."
)
WRITTEN = {
    LinePlan.CREATE: LineOutcome.CREATED,
    LinePlan.SAME: LineOutcome.SAME,
}
Judged = tuple[ImportLine, Judgement]


class Stopped(Exception):
    """One line failed, and all or nothing was asked."""

    def __init__(self, line: ImportLine):
        super().__init__(line.number)
        self.line = line


def write(event_import: EventImport, progress, at: datetime) -> None:
    """Import the lines that are left, and tell their author at the end."""
    if event_import.all_or_nothing:
        _all_or_nothing(event_import, progress, at)
        return
    event_import.lines.filter(verdict=LineVerdict.ERROR).update(outcome=LineOutcome.REFUSED)
    with _quick_commits():
        for done, batch in _batches(event_import):
            _write_batch(event_import, batch, at)
            progress(done)
    _end(event_import, at)


@contextmanager
def _quick_commits() -> Iterator[None]:
    """Do not wait for the disk at each line: should the database itself stop, a line and its mark are lost together.

    The commit that ends the import waits for all those before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def _all_or_nothing(event_import: EventImport, progress, at: datetime) -> None:
    try:
        with transaction.atomic():
            for done, batch in _batches(event_import):
                if failed := _write_batch(event_import, batch, at):
                    raise Stopped(failed)
                progress(done)
            _end(event_import, at)
    except Stopped as stopped:
        _mark(stopped.line)
        _end(event_import, at)


def _batches(event_import: EventImport) -> Iterator[tuple[int, list[Judged]]]:
    """Yield the lines left, and how many are done with them; judged again, as all may have changed since.

    New events come first: those that exist, and their locks, are taken as late as may be and always in one order.
    """
    judge = Judge(event_import)
    left = event_import.lines.filter(outcome="").order_by(F("event").asc(nulls_first=True), "number")
    left = list(left.values_list("pk", flat=True))
    done = event_import.total - len(left)
    for start in range(0, len(left), BATCH):
        by_pk = ImportLine.objects.in_bulk(left[start : start + BATCH])
        lines = [by_pk[pk] for pk in left[start : start + BATCH]]
        judgements = judge.judge(Row(line.number, line.cells) for line in lines)
        done += len(lines)
        yield done, [(line, judgements[line.number]) for line in lines]


def _write_batch(event_import: EventImport, batch: list[Judged], at: datetime) -> ImportLine | None:
    """Write some lines; return the last one that failed, or the first and no further of « tout ou rien »."""
    together = [each for each in batch if _is_plain(*each)]
    if _write_together(event_import, together, at):
        batch = [each for each in batch if not _is_plain(*each)]
    failed = None
    for line, judgement in batch:
        if not _write(event_import, line, judgement, at):
            failed = line
            if event_import.all_or_nothing:
                break
    return failed


def _is_plain(line: ImportLine, judgement: Judgement) -> bool:
    """Is it a new event, as the check has found it?"""
    is_new = judgement.plan == LinePlan.CREATE and judgement.verdict != LineVerdict.ERROR
    return is_new and (line.verdict, line.plan) == (judgement.verdict, judgement.plan)


def _write_together(event_import: EventImport, batch: list[Judged], at: datetime) -> bool:
    """Write new events at one go and mark their lines as done; or write nothing, where one of them fails."""
    drafts = [_draft(event_import, *each) for each in batch]
    try:
        with transaction.atomic():
            events = drafting.draft_all(drafts=drafts, **_of_import(event_import, at))
            for (line, _), event in zip(batch, events, strict=True):
                line.event = event
            lines = [line for line, _ in batch]
            ImportLine.objects.bulk_update(lines, ["event"])
            rows = ImportLine.objects.filter(pk__in=[line.pk for line in lines])
            rows.update(outcome=LineOutcome.CREATED)
            sent = [line.pk for (line, _), draft in zip(batch, drafts, strict=True) if draft.sends]
            rows.filter(pk__in=sent).update(was_sent=True)
    except (workflow.WorkflowError, DatabaseError, ValidationError):
        return False
    return True


def _write(event_import: EventImport, line: ImportLine, judgement: Judgement, at: datetime) -> bool:
    """Write a line and mark it as done in one transaction, or say on it why not; return whether it went."""
    _judged_again(line, judgement)
    if judgement.verdict != LineVerdict.ERROR:
        try:
            with transaction.atomic():
                if judgement.plan == LinePlan.REPLACE and not event_import.replaces:
                    line.event, line.outcome = judgement.event, LineOutcome.KEPT
                else:
                    line.event, line.was_sent = _import(event_import, line, judgement, at)
                    line.outcome = _outcome(line, judgement)
                _mark(line)
                return True
        except workflow.WorkflowError as error:
            _say(line, error.message)
        except (DatabaseError, ValidationError):
            logger.exception("import %s, line %s", event_import.pk, line.number)
            _say(line, REFUSED_BY_DATABASE)
    line.outcome = LineOutcome.REFUSED
    _mark(line)
    return False


def _judged_again(line: ImportLine, judgement: Judgement) -> None:
    """Say on a line what has changed since it was checked: it may lack something now, or its event be another."""
    before, after = (line.verdict, line.plan), (judgement.verdict, judgement.plan)
    if before != after and (judgement.is_blocked or judgement.plan == LinePlan.REPLACE):
        line.verdict, line.plan = after
        line.remarks = [remark._asdict() for remark in judgement.remarks]


def _outcome(line: ImportLine, judgement: Judgement) -> LineOutcome:
    """What became of the event; of a labelled one, what the label rests on may only be proposed."""
    if judgement.plan not in CHANGES:
        return WRITTEN[judgement.plan]
    if Amendment.objects.open().filter(event=line.event).exists():
        line.remarks = [*line.remarks, Remark("", "", "", PROPOSED, is_error=False)._asdict()]
    changed = line.event.version != judgement.event.version
    return LineOutcome.UPDATED if changed else LineOutcome.SAME


def _mark(line: ImportLine) -> None:
    line.save(update_fields=["verdict", "plan", "outcome", "event", "was_sent", "remarks"])


def _say(line: ImportLine, message: str) -> None:
    line.event, line.was_sent = None, False
    line.remarks = [*line.remarks, Remark("", "", "", message)._asdict()]


def _import(event_import: EventImport, line, judgement: Judgement, at: datetime) -> tuple[Event, bool]:
    """Write the event of a line, and send it where that was asked; return it and whether it was sent."""
    submits = event_import.submits and not judgement.is_lacking
    if judgement.event is None:
        draft = _draft(event_import, line, judgement)
        return drafting.draft(**draft._asdict(), **_of_import(event_import, at)), submits
    by, event, contents = event_import.created_by, judgement.event, judgement.contents
    if judgement.plan in CHANGES:
        asked = {"values": contents.values, "slots": contents.slots, "version": event.version}
        event = drafting.revise(event, by=by, at=at, **asked)
        Event.objects.filter(pk=event.pk).update(imported_version=event.version, imported_at=at)
    sends = submits and bool(workflow.possible(event, [Transition.SUBMIT]))
    if sends:
        event = workflow.submit(event, by=by, at=at, quietly=True)
    return event, sends


def _draft(event_import: EventImport, line: ImportLine, judgement: Judgement) -> drafting.New:
    return drafting.New(
        # The same line of the same import is the same creation.
        key=uuid5(event_import.key, str(line.number)),
        values=judgement.contents.values,
        slots=judgement.contents.slots or (),
        sends=event_import.submits and not judgement.is_lacking,
    )


def _of_import(event_import: EventImport, at: datetime) -> dict:
    """What all its events have in common."""
    return {
        "organization": event_import.organization,
        "edition": event_import.edition,
        "by": event_import.created_by,
        "at": at,
        "source": event_import.source,
    }


@transaction.atomic
def _end(event_import: EventImport, at: datetime) -> None:
    event_import.state, event_import.attempts = ImportState.DONE, 0
    event_import.done = event_import.total
    event_import.save(update_fields=["state", "attempts", "done"])
    tell(event_import, at)
