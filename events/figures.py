"""How many events, and of which kinds: the figures of a list, each with the words of its line."""

from dataclasses import dataclass
from urllib.parse import urlencode

from events.enums import Audience
from events.event_sets import EventSet
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


def figures(events: EventSet, formats: dict[str, str], territory: dict[str, str | list[str]]) -> Figures:
    """Count events.

    `formats`: label by code; `territory`: what the query string of the programme names it by.
    """
    return Figures(
        events.number,
        events.organizations,
        _lines("nature", formats, events, territory),
        _lines("public", dict(Audience.choices), events, territory),
    )


def _lines(parameter: str, labels: dict, events: EventSet, territory: dict) -> list[Line]:
    """The lines that hold something, the largest first."""
    numbers = events.numbers(parameter)
    lines = [
        Line(label, numbers[code], urlencode({**territory, parameter: code}, doseq=True))
        for code, label in labels.items()
        if code in numbers
    ]
    return sorted(lines, key=lambda line: -line.number)
