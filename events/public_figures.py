"""The figures of an edition for everybody, counted from what the public sees, as plain data that a snapshot keeps.

An event that takes place somewhere counts in its territory; one that is online only counts once, on a line of its own.
What is cancelled is counted apart. Where an event stands on several lines of a table (filières, publics, thèmes, days),
those lines sum to more than the total.
"""

from datetime import date, datetime

from django.db.models import F, Q, Sum

from events.enums import GENDER_BALANCE, Audience, TermKind
from events.figures_reported import who_came
from events.models import Event, Term
from events.querysets import HELD, EventQuerySet, where_held
from events.steering import NONE, ONLINE, OVERSEAS, REGION_LINE
from events.tally import Tally, mark
from organizers.enums import OrganizationKind
from semaine.dates import day_words, hour_words, local
from semaine.models import Department, Edition
from semaine.text import NBSP

# The numbers of a line, with the SQL of each.
NUMBERS = {
    "events": "count(*) FILTER (WHERE is_held)",
    "cancelled": "count(*) FILTER (WHERE NOT is_held)",
    "organizations": "count(DISTINCT organization) FILTER (WHERE is_held)",
    "expected": "sum(expected_participants) FILTER (WHERE is_held)",
    "unlikely": "count(*) FILTER (WHERE is_held AND is_unlikely)",
    "expected_likely": "sum(expected_participants) FILTER (WHERE is_held AND is_unlikely IS NOT TRUE)",
    "reports": "count(reported) FILTER (WHERE is_held)",
    "reported": "sum(reported) FILTER (WHERE is_held)",
    "unlikely_reports": "count(*) FILTER (WHERE is_held AND is_report_unlikely)",
    "reported_likely": "sum(reported) FILTER (WHERE is_held AND is_report_unlikely IS NOT TRUE)",
}
PLACED = f"coalesce(by_departements, '{ONLINE}')"
LINES = {
    "regions": REGION_LINE,
    "departements": PLACED,
    "natures": "by_natures",
    "organisateurs": "by_organisateurs",
}
ARRAYS = {"filieres": "sector_codes", "publics": "audience_codes", "themes": "topic_codes", "jours": "days"}
COUNTED = ("regions", "departements", "natures", "filieres", "publics", "themes", "organisateurs", "jours")
# Of the reports, not of the events.
CAME = "venus"
TABLES = (*COUNTED, CAME)


def measured(edition: Edition) -> dict:
    """Return {"total": numbers, "tables": {code: [line]}, "women": numbers}. Four queries.

    A line has `code`, `label` and numbers; those without an event are left out, but for that of mixité.
    """
    found = {}
    for table, line, *numbers in _tally().rows(_rows(edition)):
        values = dict(zip(NUMBERS, (int(each or 0) for each in numbers), strict=True))
        found[table, line or (NONE if table else "")] = values
    names = _names(sorted(line for table, line in found if table == "jours"))
    tables = {code: _lines(code, names[code], found) for code in COUNTED}
    tables[CAME], women = who_came(edition)
    return {"total": found["", ""], "tables": tables, "women": women}


def expected(events: EventQuerySet) -> dict[str, int]:
    """Return how many people events expect, and how many without the unlikely numbers. One query."""
    likely = Q(expected_participants__lte=F("likely"))
    return events.with_likely().aggregate(
        expected=Sum("expected_participants", default=0),
        expected_likely=Sum("expected_participants", filter=likely, default=0),
    )


def _rows(edition: Edition):
    unlikely, beyond = Q(expected_participants__gt=F("likely")), Q(reported__gt=F("likely"))
    return (
        Event.objects.public()
        .filter(edition=edition)
        .with_measures()
        .values(
            "organization",
            "expected_participants",
            "reported",
            "days",
            "sector_codes",
            "audience_codes",
            "topic_codes",
            by_region=where_held("department__region"),
            by_departements=where_held("department"),
            by_natures=F("format_code"),
            by_organisateurs=F("organization__kind"),
            is_placed=mark(Q(commune__isnull=False)),
            is_held=mark(HELD),
            is_unlikely=mark(unlikely),
            is_report_unlikely=mark(beyond),
        )
    )


def _tally() -> Tally:
    return Tally(list(NUMBERS.values()), LINES, ARRAYS)


def _lines(code: str, names: dict[str, str], found: dict) -> list[dict]:
    kept = [line for line in names if (code, line) in found or (code, line) == ("themes", GENDER_BALANCE)]
    nothing = dict.fromkeys(NUMBERS, 0)
    return [{"code": line, "label": names[line]} | found.get((code, line), nothing) for line in kept]


def _names(days: list[str]) -> dict[str, dict[str, str]]:
    """Return the lines that each table may have, by code, in their order. Two queries."""
    terms = Term.objects.by_kind()
    departments = list(Department.objects.select_related("region"))
    regions = sorted({each.region for each in departments if each.region}, key=lambda each: each.sort_key)
    online, none = {ONLINE: "En ligne"}, {NONE: "Non précisé"}
    known = {
        kind: {each.code: each.label for each in terms[kind]} | none
        for kind in (TermKind.FORMAT, TermKind.SECTOR, TermKind.TOPIC)
    }
    return {
        "regions": {each.pk: each.name for each in regions}
        | {OVERSEAS: "Collectivités d’outre-mer"}
        | online,
        "departements": {each.pk: f"{each.name} ({each.pk})" for each in departments} | online,
        "natures": known[TermKind.FORMAT],
        "filieres": known[TermKind.SECTOR],
        "publics": dict(Audience.choices) | none,
        "themes": {GENDER_BALANCE: "Mixité"} | known[TermKind.TOPIC],
        "organisateurs": dict(OrganizationKind.choices),
        "jours": {each: day_words(date.fromisoformat(each), year=True) for each in days if each != NONE},
    }


def definition(edition: Edition, at: datetime) -> str:
    """Return what the figures are of: it is frozen with them."""
    there = local(at, "Europe/Paris")
    moment = f"{day_words(there.date(), weekday=False, year=True)}, {hour_words(there)}"
    return (
        f"au {moment}{NBSP}: événements labellisés de l’édition {edition} qui sont au programme. "
        f"Les événements annulés sont comptés à part, et un événement en ligne une seule fois, sans territoire. "
        f"Les participants attendus sont ceux que les organisateurs annoncent, "
        f"les participants venus ceux de leurs bilans."
    )
