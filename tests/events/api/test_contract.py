"""Nothing that the documentation allows, and nothing that it forbids, makes the running server break its word."""

import pytest
import schemathesis
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from events.api.schema import document
from tests import factories
from tests.events.api.bodies import bearer, token
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
API = schemathesis.openapi.from_dict(document())
OPERATIONS = {result.ok().definition.raw["operationId"]: result.ok() for result in API.get_all_operations()}


def test_document_is_openapi_3_1():
    assert (document()["openapi"], sorted(OPERATIONS)) == (
        "3.1.0", ["event", "events", "facets", "organizations", "territories", "upsert", "validate"],
    )  # fmt: skip


@pytest.fixture
def program(live_server, settings):
    """A labelled event, an organization with a token, and no limit."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 10**6)
    with time_machine.travel(NOW, tick=False):
        event = factories.labelled()
        yield event, bearer(token(event.created_by))


@pytest.mark.parametrize("name", OPERATIONS)
def test_server_keeps_its_word(live_server, program, name):
    event, header = program
    operation = OPERATIONS[name]
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes))
    def holds(case):
        if name == "upsert":
            # Else every call would be another organization's, and never read.
            case.path_parameters["organization"] = event.organization_id
            case.headers.update(header)
        if name == "event" and len(case.path_parameters["uid"]) > 20:
            case.path_parameters["uid"] = str(event.uid)
        case.call_and_validate(base_url=live_server.url, checks=CHECKS)

    holds()
