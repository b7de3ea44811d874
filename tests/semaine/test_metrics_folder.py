"""The folder of a web server's figures goes with it, or with the next one when it was killed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from semaine import metrics_folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_folder_of_a_process_that_is_no_more_is_taken_away(folder):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = folder / f"semaine-metrics-{gone.pid}-abc"
    left.mkdir()
    (left / "counter.db").write_text("1")
    mine = Path(metrics_folder.make())
    assert [mine] == list(folder.iterdir())
    assert mine.name.startswith(f"semaine-metrics-{os.getpid()}-")


@pytest.mark.parametrize("name", ["semaine-metrics-1-abc", "semaine-metrics-abc", "autre-999999999-abc"])
def test_folder_of_another_is_left(folder, name):
    (folder / name).mkdir()
    metrics_folder.make()
    assert (folder / name).is_dir()
