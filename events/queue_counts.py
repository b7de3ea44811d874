"""The numbers beside the filters and the ready-made views of the queue: one statement, whatever is asked.

The territory's files are grouped by all that a filter may ask of them, each condition worked out once a file; the
numbers are sums of these groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from events.enums import Status
from events.queue import EVERYTHING, MY_TURN, VIEWS, ExaminationFilter

# Each of them counts with all filters but itself: those whose choices are columns, and those that are conditions.
COLUMNS = {"departement": "department", "nature": "format_code"}
CONDITIONS = ("statut", "points", "retard")
# What is asked for in other words, and has no number beside it.
WORDS = ("organisateur", "q", "doublons")


@dataclass
class Counts:
    """How many files the view shows, how many each choice of a filter would show, and how many each ready-made view.

    `departments`: the names of those where there is a file, by code.
    """

    total: int = 0
    by_choice: dict[str, dict[str, int]] = field(default_factory=dict)
    views: list[int] = field(default_factory=lambda: [0] * len(VIEWS))
    departments: dict[str, str] = field(default_factory=dict)

    def of(self, name: str, value: str) -> int:
        return self.by_choice.get(name, {}).get(value, 0)

    def add(self, name: str, value: str, number: int) -> None:
        by_value = self.by_choice.setdefault(name, {})
        by_value[value] = by_value.get(value, 0) + number


def choices(view: ExaminationFilter, name: str) -> list[tuple[str, str]]:
    """Return what a filter offers, as (value, label), without its empty choice."""
    return [(value, label) for value, label in view.form.fields[name].choices if value]


def counts(view: ExaminationFilter) -> Counts:
    """Return the counts of a view; where one of its values is wrong, it shows nothing.

    One query, and three where nobody has asked yet whose turn it is.
    """
    found = Counts()
    active = _active(view) if view.is_valid() else None
    groups = list(_groups(view, active or {}))
    there = {group["department"] for group in groups}
    found.departments = {each.pk: each.name for each in view.turns.departments if each.pk in there}
    offered = {
        name: [(value, _column(name, value)) for value, _ in choices(view, name)] for name in CONDITIONS
    }
    wanted = [[*({"statut": MY_TURN} | data).items()] for _, data in VIEWS]
    for group in groups:
        held = _held(group, offered)
        for number, asked in enumerate(wanted):
            if all(value in held[name] for name, value in asked):
                found.views[number] += group["number"]
        if active:
            _add(found, group, active, held)
    return found


def _active(view: ExaminationFilter) -> dict[str, str]:
    """Return what is asked for, by filter; « statut » always is."""
    chosen = {name: value for name, value in view.form.cleaned_data.items() if value}
    return chosen | {"statut": view.state}


def _groups(view: ExaminationFilter, active: dict[str, str]) -> QuerySet:
    conditions = {_column(name, value): condition for name, value, condition in _conditions(view)}
    for name in WORDS:
        if name in active:
            conditions[_column(name, active[name])] = view.condition(name, active[name])
    columns = {name: ExpressionWrapper(each, BooleanField()) for name, each in conditions.items()}
    # In no order: sorting by as many columns takes as long as counting.
    groups = view.queryset.annotate(**columns).order_by()
    return groups.values("department", "format_code", "status", *columns).annotate(number=Count("pk"))


def _conditions(view: ExaminationFilter) -> Iterator[tuple[str, str, Q]]:
    for name in CONDITIONS:
        for value, _ in choices(view, name):
            if name != "statut":
                yield name, value, view.condition(name, value)
            elif value != EVERYTHING and value not in Status.values:
                yield name, value, view.in_state(value)


def _column(name: str, value: str) -> str:
    """Return the name of the column that says whether a file is what a filter asks for."""
    return f"is_{name}" if name in WORDS else f"is_{name}_{value}"


def _held(group: dict, offered: dict[str, list[tuple[str, str]]]) -> dict[str, list[str]]:
    """Return, by filter, the values that the files of a group are an answer to."""
    held = {name: [group[column]] for name, column in COLUMNS.items()}
    status = group["status"]
    for name, values in offered.items():
        held[name] = [value for value, column in values if group.get(column, value in (status, EVERYTHING))]
    return held


def _add(found: Counts, group: dict, active: dict[str, str], held: dict[str, list[str]]) -> None:
    against = {
        name
        for name, value in active.items()
        if not (group[_column(name, value)] if name in WORDS else value in held[name])
    }
    number = group["number"]
    found.total += 0 if against else number
    for name, values in held.items():
        if against <= {name}:
            for value in values:
                found.add(name, value, number)
