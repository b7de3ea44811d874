"""Pages by cursor: each begins after the last row of the one before, whatever was added or left meanwhile.

A cursor is the moment of the first page, which all its pages are about, then the last row's place in the order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cast, Coalesce
from rest_framework.exceptions import ValidationError

from events.api.fields import wrong
from events.api.filters import (
    BY_CHANGE,
    BY_CHANGE_DOWN,
    BY_END,
    BY_PLACE,
    BY_TIMING,
    FEATURED_FIRST,
    ONLY,
    AgendaFilter,
)
from events.filters import BY_DISTANCE, BY_RELEVANCE
from events.listing import ordered
from events.models import Event
from events.tally import mark

# What has no day to come stands last.
NO_DAY, NO_MOMENT = date(9999, 12, 31), datetime(9999, 12, 31, tzinfo=UTC)
# Nor what has no place: after all letters.
NO_PLACE = "~"


@dataclass(frozen=True)
class Key:
    """A column of the order, and how its value is read from a cursor."""

    name: str
    read: Callable[[str], object]
    descends: bool = False

    @property
    def ordering(self) -> str:
        return f"-{self.name}" if self.descends else self.name

    def beyond(self, value) -> Q:
        return Q(**{f"{self.name}__{'lt' if self.descends else 'gt'}": value})


@dataclass(frozen=True)
class Page:
    """`rows`: the places in the order, each ending with its pk. `after` is None on the last page."""

    rows: list[tuple]
    total: int
    after: list[str] | None

    @property
    def ids(self) -> list:
        return [row[-1] for row in self.rows]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def _truth(text: str) -> bool:
    return bool(_whole(text))


def _word(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


PK = Key("pk", _whole)
CHANGE, CHANGE_DOWN = Key("updated_at", _moment), Key("updated_at", _moment, descends=True)


def page(rows, keys: list[Key], state: AgendaFilter) -> Page:
    """Return the page that a state asks for of these rows, in the order of the keys. Two queries."""
    size, cursor = state.values["size"], state.values["after"]
    total = rows.count()
    rows = rows.order_by(*(key.ordering for key in keys))
    if cursor:
        rows = rows.filter(_beyond(keys, _read(keys, cursor)))
    found = list(rows.values_list(*(key.name for key in keys))[: size + 1])
    after = None
    if len(found) > size:
        found = found[:size]
        after = [state.at.isoformat(), *map(_text, found[-1])]
    return Page(found, total, after)


def _text(value) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(keys: list[Key], cursor: list[str]) -> list:
    try:
        return [key.read(text) for key, text in zip(keys, cursor[1:], strict=True)]
    except (ValueError, OverflowError):
        error = wrong(
            "after", ",".join(cursor), "les valeurs « after » de la réponse précédente, dans leur ordre"
        )
        raise ValidationError({"after": error.messages}) from None


def _beyond(keys: list[Key], values: list) -> Q:
    condition = Q()
    for place, key in enumerate(keys):
        same = Q(**{each.name: value for each, value in zip(keys[:place], values, strict=False)})
        condition |= same & key.beyond(values[place])
    return condition


def events(state: AgendaFilter) -> tuple:
    """Return the rows that a state shows, what left included where that is asked, and the keys of their order."""
    sort = state.values.get("sort")
    if state.tells_removed:
        return _changed(state), [CHANGE_DOWN if sort == BY_CHANGE_DOWN else CHANGE, PK]
    if sort in (BY_CHANGE, BY_CHANGE_DOWN):
        return state.shown, [CHANGE if sort == BY_CHANGE else CHANGE_DOWN, PK]
    if sort in BY_PLACE:
        rows = state.shown.annotate(key_place=Coalesce(F(BY_PLACE[sort]), Value(NO_PLACE)))
        return rows, [Key("key_place", _word), Key("first_starts_at", _moment), PK]
    if sort in (*BY_TIMING, *BY_END):
        return _in_time(state, Key("first_starts_at" if sort in BY_TIMING else "last_ends_at", _moment), sort)
    return _in_list_order(state)


def _in_time(state: AgendaFilter, moment: Key, sort: str) -> tuple:
    if sort not in FEATURED_FIRST:
        return state.shown, [moment, PK]
    rows = state.shown.annotate(key_common=mark(Q(featured=None)))
    return rows, [Key("key_common", _truth), moment, PK]


def sort_of(state: AgendaFilter) -> str:
    """Return the name of the order in which the events of a state come."""
    sort = state.values.get("sort")
    if state.tells_removed:
        return BY_CHANGE_DOWN if sort == BY_CHANGE_DOWN else BY_CHANGE
    return sort or state.order


def _in_list_order(state: AgendaFilter) -> tuple:
    rows = ordered(state).annotate(
        key_day=Coalesce("next_day", Value(NO_DAY)), key_start=Coalesce("next_starts_at", Value(NO_MOMENT))
    )
    keys = [
        Key("key_day", date.fromisoformat),
        Key("is_lasting", _truth),
        Key("key_start", _moment),
        PK,
    ]
    if state.order == BY_DISTANCE:
        keys.insert(0, Key("distance", float))
    if state.order == BY_RELEVANCE:
        # Kept with all its digits, so that a cursor finds its place again.
        rows = rows.annotate(key_relevance=Cast(F("relevance"), FloatField()))
        keys.insert(0, Key("key_relevance", float, descends=True))
    return rows, keys


def _changed(state: AgendaFilter):
    """What the state shows, and what a reader of it may have kept that it no longer shows."""
    since, until = state.values.get("updatedAt[gte]"), state.values.get("updatedAt[lte]")
    left = Event.objects.removed_since(since).filter(edition=state.edition)
    if since:
        # It is public still, but no more among those that the other parameters name.
        moved = state.queryset.filter(updated_at__gte=since).exclude(pk__in=state.shown.values("pk"))
        left = Event.objects.filter(Q(pk__in=left.values("pk")) | Q(pk__in=moved.values("pk")))
    left = left.filter(updated_at__lte=until) if until else left
    if state.values["removed"] == ONLY:
        return left
    return Event.objects.filter(Q(pk__in=state.shown.values("pk")) | Q(pk__in=left.values("pk")))


def read_uid(text: str) -> dict | None:
    """Return the look-up that an address means: a number or a UUID; None for anything else."""
    try:
        return {"uid": UUID(text)} if len(text) == 36 else {"pk": _whole(text)}
    except ValueError:
        return None
