"""The figures of `make bench` are those that were measured: what wrk prints, what is late, what meets a budget."""

import pytest

from tests.bench import beside, load, table
from tests.bench.rounds import HELLO, MADE, UNCHANGED
from tests.bench.writes import Standing

WRK = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.91ms    1.10ms  20.00ms   90.00%
    Req/Sec     1.36k    99.00     1.50k    75.00%
  Latency Distribution
     50%  850.00us
     75%    6.10ms
     90%    7.00ms
     99%    1.20s
  2710 requests in 2.00s, 1.10MB read
Requests/sec:   1354.65
Transfer/sec:    563.10KB
"""


def test_what_wrk_prints_is_read():
    # It pads what is short.
    assert load.read(WRK.replace("1.20s", "1.20s ")) == (
        1354.65,
        2710,
        {50: 0.85, 75: 6.1, 90: 7.0, 99: 1200.0},
    )


@pytest.mark.parametrize(
    "fault", ["  Non-2xx or 3xx responses: 12", "  Socket errors: connect 0, read 3, write 0, timeout 0"]
)
def test_answers_that_were_errors_are_no_speed(fault):
    with pytest.raises(ValueError, match=fault.strip().split(":")[0]):
        load.read(f"{WRK}{fault}\n")


@pytest.mark.parametrize(
    ("shown", "began", "ended", "late"),
    [
        (True, 5, 6, 0),  # as it was from the first moment on
        (False, 5, 6, 5),  # never yet
        (True, 14, 15, 4),  # withdrawn at 10
        (False, 14, 15, 0),
        (True, 9, 11, 0),  # it changed meanwhile
        (False, 9, 11, 0),
        (False, 23, 24, 3),  # labelled again at 20
    ],
)
def test_page_is_late_by_the_time_that_what_it_shows_has_been_over(shown, began, ended, late):
    standing = Standing(event=None, path="/", changes=[(0, True), (10, False), (20, True)])
    standing.changes = [each for each in standing.changes if each[0] <= ended]
    assert standing.late(shown, began, ended) == late


def measure(**fields) -> dict:
    found = {"name": "programme", "way": MADE, "rate": 1200, "slowest": 900, "fastest": 1300, "ratio": 0.65}
    return found | {"processor_ms": 12.5, "bytes": 60_000, "compressed": 11_000, "queries": 8} | fields


def test_row_tells_what_was_found_and_whether_it_is_enough():
    assert table.row(measure(), 7_400) == (
        "| programme | fabriquée | 1\u202f200 (900 – 1\u202f300) | 0,65 | 12,50 ms | 8 | 60\u202f000 (11\u202f000) "
        "| ≤ 12 ms ✗, ≤ 12 requêtes SQL ✓ |"
    )


@pytest.mark.parametrize(
    ("fields", "events", "told"),
    [
        ({}, 100_000, "≤ 20 ms ✓, ≤ 12 requêtes SQL ✓"),
        ({"queries": 13}, 1_000_000, "≤ 12 requêtes SQL ✗"),
        ({"way": UNCHANGED}, 7_400, "≥ 0,70 ✗"),
        ({"way": UNCHANGED, "ratio": 0.7}, 7_400, "≥ 0,70 ✓"),
        ({"name": HELLO, "way": ""}, 7_400, ""),
    ],
)
def test_budgets_are_those_of_the_size(fields, events, told):
    assert table.budget(measure(**fields), events) == told


def figures(**fields) -> dict:
    readers = {"read": 15_000, "decisions": 222, "seconds": 60, "wrong": 0, "latest": 1.9}
    writes = {"submission_ms": 12.9, "label_ms": 20.6, "labels_a_second": 94.6, "readers": readers}
    beside = {"alone_ms": 20.0, "beside_ms": 60.0, "calls": 30} | fields
    return {"web": {"kept": 142, "made": 157, "start": 1.46}, "writes": writes, "beside": beside}


@pytest.mark.parametrize(("fields", "told"), [({}, "≤ 3 × ✓"), ({"beside_ms": 60.1}, "≤ 3 × ✗")])
def test_page_beside_other_work_is_told_with_what_was_done_meanwhile(fields, told):
    [line] = [each for each in table.others(figures(**fields)) if "appels lents" in each]
    assert "20,00 ms seule, 60" in line
    assert "30 appels d’une seconde et demie" in line
    assert line.endswith(f"| {told} |")


def test_answer_that_is_an_error_is_no_time(live_server):
    with pytest.raises(ValueError, match="/nulle-part/: 404"):
        beside.ask(live_server.url, "/nulle-part/", {})
