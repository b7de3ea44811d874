"""A JSON file of any size, event by event: never more than one is in memory."""

from collections.abc import Iterator
from typing import BinaryIO

import ijson
from ijson.common import ObjectBuilder

from events.imports.documents import BY_LIST, MOST_LEVELS, NO_EVENTS, UNREADABLE
from events.imports.limits import Refused

MARK = b"\xef\xbb\xbf"
BEGINS, ENDS = ("start_map", "start_array"), ("end_map", "end_array")
# What stands in the place of an event that is nested without end.
TOO_DEEP = object()


def events(file: BinaryIO) -> Iterator[tuple[str, object]]:
    """Yield (name of the list that holds it, event); the name is empty where the list is the whole file.

    Nothing is promised of an event: it may be a number. Raises Refused where the file stops being JSON, or holds no
    list of events.
    """
    if file.read(len(MARK)) != MARK:
        file.seek(0)
    try:
        yield from _listed(ijson.basic_parse(file))
    # SystemError: how the parser in C ends at a number of thousands of digits.
    except (ijson.JSONError, ValueError, SystemError):
        raise Refused(UNREADABLE) from None


def _listed(tokens) -> Iterator[tuple[str, object]]:
    level, name = 0, ""
    for what, value in tokens:
        if what == "map_key" and level == 1:
            name = value
        elif what == "start_array" and (level == 0 or (level == 1 and name in BY_LIST)):
            for event in _items(tokens):
                yield name, event
            return
        level += (what in BEGINS) - (what in ENDS)
    raise Refused(NO_EVENTS)


def _items(tokens) -> Iterator[object]:
    """Yield what a list holds, from after its beginning; then read what follows, which is to be JSON too."""
    level, builder, is_deep = 0, ObjectBuilder(), False
    for what, value in tokens:
        if what == "end_array" and level == 0:
            break
        level -= what in ENDS
        is_deep = is_deep or level > MOST_LEVELS
        if not is_deep:
            builder.event(what, value)
        level += what in BEGINS
        if level == 0:
            yield TOO_DEEP if is_deep else builder.value
            builder, is_deep = ObjectBuilder(), False
    for _ in tokens:
        pass
