"""JSON files event by event, honest ones and others."""

import json
from io import BytesIO

import pytest

from events.imports import streams
from events.imports.documents import MOST_LEVELS
from events.imports.limits import Refused
from tests.events.imports import agenda, hostile


def read(content: bytes) -> list:
    return list(streams.events(BytesIO(content)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events", b'{"total": 2, "more": {"events": [1]}, "events": %s, "after": [1]}'),
        ("content", b'\xef\xbb\xbf{"content": %s, "totalElements": 2}'),
        ("", b"%s"),
    ],
)
def test_events_are_found_where_they_are(name, content):
    events = [agenda.event(1), {"a": [[], {}, [1, {"b": None}]]}]
    found = read(content % json.dumps(events).encode())
    assert [(each, json.loads(json.dumps(event, default=float))) for each, event in found] == [
        (name, event) for event in events
    ]


def test_what_is_no_event_and_what_has_no_end_stand_in_their_place():
    content = b'[1, null, {"a": %s}, {"uid": 2}, "x"]' % hostile.nested(100_000)
    assert [event for _, event in read(content)] == [1, None, streams.TOO_DEEP, {"uid": 2}, "x"]


def test_as_deep_as_may_be():
    [(_, event)] = read(b"[%s]" % hostile.nested(MOST_LEVELS))
    assert json.dumps(event).encode() == hostile.nested(MOST_LEVELS)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"events": [{}', b'{"events": [{}]}}', b'[{"a": "\xff"}]', b"[NaN]", b'{"data": []}', b"3",
     b'[{"uid": ' + b"9" * 5_000 + b"}]"],
)  # fmt: skip
def test_other_files_are_refused(content):
    with pytest.raises(Refused):
        read(content)
