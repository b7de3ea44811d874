"""Who came, as the reports of an edition tell it: how many of each public, and what share of girls and women.

Only what was counted is told: of each report what its organizer left open counts as « Non précisé », and the share is
that of the reports that give one.
"""

from django.db.models import F

from events.enums import Audience
from events.models import Event
from events.steering import NONE
from semaine.models import Edition

# The numbers of a line; `likely` leaves out the reports whose total is beyond what is likely.
COLUMNS = ("reports", "reported", "unlikely_reports", "reported_likely")
LABELS = dict(Audience.choices) | {NONE: "Non précisé"}


def who_came(edition: Edition) -> tuple[list[dict], dict]:
    """Return the lines by public, which sum to all that came, and the numbers that the share is made of. One query."""
    lines = {code: dict.fromkeys(COLUMNS, 0) for code in LABELS}
    women = dict.fromkeys(("reports", "of", "women", "of_likely", "women_likely"), 0)
    for total, counted, share, is_likely in _reports(edition):
        for code, number in (counted | {NONE: total - sum(counted.values())}).items():
            _add(lines[code], number, is_likely)
        if share is not None:
            _add_women(women, total, total * share / 100, is_likely)
    told = [{"code": code, "label": LABELS[code]} | line for code, line in lines.items() if line["reports"]]
    return told, {name: round(number) for name, number in women.items()}


def _reports(edition: Edition):
    rows = Event.objects.taking_place().filter(edition=edition, attendance_report__isnull=False)
    columns = ("total", "by_audience", "women_share")
    read = rows.with_likely().values_list(*(f"attendance_report__{name}" for name in columns), F("likely"))
    for total, counted, share, likely in read:
        yield total, counted, share, likely is None or total <= likely


def _add(line: dict, number: int, is_likely: bool) -> None:
    if number:
        line["reports"] += 1
        line["reported"] += number
        line["unlikely_reports"] += not is_likely
        line["reported_likely"] += number if is_likely else 0


def _add_women(women: dict, total: int, number: float, is_likely: bool) -> None:
    women["reports"] += 1
    women["of"] += total
    women["women"] += number
    women["of_likely"] += total if is_likely else 0
    women["women_likely"] += number if is_likely else 0
