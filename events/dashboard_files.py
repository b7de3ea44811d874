"""The figures and the lists of a dashboard as CSV, for a spreadsheet."""

from collections.abc import Iterator

from events.dashboard import Dashboard
from events.dashboard_list import line_of
from events.imports.writers import as_csv
from events.querysets import EventQuerySet

EVENT_HEADS = [
    "Événement", "Statut", "Réponse attendue", "Organisateur", "Lieu", "Participants attendus",
    "Première réponse après",
]  # fmt: skip
CHUNK = 2000


def tables(dashboard: Dashboard) -> bytes:
    """Return all figures, one a line: of which table, of which line, its name, the number."""
    return as_csv([["Tableau", "Ligne", "Chiffre", "Nombre"], *_numbers(dashboard)])


def _numbers(dashboard: Dashboard) -> Iterator[list[str]]:
    where = dashboard.scope.name
    for number in [*dashboard.figures, dashboard.participants]:
        yield ["En tout", where, number.label, f"{number.value}"]
    yield ["En tout", where, "Délai médian de la première réponse", dashboard.median]
    for table in dashboard.tables:
        for row in table.rows:
            yield from ([table.caption, row.label, each.label, f"{each.value}"] for each in row.cells)


def events(behind: EventQuerySet) -> bytes:
    """Return the list behind a figure, one event a line."""
    return as_csv([EVENT_HEADS, *map(_event, behind.for_dashboard().iterator(CHUNK))])


def _event(event) -> list[str]:
    line = line_of(event)
    participants = "" if line.participants is None else f"{line.participants}"
    return [line.title, line.status, line.due, line.organizer, line.place, participants, line.answered]
