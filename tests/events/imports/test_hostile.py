"""A file that means harm is refused with one sentence, in little memory, and the worker goes on."""

import re
import subprocess
import sys

import pytest

from events.imports import reading
from events.imports.limits import Refused
from events.imports.states import ImportState
from tests import factories
from tests.events.imports import files, hostile
from tests.factories import NOW

MOST_MB = 300
MEASURE = """
import sys
import django
django.setup()
from events.imports import reading
from events.imports.limits import Refused
try:
    list(reading.read(open(sys.argv[1], "rb").read()).rows)
except Refused:
    print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.parametrize("name", hostile.FILES)
def test_hostile_file_is_refused_with_one_sentence(name):
    make, start = hostile.FILES[name]
    with pytest.raises(Refused) as refused:
        list(reading.read(make()).rows)
    sentence = str(refused.value)
    assert sentence[: len(start)] == start
    assert re.fullmatch(r"[A-ZÀ-Ý].*\.|.*»\.", sentence)


@pytest.mark.parametrize("name", ["a million cells", "a text repeated", "wide JSON"])
def test_hostile_file_is_refused_in_little_memory(name, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(hostile.FILES[name][0]())
    run = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    assert int(run.stdout) / 1000 < MOST_MB


@pytest.mark.django_db
def test_worker_goes_on_with_the_next_file():
    organizer = factories.user()
    factories.organization(organizer)
    edition = factories.edition()
    for code in ("90010", "02738"):
        factories.commune(code)
    bad = files.received(organizer, b"PK\x03\x04", edition, at=NOW)
    good = files.received(organizer, files.csv_of(files.line(1)), edition, at=NOW)
    files.worked(bad, NOW)
    good.refresh_from_db()
    assert (bad.state, bad.refusal[: len(hostile.BROKEN_BOOK)]) == (ImportState.REFUSED, hostile.BROKEN_BOOK)
    assert (good.state, good.total, bad.lines.count()) == (ImportState.CHECKED, 1, 0)
