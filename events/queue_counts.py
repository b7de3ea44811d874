"""The numbers beside the filters and the ready-made views of the queue: one statement, whatever is asked."""

from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from django.db.models import Count, Q

from events.queue import MY_TURN, VIEWS, ExaminationFilter

# Each of them counts with all filters but itself.
FLAGS = ("statut", "points", "retard")
GROUPS = ("departement", "nature")
KEYS = ("department", "department__name", "format_code")


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
    """Return the counts of a view; where one of its values is wrong, it shows nothing. One query."""
    found = Counts()
    flags = dict(_flags(view)) if view.is_valid() else {}
    columns = {f"flag_{number}": Count("pk", filter=each) for number, each in enumerate(flags.values())}
    columns |= {f"view_{number}": Count("pk", filter=each) for number, each in enumerate(_views(view))}
    columns["shown"] = Count("pk", filter=view.others(*GROUPS) if view.is_valid() else Q(pk__in=[]))
    groups = view.queryset.order_by("department__sort_key").values(*KEYS)
    for row in groups.annotate(**columns):
        found.departments[row["department"]] = row["department__name"]
        found.views = [before + row[f"view_{number}"] for number, before in enumerate(found.views)]
        if view.is_valid():
            _add(found, view, row, flags)
    return found


def _flags(view: ExaminationFilter):
    """The choices of a few filters, each with the condition that it is one of the view's."""
    for name in FLAGS:
        for value, _ in choices(view, name):
            wanted = view.in_state(value) if name == "statut" else view.condition(name, value)
            yield (name, value), wanted & view.others(name, *GROUPS)


def _views(view: ExaminationFilter):
    for _, data in VIEWS:
        others = [view.condition(name, value) for name, value in data.items() if name != "statut"]
        yield reduce(and_, others, view.in_state(data.get("statut", MY_TURN)))


def _add(found: Counts, view: ExaminationFilter, row: dict, flags: dict) -> None:
    data = view.form.cleaned_data
    here = data["departement"] in ("", row["department"])
    same = data["nature"] in ("", row["format_code"])
    found.add("departement", row["department"], row["shown"] * same)
    found.add("nature", row["format_code"], row["shown"] * here)
    found.total += row["shown"] * here * same
    for number, (name, value) in enumerate(flags):
        found.add(name, value, row[f"flag_{number}"] * here * same)
