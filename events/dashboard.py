"""The dashboard of a territory: its figures, its tables, and the list behind each number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from events import steering
from events.dashboard_scope import Scope
from events.querysets import EventQuerySet
from semaine.models import Edition
from semaine.text import NBSP, count, thousands

# The columns of the tables; participants come after them.
COLUMNS = (steering.SENT, steering.WAITING, steering.LATE, steering.LABELLED)
HEADS = {
    steering.SENT: "Envoyés",
    steering.WAITING: "En attente",
    steering.LATE: "En retard",
    steering.LABELLED: "Labellisés",
    steering.REFUSED: "Refusés",
}
KINDS = ("nature", "filiere", "public", "regle")
CAPTIONS = {
    "region": "Par région",
    "departement": "Par département",
    "nature": "Par nature",
    "filiere": "Par filière",
    "public": "Par public",
    "regle": "Refus, par règle",
}


@dataclass(frozen=True)
class Number:
    """A figure, and the address of the list behind it."""

    label: str
    value: int
    url: str

    @property
    def words(self) -> str:
        return thousands(self.value)


@dataclass(frozen=True)
class Row:
    label: str
    url: str  # of the territory's own dashboard, where it has one
    numbers: list[Number]
    participants: Number | None
    share: int  # of the longest bar, in hundredths

    @property
    def cells(self) -> list[Number]:
        return [*self.numbers, *filter(None, [self.participants])]


@dataclass(frozen=True)
class Table:
    code: str
    caption: str
    head: str
    heads: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Dashboard:
    """The figures of a scope in an edition at a moment. One query."""

    scope: Scope
    edition: Edition
    at: datetime
    lines: dict[str, dict[str, str]]

    @cached_property
    def counts(self) -> dict[tuple[str, str], steering.Counts]:
        return steering.counts(self.events, self.at)

    @property
    def events(self) -> EventQuerySet:
        return self.scope.events.filter(edition=self.edition).with_outcome()

    @property
    def total(self) -> steering.Counts:
        return self.counts["", ""]

    @property
    def figures(self) -> list[Number]:
        return [self._number(code, self.total) for code in steering.FIGURES]

    @property
    def participants(self) -> Number:
        return self._participants(self.total)

    @property
    def median(self) -> str:
        return duration_words(self.total.median)

    @cached_property
    def tables(self) -> list[Table]:
        """Those that hold something: the regions first, the départements last where there are several regions."""
        places = ["region", *KINDS, "departement"] if self._shows_regions else ["departement", *KINDS]
        return [table for table in map(self._table, places) if table.rows]

    @property
    def _shows_regions(self) -> bool:
        return not self.scope.parameters and len({each.region_id for each in self.scope.there}) > 1

    def _table(self, code: str) -> Table:
        columns = (steering.REFUSED,) if code == "regle" else COLUMNS
        found = [
            (line, label, self.counts[code, line])
            for line, label in self.lines[code].items()
            if (code, line) in self.counts
        ]
        longest = max((numbers.events[columns[-1]] for *_, numbers in found), default=0) or 1
        rows = [self._row(code, line, label, columns, numbers, longest) for line, label, numbers in found]
        heads = [HEADS[each] for each in columns]
        heads += [] if code == "regle" else ["Participants attendus"]
        return Table(code, CAPTIONS[code], CAPTIONS[code].rpartition(" ")[2].capitalize(), heads, rows)

    def _row(self, code, line, label, columns, numbers, longest) -> Row:
        return Row(
            label,
            self._drill(code, line),
            [self._number(each, numbers, code, line) for each in columns],
            None if code == "regle" else self._participants(numbers, code, line),
            round(100 * numbers.events[columns[-1]] / longest),
        )

    def _drill(self, code: str, line: str) -> str:
        """Return the address of the dashboard of a line that is a territory, smaller than the one shown."""
        if self.scope.department or (code, line) == ("region", steering.OVERSEAS):
            return ""
        known = {"region": self.scope.regions, "departement": {each.pk for each in self.scope.there}}
        if line not in known.get(code, ()):
            return ""
        return f"{reverse('dashboard')}?{urlencode({'edition': self.edition.year, code: line})}"

    def _number(self, figure: str, numbers: steering.Counts, table="", line="") -> Number:
        return Number(steering.FIGURES[figure], numbers.events[figure], self._list_url(figure, table, line))

    def _participants(self, numbers: steering.Counts, table="", line="") -> Number:
        url = self._list_url(steering.LABELLED, table, line)
        return Number("Participants attendus aux événements labellisés", numbers.participants, url)

    def _list_url(self, figure: str, table: str, line: str) -> str:
        asked = {"edition": self.edition.year, **self.scope.parameters, "chiffre": figure}
        asked |= {"par": table, "valeur": line} if table else {}
        return f"{reverse('dashboard_list')}?{urlencode(asked)}"

    def behind(self, figure: str, table: str = "", line: str = "") -> EventQuerySet:
        """Return the events that a figure counts."""
        condition = steering.figures(self.at)[figure]
        return self.events.filter(condition, steering.group(table, line) if table else steering.ALL)


def duration_words(duration: timedelta | None) -> str:
    """Return « 2 jours 4 heures », « 3 heures », « 12 minutes »; nothing for none."""
    if duration is None:
        return ""
    minutes = round(duration.total_seconds() / 60)
    if minutes < 60:
        return count(minutes, "minute")
    days, hours = divmod(round(minutes / 60), 24)
    if not days:
        return count(hours, "heure")
    return count(days, "jour") + (f"{NBSP}{count(hours, 'heure')}" if hours else "")
