"""How many events, and of which kinds: the figures of a list, each with the words of its line."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q

from events.enums import Audience
from events.querysets import EventQuerySet
from semaine.text import count, thousands


@dataclass(frozen=True)
class Line:
    """One line of figures: `query` leads to those events in the programme."""

    label: str
    number: int
    query: str

    @property
    def words(self) -> str:
        return count(self.number, "événement")


@dataclass(frozen=True)
class Figures:
    """An event for several publics stands on several lines: those lines sum to more than `events`."""

    events: int
    organizations: int
    formats: list[Line]
    audiences: list[Line]

    @property
    def events_words(self) -> str:
        return thousands(self.events)

    @property
    def organizations_words(self) -> str:
        return thousands(self.organizations)


def figures(events: EventQuerySet, formats: dict[str, str], territory: dict[str, str | list[str]]) -> Figures:
    """Count events in one statement.

    `formats`: label by code; `territory`: what the query string of the programme names it by.
    """
    natures = {("nature", code): Q(format_code=code) for code in formats}
    publics = {("public", code): Q(audience_codes__contains=[code]) for code in Audience.values}
    kinds = natures | publics
    numbers = {f"kind_{place}": Count("pk", filter=kind) for place, kind in enumerate(kinds.values())}
    found = events.aggregate(
        events=Count("pk"), organizations=Count("organization", distinct=True), **numbers
    )
    by_kind = {kind: found[name] for kind, name in zip(kinds, numbers, strict=True)}
    return Figures(
        found["events"],
        found["organizations"],
        _lines("nature", formats, by_kind, territory),
        _lines("public", dict(Audience.choices), by_kind, territory),
    )


def _lines(parameter: str, labels: dict, numbers: dict, territory: dict) -> list[Line]:
    """The lines that hold something, the largest first."""
    lines = [
        Line(label, numbers[parameter, code], urlencode({**territory, parameter: code}, doseq=True))
        for code, label in labels.items()
    ]
    return sorted((line for line in lines if line.number), key=lambda line: -line.number)
