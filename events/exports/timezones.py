"""Time zones as calendars read them (RFC 5545, 3.6.5): an observance for each change of the clocks.

Written here because the library dates the changes of spring an hour late: the RFC counts a change in the time that it
ends, « 2 h » for the last Sunday of March in Paris.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

HOUR = timedelta(hours=1)


@lru_cache(maxsize=64)
def timezone_text(name: str, first_year: int, last_year: int) -> bytes:
    """Return the VTIMEZONE of a zone, for what happens in these years."""
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    start = datetime(first_year, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    component.add_component(_observance(start, start, zone))
    for before, after in _changes(start, end, zone):
        component.add_component(_observance(before, after, zone))
    return component.to_ical()


def _changes(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Return the hours, in UTC, between which the clocks change: they do at a full hour of UTC."""
    while start < end:
        if start.astimezone(zone).utcoffset() != (start + HOUR).astimezone(zone).utcoffset():
            yield start, start + HOUR
        start += HOUR


def _observance(before: datetime, after: datetime, zone: ZoneInfo):
    there = after.astimezone(zone)
    offset = before.astimezone(zone).utcoffset()
    observance = TimezoneDaylight() if there.dst() else TimezoneStandard()
    observance.add("dtstart", (after + offset).replace(tzinfo=None))
    observance.add("tzoffsetfrom", offset)
    observance.add("tzoffsetto", there.utcoffset())
    observance.add("tzname", there.tzname())
    return observance
