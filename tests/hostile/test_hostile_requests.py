"""Whatever the address, its parameters or the form: an answer in time, never an error of ours.

`make fuzz` makes twenty thousand requests; the tests make some hundreds, the same each time. A request that fails is
printed, and written as a line of `fuzz.jsonl` in the folder of the tests: `make fuzz FUZZ_REPLAY=that/file` makes
those again.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings

from tests.hostile.drawing import visits
from tests.hostile.reading import API, PROPERTIES, field_by_field, form_by_form
from tests.hostile.visit import Visit

pytestmark = pytest.mark.django_db
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "0"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
# The place of the first value in the dictionary, where all are gone through.
FIRST = (SEED - 1) * 31
REPLAY = os.environ.get("FUZZ_REPLAY", "")
DRAWN = 150  # by the tests
BATCHES = 10 if REQUESTS else 1


def made(visitor, visits) -> int:
    """Make visits; return how many, and fail on those that went wrong."""
    told = [visitor.fault(visit) for visit in visits]
    faults = [fault for fault in told if fault]
    keep(faults)
    assert faults == []
    return len(told)


def keep(faults: list[str]) -> None:
    with (Path(settings.DATA_DIR) / "fuzz.jsonl").open("a") as file:
        file.writelines(fault[fault.index('{"') :] + "\n" for fault in faults)


def test_every_form_is_answered_with_hostile_fields(visitor, seen):
    assert made(visitor, form_by_form(seen, FIRST)) == len(seen.forms)


@pytest.mark.skipif(
    not REQUESTS, reason="thousands of requests: with FUZZ_REQUESTS, as « make fuzz » sets it"
)
def test_every_field_and_parameter_is_answered(visitor, seen):
    fields = sum(len(form.names) for _, _, form in seen.forms)
    parameters = sum(len(page.parameters) for page in seen.pages)
    properties = len(API) * len(PROPERTIES)
    assert made(visitor, field_by_field(seen, FIRST)) == fields + parameters + properties


@pytest.mark.parametrize("batch", range(BATCHES))
def test_drawn_requests_are_answered(visitor, seen, batch):
    """All are made before the first that fails is told: no time goes into making it shorter."""
    drawn = []
    systematic = sum(1 for _ in field_by_field(seen)) + len(seen.forms)
    number = -(-max(REQUESTS - systematic, 0) // BATCHES) if REQUESTS else DRAWN

    @seed(SEED * 1_000 + batch)
    @hypothesis_settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(visit=visits(seen))
    def draw(visit):
        drawn.append(visit)

    draw()
    assert made(visitor, drawn) >= number


@pytest.mark.skipif(not REPLAY, reason="FUZZ_REPLAY names no file of requests to make again")
def test_replayed_requests_are_answered(visitor):
    made(visitor, map(Visit.from_json, Path(REPLAY).read_text().splitlines()))
