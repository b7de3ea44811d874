"""What a dashboard counts: every figure is a condition, and the list behind it is filtered by that very condition.

A purely online event is examined somewhere and takes place nowhere: it counts in the figures of who examines it, and
by territory it has a line of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, F, Q, Sum

from events.deadlines import overdue
from events.enums import Status
from events.querysets import EventQuerySet, is_amended, is_waiting, where_held
from events.tally import Tally, mark

# Codes stand in addresses. A status counts under its own.
SENT, WAITING, LATE, AMENDED, ANSWERED = "envoyes", "en-attente", "en-retard", "modifies", "repondus"
LABELLED, REFUSED = Status.LABELLED.value, Status.REFUSED.value
FIGURES = {
    SENT: "Dossiers envoyés",
    WAITING: "En attente de réponse",
    LATE: "En retard",
    AMENDED: "Modification proposée",
    ANSWERED: "Ont reçu une première réponse",
    **{each.value: each.referent_label for each in Status.sent()},
}
# The lines of each table; an event with several publics stands on several lines.
SINGLE = {
    "nature": F("format_code"),
    "departement": where_held("department"),
    "region": where_held("department__region"),
    "regle": F("refused_for"),
}
ARRAYS = {"filiere": "sector_codes", "public": "audience_codes"}
GROUPS = (*SINGLE, *ARRAYS)
ALL = Q()
NONE, ONLINE, OVERSEAS = "aucun", "en-ligne", "outre-mer"
# Overseas, what is in no région is still somewhere.
REGION_LINE = f"CASE WHEN is_placed THEN coalesce(by_region, '{OVERSEAS}') ELSE '{ONLINE}' END"


@dataclass(frozen=True)
class Counts:
    """How many events by figure, how many people the labelled ones expect, and how long half waited at most."""

    events: dict[str, int]
    participants: int
    median: timedelta | None


@dataclass(frozen=True)
class Total:
    events: int
    participants: int
    median: timedelta | None


def figures(at: datetime) -> dict[str, Q]:
    """Return the condition of each figure; the events are read `with_outcome()`."""
    statuses = {each.value: Q(status=each) for each in Status.sent()}
    return {
        SENT: ALL,
        WAITING: is_waiting(),
        LATE: is_waiting() & overdue(at),
        AMENDED: Q(is_amended()),
        ANSWERED: Q(answered_after__isnull=False),
        **statuses,
    }


def group(name: str, value: str) -> Q:
    """Return the condition of one line of a table."""
    if name in ARRAYS:
        column = ARRAYS[name]
        return Q(**{f"{column}__len": 0}) if value == NONE else Q(**{f"{column}__contains": [value]})
    if name == "nature":
        return Q(format_code="" if value == NONE else value)
    if name == "regle":
        return Q(refused_for=value)
    if value == ONLINE:
        return Q(commune=None)
    field = "department" if name == "departement" else "department__region"
    return Q(commune__isnull=False) & Q(**{field: None if value == OVERSEAS else value})


class Median(Aggregate):
    """Half of the values are at most this."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def summed(events: EventQuerySet) -> Total:
    """Return what the list behind a figure sums up to: one query."""
    found = events.aggregate(
        events=Count("pk"),
        participants=Sum("expected_participants", filter=Q(status=LABELLED), default=0),
        median=Median("answered_after"),
    )
    return Total(**found)


def counts(events: EventQuerySet, at: datetime) -> dict[tuple[str, str], Counts]:
    """Return all figures, in all under ("", "") and by (table, line): one query."""
    names = list(figures(at))
    found = {}
    for table, line, *numbers, participants, median in _rows(events, at):
        by_name = dict(zip(names, numbers, strict=True))
        found[table, _value(table, line)] = Counts(by_name, participants or 0, median)
    return found


def _value(table: str, line: str | None) -> str:
    if table == "departement":
        return line or ONLINE
    return line if line or not table else NONE


def _rows(events: EventQuerySet, at: datetime) -> list[tuple]:
    marks = {f"is_{place}": mark(each) for place, each in enumerate(figures(at).values())}
    columns = {f"by_{name}": each for name, each in SINGLE.items()} | {
        f"by_{name}": F(each) for name, each in ARRAYS.items()
    }
    rows = events.values(
        "answered_after",
        "expected_participants",
        is_placed=mark(Q(commune__isnull=False)),
        **columns,
        **marks,
    )
    return _tally(marks).rows(rows)


def _tally(marks) -> Tally:
    labelled = f"is_{list(FIGURES).index(LABELLED)}"
    sums = [f"count(*) FILTER (WHERE {name})" for name in marks]
    sums += [
        f"sum(expected_participants) FILTER (WHERE {labelled})",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_after)",
    ]
    lines = {name: f"by_{name}::text" for name in SINGLE} | {"region": REGION_LINE}
    return Tally(sums, lines, {name: f"by_{name}" for name in ARRAYS})
