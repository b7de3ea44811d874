"""The quick ones of `make faults`: what breaks while people work, and nothing that was promised is lost."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings

from tests.faults.found import Found
from tests.faults.kinds import FAULTS
from tests.faults.table import Row


def test_quick_faults_lose_and_double_nothing():
    command = [sys.executable, "-m", "tests.faults", "--quick"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in run.stdout.splitlines()[2:]]
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"
    assert [row[0] for row in rows] == [each.name for each in FAULTS if each.is_quick]
    # Twelve sendings and twelve labels, the mails of both and of the sendings before, and twelve pages.
    assert [row[2:6] for row in rows] == [["72", "72", "0", "0"]] * len(rows)


@pytest.mark.parametrize(
    ("found", "failures", "may_fail", "is_kept"),
    [
        (Found(2, 2), 0, False, True),
        (Found(2, 2), 3, True, True),
        (Found(2, 2), 3, False, False),
        (Found(2, 1, lost=1), 0, True, False),
        (Found(2, 3, doubled=1), 0, True, False),
    ],
)
def test_promise_is_kept_when_nothing_is_lost_doubled_or_to_be_done_again(found, failures, may_fail, is_kept):
    assert Row(SimpleNamespace(may_fail=may_fail), found, failures).is_kept is is_kept
