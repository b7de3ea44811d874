"""Dates and hours in French words, in the time zone of the place."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from semaine.text import NBSP

HOME_ZONE = "Europe/Paris"
PARIS = ZoneInfo(HOME_ZONE)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
# How people there name their own time; Paris needs no name.
ZONE_NAMES = {
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Cayenne": "heure de la Guyane",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "heure de Saint-Barthélemy",
    "America/Marigot": "heure de Saint-Martin",
    "Indian/Reunion": "heure de La Réunion",
    "Indian/Mayotte": "heure de Mayotte",
    "Indian/Kerguelen": "heure des Kerguelen",
    "Antarctica/DumontDUrville": "heure de la terre Adélie",
    "Pacific/Wallis": "heure de Wallis-et-Futuna",
    "Pacific/Tahiti": "heure de Tahiti",
    "Pacific/Marquesas": "heure des Marquises",
    "Pacific/Gambier": "heure des Gambier",
    "Pacific/Noumea": "heure de Nouméa",
    "Etc/GMT+8": "heure de Clipperton",
}
# Kept, or Python reads the file of a zone again each time more than eight are in use.
OUR_ZONES = tuple(ZoneInfo(name) for name in ZONE_NAMES)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def today(at: datetime) -> date:
    """Return the day it is in Paris at `at`."""
    return at.astimezone(PARIS).date()


def local_days(at: datetime) -> dict[date, list[str]]:
    """Return the days it is in France and overseas at `at`, each with the names of the zones where it is that day."""
    days = {}
    for zone in (HOME_ZONE, *ZONE_NAMES):
        days.setdefault(local(at, zone).date(), []).append(zone)
    return days


def day_words(day: date, *, weekday: bool = True, year: bool = False) -> str:
    """Return « jeudi 21 novembre », « 1er décembre 2024 »."""
    number = "1er" if day.day == 1 else str(day.day)
    words = f"{number} {MONTHS[day.month - 1]}"
    words = f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words
    return f"{words} {day.year}" if year else words


def period_words(first: date, last: date, *, year: bool = True) -> str:
    """Return « du 17 au 23 novembre 2025 », or « le 17 novembre 2025 » when both are the same day."""
    if first == last:
        return f"le {day_words(first, weekday=False, year=year)}"
    same_month = (first.year, first.month) == (last.year, last.month)
    number = "1er" if first.day == 1 else str(first.day)
    start = number if same_month else day_words(first, weekday=False, year=first.year != last.year)
    return f"du {start} au {day_words(last, weekday=False, year=year)}"


def hour_words(moment: datetime) -> str:
    """Return « 9 h », « 14 h 30 » with non-breaking spaces."""
    minutes = f"{NBSP}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def moment_words(moment: datetime, zone: str = "Europe/Paris") -> str:
    """Return « jeudi 21 novembre 2024, 14 h 02 » in that zone."""
    there = local(moment, zone)
    return f"{day_words(there.date(), year=True)}, {hour_words(there)}"


def zone_words(zone: str) -> str:
    """Return « heure de La Réunion », or nothing for the time of Paris."""
    return ZONE_NAMES.get(zone, "")


def last_local_day(ends_at: datetime, zone: str) -> date:
    """Return the local day on which something ends; what ends at 00:00 belongs to the day before."""
    return (local(ends_at, zone) - timedelta(microseconds=1)).date()


def longest_run(days: Sequence[date]) -> int:
    """Return the length of the longest run of consecutive days."""
    longest = run = 0
    previous = None
    for day in sorted(set(days)):
        run = run + 1 if previous and (day - previous).days == 1 else 1
        longest, previous = max(longest, run), day
    return longest


class LabelWindow(NamedTuple):
    """The days, both included, on which an event must lie to bear the label."""

    year: int
    first: date
    last: date

    def __str__(self):
        return period_words(self.first, self.last)
