"""What stands around the events and seldom changes: territories, terms, editions, organizations.

A label changes what the public sees, and not these: each process keeps what it made of them until they change.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")

_kept: dict[Callable, tuple[int, object]] = {}


def kept(read: Callable[[], T]) -> Callable[[int], T]:
    """Decorate what reads only these: called with the number of `SiteRevision.objects.structure()`, reads once for it.

    The number is asked for before, so that what is kept is never older than it.
    """

    @wraps(read)
    def answer(structure: int) -> T:
        known = _kept.get(read)
        if known is None or known[0] != structure:
            known = _kept[read] = structure, read()
        return known[1]

    return answer


def forget() -> None:
    """For tests, in which the same number comes again with other rows."""
    _kept.clear()
