"""Some lines of a file judged together: the rules of `eligibility`, and what importing each would do.

What all lines need is read once for the file, what these lines need in three queries, whatever their number.
"""

import copy
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from django.db.models import Exists, OuterRef, prefetch_related_objects

from events.contents import fill, slots_of
from events.drafting import stays_complete, why_not_editable
from events.eligibility import assess
from events.enums import Rule, Verdict
from events.facts import facts_of
from events.findings import Finding
from events.imports import columns, contents, reading
from events.imports.columns import BY_KEY
from events.imports.contents import Contents, Remark
from events.imports.reading import Row
from events.imports.states import LinePlan, LineVerdict
from events.models import Amendment, Event, EventImport
from semaine import communes
from semaine.dates import day_words, today
from semaine.text import join_words

# The column that mends what a finding says, by the name of its form field.
COLUMN_OF = {
    "slots": "day",
    "city": "city",
    "postal_code": "postal_code",
    "access_mode": "access_mode",
    "reserved_to": "reserved_to",
    "registration_kind": "registration",
}
# The column of a field that is not named after it.
COLUMN_OF_FIELD = {
    "commune": "city",
    **dict.fromkeys(("registration_kind", "registration_value"), "registration"),
    **dict.fromkeys(("precision", "point_source", "geocoding_score"), "latitude"),
}
CHANGES = (LinePlan.UPDATE, LinePlan.REPLACE)


class Judgement(NamedTuple):
    contents: Contents
    event: Event | None
    plan: LinePlan
    remarks: list[Remark]

    @property
    def is_blocked(self) -> bool:
        """Is something to be done before the event can be sent?"""
        return self.verdict in (LineVerdict.ERROR, LineVerdict.INCOMPLETE)

    @property
    def is_lacking(self) -> bool:
        """Would the event lack what it needs to be sent?"""
        return any(remark.is_lack for remark in self.remarks)

    @property
    def verdict(self) -> LineVerdict:
        if any(remark.is_error for remark in self.remarks):
            return LineVerdict.ERROR
        if self.is_lacking:
            return LineVerdict.INCOMPLETE
        return LineVerdict.WARNING if self.remarks else LineVerdict.OK


