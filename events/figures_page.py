"""The published figures in words: the same page, files and PDF of what is counted now and of a snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from events.enums import GENDER_BALANCE
from events.france import France, drawn
from events.public_figures import CAME, TABLES
from events.steering import ONLINE
from semaine.dates import day_words, today
from semaine.models import Department, Edition
from semaine.text import NBSP, count, thousands

HEADS = {
    "events": "Événements",
    "cancelled": "Annulés",
    "expected": "Participants attendus",
    "reports": "Bilans reçus",
    "reported": "Participants venus",
}
USUAL = ("events", "cancelled", "expected", "reported")
CAPTIONS = {
    "regions": ("Par région", "Région"),
    "departements": ("Par département", "Département"),
    "natures": ("Par nature", "Nature"),
    "filieres": ("Par filière", "Filière"),
    "publics": ("Par public", "Public"),
    "themes": ("Par thème", "Thème"),
    "organisateurs": ("Par type d’organisateur", "Type d’organisateur"),
    "jours": ("Par jour", "Jour"),
    CAME: ("Participants venus, par public", "Public"),
}
SEVERAL = "Un événement compte sur chacune de ses lignes : elles font ensemble plus que le total."
HINTS = {
    "filieres": SEVERAL,
    "publics": SEVERAL,
    "themes": SEVERAL,
    "jours": "Un événement compte pour chaque jour où il est ouvert.",
    CAME: "Chaque personne compte une fois, dans le public où l’organisateur l’a comptée.",
}
# A day says nothing of how many came that day.
BY_DAY = ("events", "cancelled")


@dataclass(frozen=True)
class Cell:
    """A number; `likely` is the same without what is unlikely, where that differs."""

    value: int
    likely: int

    @property
    def words(self) -> str:
        return thousands(self.value)

    @property
    def without(self) -> str:
        return "" if self.likely == self.value else thousands(self.likely)


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]
    share: int  # of the longest bar, in hundredths


@dataclass(frozen=True)
class Table:
    code: str
    caption: str
    head: str
    heads: list[str]
    rows: list[Row]
    hint: str
    file_url: str  # of the same as CSV


@dataclass(frozen=True)
class FiguresPage:
    """`data` is what `public_figures.measured` returns, now or then; `snapshot` is its id."""

    edition: Edition
    at: datetime
    definition: str
    data: dict
    snapshot: int | None = None

    @property
    def day(self) -> str:
        return day_words(today(self.at), weekday=False, year=True)

    @property
    def total(self) -> dict[str, int]:
        return self.data["total"]

    @cached_property
    def key_figures(self) -> list[tuple[str, str]]:
        """(what, how many), in the order in which people ask."""
        held, online = self._held("departements")
        balance = next(line for line in self.data["tables"]["themes"] if line["code"] == GENDER_BALANCE)
        numbers = {
            "événements labellisés": self.total["events"],
            "dont en ligne": online,
            "sur la mixité": balance["events"],
            "annulés": self.total["cancelled"],
            "organisateurs": self.total["organizations"],
            "départements et collectivités": held,
            "participants attendus": self.total["expected"],
        }
        # Until there is a report, nobody knows.
        numbers |= {"participants venus": self.total["reported"]} if self.total["reports"] else {}
        return [(label, thousands(number)) for label, number in numbers.items()]

    def _held(self, table: str) -> tuple[int, int]:
        """How many territories hold an event, and how many events are online only."""
        lines = {line["code"]: line["events"] for line in self.data["tables"][table] if line["events"]}
        online = lines.pop(ONLINE, 0)
        return len(lines), online

    @property
    def warnings(self) -> list[str]:
        """What is unlikely in the numbers of participants, and the sums without it."""
        said = []
        if self.total["unlikely"]:
            events = count(self.total["unlikely"], "événement annonce", "événements annoncent")
            likely = count(self.total["expected_likely"], "participant attendu", "participants attendus")
            said.append(f"{events} un nombre de participants invraisemblable. Sans cela : {likely}.")
        if self.total["unlikely_reports"]:
            reports = count(self.total["unlikely_reports"], "bilan donne", "bilans donnent")
            likely = count(self.total["reported_likely"], "participant venu", "participants venus")
            said.append(f"{reports} un nombre de participants invraisemblable. Sans cela : {likely}.")
        return said

    @property
    def reports_words(self) -> str:
        if not self.total["reports"]:
            return "Aucun bilan n’est encore reçu : personne n’a compté les participants venus."
        reports = count(self.total["reports"], "bilan reçu", "bilans reçus")
        return " ".join(filter(None, [f"Les participants venus sont ceux de {reports}.", self.women_words]))

    @property
    def women_words(self) -> str:
        """The share of girls and women, of those among whom it was counted; nothing when it was in no report."""
        women = self.data.get("women")
        if not women or not women["of"]:
            return ""
        share, likely = (_percent(women[f"women{end}"], women[f"of{end}"]) for end in ("", "_likely"))
        reports = count(women["reports"], "bilan")
        without = f" ({likely} sans les nombres invraisemblables)" if likely not in ("", share) else ""
        return f"D’après {reports}, {share} d’entre eux sont des filles ou des femmes{without}."

    @cached_property
    def tables(self) -> list[Table]:
        """Those that hold something."""
        return [table for table in map(self.table, TABLES) if table.rows]

    def table(self, code: str) -> Table:
        columns, lines = columns_of(code), self.lines(code)
        drawn_of = "reported" if code == CAME else "events"
        longest = max((line[drawn_of] for line in lines), default=0) or 1
        rows = [
            Row(line["label"], [_cell(line, each) for each in columns], round(100 * line[drawn_of] / longest))
            for line in lines
        ]
        heads = [HEADS[each] for each in columns]
        return Table(code, *CAPTIONS[code], heads, rows, HINTS.get(code, ""), self.file_url(code))

    def lines(self, code: str) -> list[dict]:
        """None in a snapshot that is older than the table."""
        return self.data["tables"].get(code, [])

    def file_url(self, code: str) -> str:
        """Return the address of a table as CSV."""
        if self.snapshot:
            return reverse("snapshot_csv", args=[self.snapshot, code])
        return f"{reverse('figures_csv', args=[code])}?{self.query}"

    @property
    def pdf_url(self) -> str:
        if self.snapshot:
            return reverse("snapshot_pdf", args=[self.snapshot])
        return f"{reverse('figures_pdf')}?{self.query}"

    @property
    def query(self) -> str:
        return urlencode({"edition": self.edition.year})

    def maps(self, departments: Iterable[Department]) -> dict[str, France]:
        """Return the maps by table: the régions are drawn as their départements, all of one tint."""
        departments = list(departments)
        by_region = {line["code"]: line["events"] for line in self.data["tables"]["regions"]}
        by_department = {line["code"]: line["events"] for line in self.data["tables"]["departements"]}
        there = [each for each in departments if each.region]
        regions = {each.code: by_region.get(each.region_id, 0) for each in there}
        homes = {each.code: each.region_id for each in there}
        return {
            "regions": drawn(
                regions,
                [(each.code, each.region.name) for each in there],
                lambda code: self._programme("region", homes[code]),
            ),
            "departements": drawn(
                {each.code: by_department.get(each.code, 0) for each in departments},
                [(each.code, each.name) for each in departments],
                lambda code: self._programme("departement", code),
            ),
        }

    def _programme(self, parameter: str, code: str) -> str:
        asked = urlencode({"edition": self.edition.year, parameter: code, "passes": "oui"})
        return f"{reverse('programme')}?{asked}"


def columns_of(code: str) -> tuple[str, ...]:
    return {"jours": BY_DAY, CAME: ("reports", "reported")}.get(code, USUAL)


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}{NBSP}%" if whole else ""


def _cell(line: dict, column: str) -> Cell:
    return Cell(line[column], line.get(f"{column}_likely", line[column]))
