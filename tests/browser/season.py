"""An edition around the day on which the tests run, so that no clock has to be stopped in three processes."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from events import workflow
from events.enums import TermKind
from events.models import Event, Term, TimeSlot
from events.querysets import GRID_ZOOM
from semaine.dates import PARIS, today
from semaine.geometry import tile
from semaine.models import SiteRevision
from tests import factories

TERMS = [
    (TermKind.FORMAT, "visite", "Visite d’entreprise"),
    (TermKind.FORMAT, "job-dating", "Job dating"),
    (TermKind.SECTOR, "mines-et-metallurgie", "Mines et métallurgie"),
    (TermKind.TOPIC, "orientation", "Orientation"),
]


class Season:
    """The label window goes from two days ago to twenty days ahead; days are counted from today."""

    FIRST, LAST = -2, 20

    def __init__(self):
        self.now = timezone.now()
        # A test with a live server empties every table, that of the migrations' single row included.
        SiteRevision.objects.get_or_create(pk=SiteRevision.ONLY)
        for kind, code, label in TERMS:
            Term.objects.create(kind=kind, code=code, label=label)
        self.year = self.day(0).year
        self.edition = self._edition(self.year, shift=0)

    def _edition(self, year, *, shift):
        return factories.edition(
            year,
            starts_on=self.day(shift + 1),
            ends_on=self.day(shift + 7),
            label_from=self.day(shift + self.FIRST),
            label_until=self.day(shift + self.LAST),
            submissions_open_at=self.now + timedelta(days=shift - 30),
            submissions_close_at=self.now + timedelta(days=shift + 15),
        )

    def past_edition(self):
        """The edition before, a year ago."""
        return self._edition(self.year - 1, shift=-364)

    def day(self, number: int):
        return today(self.now) + timedelta(days=number)

    def slot(self, day: int = 3, start: int = 9, end: int = 11):
        """One morning slot of a day, in the time of Paris."""
        there = self.day(day)
        return tuple(datetime.combine(there, time(hour), PARIS).astimezone(UTC) for hour in (start, end))

    def draft(self, organizer=None, **fields) -> Event:
        return factories.draft(organizer, **self._when(fields))

    def submitted(self, organizer=None, **fields) -> Event:
        return factories.submitted(organizer, **self._when(fields))

    def labelled(self, organizer=None, **fields) -> Event:
        return factories.labelled(organizer, **self._when(fields))

    def cancelled(self, organizer=None, **fields) -> Event:
        event = self.labelled(organizer, **fields)
        return workflow.cancel(event, by=event.created_by, at=self.now, comment="L’atelier est en travaux.")

    def withdrawn(self, **fields) -> Event:
        event = self.labelled(**fields)
        return workflow.withdraw(event, by=factories.national(), at=self.now, comment="Il est devenu payant.")

    def labelled_last_year(self, **fields) -> Event:
        then = self.now - timedelta(days=364)
        return factories.labelled(at=then, in_edition=self.past_edition(), slots=[self.slot(-361)], **fields)

    def copies(self, event, number: int, *, east: float = 0.02, **fields) -> list[Event]:
        """Write many events like one, each a little further `east`, in degrees."""
        rows = [self._copy(event, count, east * count, fields) for count in range(1, number + 1)]
        rows = Event.objects.bulk_create(rows)
        slot = contents_of(event.slots.get())
        TimeSlot.objects.bulk_create(TimeSlot(**slot | {"event": row}) for row in rows)
        return rows

    def _copy(self, event, number: int, east: float, fields: dict) -> Event:
        longitude = event.longitude + east
        tile_x, tile_y = tile(event.latitude, longitude, GRID_ZOOM)
        own = {
            "creation_key": uuid4(),
            "title": f"{event.title} {number}",
            "slug": f"{event.slug}-{number}",
            "label_number": f"{event.label_number}-{number}",
            "longitude": longitude,
            "tile_x": tile_x,
            "tile_y": tile_y,
        }
        return Event(**contents_of(event) | own | fields)

    def _when(self, fields: dict) -> dict:
        return {"at": self.now, "in_edition": self.edition, "slots": [self.slot()]} | fields


def contents_of(row) -> dict:
    """The columns of a row, without those that name it."""
    fields = [each for each in row._meta.concrete_fields if not (each.primary_key or each.generated)]
    return {each.name: getattr(row, each.name) for each in fields if each.name != "uid"}