class Judge:
    """Knows what all lines of an import are judged by."""

    def __init__(self, event_import: EventImport):
        self.event_import = event_import
        self.columns = reading.columns_of(event_import.header)
        self.parse = contents.parser(columns.choices(columns.lists()))
        # The label window of each line is then known without asking.
        prefetch_related_objects([event_import.edition], "territory_weeks")

    def cells(self, row: Row) -> dict[str, str]:
        return {column.key: row.cells[place] for place, column in self.columns.items()}

    def judge(self, rows: Iterable[Row]) -> dict[int, Judgement]:
        """Return what to think of each line, by its number."""
        cells = {row.number: self.cells(row) for row in rows}
        coded = communes.of_codes(each["commune_code"] for each in cells.values() if each.get("commune_code"))
        # Where the code tells the commune, its name is not looked up.
        named = [each for each in cells.values() if each.get("commune_code") not in coded]
        among = communes.of_names(each["city"] for each in named if each.get("city"))
        resolve = partial(communes.resolve_coded, among=among, coded=coded)
        events = self._events(each.get("external_id") for each in cells.values())
        return {
            number: self._judged(each, resolve, events.get(each.get("external_id")))
            for number, each in cells.items()
        }

    def _events(self, names: Iterable[str | None]) -> dict[str, Event]:
        """Return the events that these names already designate, by name."""
        names = [name for name in names if name]
        known = Event.objects.filter(
            organization=self.event_import.organization,
            source=self.event_import.source,
            external_id__in=names,
        )
        known = known.select_related("edition", "organization__headquarters__department")
        known = known.select_related("department", "commune__department__region").defer("search")
        proposals = Amendment.objects.open().filter(event=OuterRef("pk"))
        known = known.annotate(has_proposal=Exists(proposals))
        return {event.external_id: event for event in known.prefetch_related("slots")}

    def _judged(self, cells: Mapping[str, str], resolve, event: Event | None) -> Judgement:
        said = contents.read(cells, self.parse, resolve, event, self.event_import.has_own_lists)
        candidate = self._candidate(event, said.values)
        before = slots_of(event) if event else []
        slots = before if said.slots is None else said.slots
        findings = assess(
            facts_of(candidate, slots, **said.typed),
            self.event_import.edition.label_window(candidate.department),
        )
        changed = _changed(event, candidate, said, slots == before) if event else []
        plan = _plan(event, changed)
        is_strict = plan in CHANGES and stays_complete(event)
        remarks = [*said.remarks, *_remarks(findings, said, is_strict)]
        if plan in CHANGES:
            remarks += self._of_known(event, plan, changed)
        return Judgement(said, event, plan, remarks)

    def _of_known(self, event: Event, plan: LinePlan, changed: list[str]) -> Iterable[Remark]:
        """What is to be known before an event is changed: why it cannot be, or what would be lost."""
        column = BY_KEY["external_id"].name
        if reason := self._why_not(event):
            yield Remark(column, event.external_id, "un autre identifiant", reason)
        elif plan == LinePlan.REPLACE:
            day = day_words(today(event.imported_at or event.created_at), year=True)
            what = join_words(changed) or "modification proposée"
            message = f"Modifié sur le site depuis le {day} : {what}."
            yield Remark(column, event.external_id, "remplacer ou garder", message, is_error=False)

    def _candidate(self, event: Event | None, values: dict) -> Event:
        """Return the event as it would be, not saved."""
        if event is None:
            candidate = Event(organization=self.event_import.organization, edition=self.event_import.edition)
        else:
            candidate = copy.copy(event)
        fill(candidate, values)
        return candidate

    def _why_not(self, event: Event) -> str:
        if event.edition_id != self.event_import.edition_id:
            return (
                f"« {event.external_id} » désigne déjà un événement de l’édition {event.edition} : donnez-lui un "
                f"autre identifiant, par exemple {event.external_id[:90]}-{self.event_import.edition.year}."
            )
        return why_not_editable(event)


def _plan(event: Event | None, changed: list[str]) -> LinePlan:
    if event is None:
        return LinePlan.CREATE
    # A proposal that the file no longer makes is to go.
    if not changed and not event.has_proposal:
        return LinePlan.SAME
    return LinePlan.REPLACE if event.is_changed_since_import else LinePlan.UPDATE


def _changed(event: Event, candidate: Event, said: Contents, same_slots: bool) -> list[str]:
    """Return the columns in which the file says something else than the event, by name."""
    fields = [name for name in said.values if getattr(candidate, name) != getattr(event, name)]
    keys = [COLUMN_OF_FIELD.get(name, name) for name in fields] + ([] if same_slots else ["day"])
    return list(dict.fromkeys(BY_KEY[key].name for key in keys))


def _remarks(findings: Iterable[Finding], said: Contents, is_strict: bool) -> Iterable[Remark]:
    """What the rules say, where no cell has already been found wrong. The purpose is for the referent to judge.

    `is_strict`: the event has been sent, so nothing may come to lack.
    """
    faulty = said.faulty
    if faulty & {BY_KEY[key].name for key in contents.SLOTS}:
        faulty = faulty | {BY_KEY["day"].name}
    for finding in findings:
        if finding.verdict == Verdict.PASSED or finding.rule == Rule.PURPOSE:
            continue
        column = BY_KEY[COLUMN_OF.get(finding.field, finding.field)].name
        if column not in faulty:
            is_failed = finding.verdict == Verdict.FAILED
            is_error = is_failed and (is_strict or _contradicts(finding))
            is_lack = is_failed and not is_error
            yield Remark(column, finding.found, finding.wanted, finding.message, is_error, is_lack)


def _contradicts(finding: Finding) -> bool:
    """Does it fail for what stands in the file, rather than for what a draft may still lack? All have a title."""
    return finding.rule == Rule.TERRITORY or finding.field == "title"
