"""The counts beside every choice of the programme, each with the other filters applied: one statement for all.

What a facet's own filter leaves out is still counted beside its other choices. So the filters that facets stand for
are not conditions of the statement but marks on its rows, and each count puts its own mark aside.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Value

from events import presets
from events.filters import ProgrammeFilter
from events.querysets import where_held

# What each facet counts, by parameter. An array counts for each of its codes.
SINGLE = {
    "region": where_held("department__region"),
    "departement": where_held("department"),
    "nature": F("format_code"),
    "mode": F("attendance_mode"),
    "acces": F("access_mode"),
}
ARRAYS = {
    "public": F("audience_codes"),
    "filiere": F("sector_codes"),
    "theme": F("topic_codes"),
    "accessibilite": F("accessibility_codes"),
}
DAYS = {name: f"day_{number}" for number, (name, _) in enumerate(presets.CHOICES)}
FACETS = (*SINGLE, *ARRAYS, "jour")
# All the codes of this one are wanted together, so that one more choice narrows what the others found.
NARROWING = "accessibilite"


@dataclass(frozen=True)
class Counts:
    """How many events are shown, how many more are over and hidden, and how many each choice would show.

    `online`: how many online events a place leaves out; 0 when none is asked for.
    """

    shown: int
    over: int
    online: int
    by_choice: dict[str, dict[str, int]]


def count(filterset: ProgrammeFilter) -> Counts:
    """Return the counts of a filter state; all are 0 when one of its values is wrong. One query at most."""
    found = defaultdict(dict)
    if filterset.is_valid():
        for facet, choice, number in _rows(filterset):
            found[facet][choice] = number
    totals = found.pop("total", {"shown": 0, "ever": 0})
    online = totals.get("online", 0)
    return Counts(totals["shown"], totals["ever"] - totals["shown"], online, found)


def _rows(filterset: ProgrammeFilter) -> list[tuple[str, str, int]]:
    inner, parameters = _events(filterset).query.sql_with_params()
    marks = [name for name in filterset.conditions if name in FACETS]
    arms = [*_totals(marks), *_singles(marks), *_arrays(marks)]
    if not filterset.edition.is_over(filterset.at):
        arms += _days(marks)
    if filterset.names_a_place:
        online, more = filterset.everywhere().values("pk").query.sql_with_params()
        arms.append(f"SELECT 'total', 'online', count(*) FROM ({online}) AS everywhere")  # noqa: S608
        parameters += more
    statement = f"WITH found AS MATERIALIZED ({inner}) {' UNION ALL '.join(arms)}"
    with connections[filterset.queryset.db].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _events(filterset: ProgrammeFilter):
    """The events that the other filters leave, with what is counted and a mark for each facet's filter."""
    with_past = filterset.conditions_with_past
    others = [each for name, each in with_past.items() if name not in FACETS]
    marks = {f"in_{name}": _mark(each) for name, each in filterset.conditions.items() if name in FACETS}
    marks["ever"] = _mark(with_past["jour"]) if "jour" in with_past else Value(True)
    days = {} if filterset.edition.is_over(filterset.at) else _day_marks(filterset)
    rows = filterset.queryset.filter(*others).order_by()
    return rows.values(shown=_shown(filterset), **SINGLE, **ARRAYS, **marks, **days)


def _shown(filterset: ProgrammeFilter):
    """What is to come, on the days asked for: the two conditions that hide what is over, « jour » aside."""
    if filterset.shows_all:
        return Value(True)
    return _mark(Q(last_ends_at__gt=filterset.at) & filterset.conditions.get("du", Q()))


def _mark(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _day_marks(filterset: ProgrammeFilter) -> dict[str, ExpressionWrapper]:
    at = filterset.at
    since = None if filterset.shows_all else at
    return {column: _mark(presets.condition(name, at, since)) for name, column in DAYS.items()}


# The names below come from this module alone; what people typed stays a parameter of the inner statement.


def _where(marks: list[str], aside: str = "", *, shown: str = "shown") -> str:
    kept = [f"in_{name}" for name in marks if name != aside or name == NARROWING]
    return " AND ".join([shown, *kept])


def _totals(marks: list[str]) -> list[str]:
    return [
        f"SELECT 'total', 'shown', count(*) FROM found WHERE {_where(marks)}",  # noqa: S608
        f"SELECT 'total', 'ever', count(*) FROM found WHERE {_where(marks, 'jour', shown='ever')}",  # noqa: S608
    ]


def _singles(marks: list[str]) -> list[str]:
    return [
        f"SELECT '{name}', {name}::text, count(*) FROM found WHERE {_where(marks, name)} GROUP BY 2"  # noqa: S608
        for name in SINGLE
    ]


def _arrays(marks: list[str]) -> list[str]:
    """Count equal arrays first: many events share one."""
    return [
        f"SELECT '{name}', code::text, sum(number)::int FROM "  # noqa: S608
        f"(SELECT {name} AS codes, count(*) AS number FROM found WHERE {_where(marks, name)} GROUP BY 1) AS equal, "
        f"unnest(codes) AS code GROUP BY 2"
        for name in ARRAYS
    ]


def _days(marks: list[str]) -> list[str]:
    return [
        f"SELECT 'jour', '{name}', count(*) FROM found WHERE {_where(marks, 'jour')} AND {column}"  # noqa: S608
        for name, column in DAYS.items()
    ]
