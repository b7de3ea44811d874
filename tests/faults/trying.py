"""One fault after the other, each while the job is under way."""

import sys
from pathlib import Path

from django.db import connection
from django.utils import timezone

from tests.faults import work
from tests.faults.found import Found, compare
from tests.faults.kinds import FAULTS, Fault, NotRun
from tests.faults.site import Site, site
from tests.faults.table import HEAD, Row, document

KEPT = Path(__file__).parent / "FAULTS.md"
# How much there is to do for each of four people.
FEW, MANY = 6, 15


def try_all(only: str, *, is_quick: bool, keep: bool) -> int:
    """Print the table line by line; return 1 when a promise was not kept."""
    sys.stdout.write(HEAD)
    rows = []
    with site() as running:
        for fault in FAULTS:
            if only in fault.name and (fault.is_quick or not is_quick):
                rows.append(_tried(running, fault, FEW if is_quick else MANY))
                sys.stdout.write(str(rows[-1]))
                sys.stdout.flush()
    if keep:
        KEPT.write_text(document(rows, timezone.now()))
    return int(not all(row.is_kept for row in rows))


def _tried(running: Site, fault: Fault, each: int) -> Row:
    job, why_not = work.prepare(running, organizers=2, referents=2, each=each), ""
    with work.under_way(job):
        try:
            fault.act(running, job)
        except NotRun as error:
            why_not = str(error)
    # It may have been cut, too.
    connection.close()
    return Row(fault, Found() if why_not else compare(job), job.failures, why_not)
