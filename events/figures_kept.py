"""Figures kept as they were: on the days of the calendar, and whenever the national team asks."""

from datetime import date, datetime, timedelta

from django.contrib.admin.models import ADDITION
from django.db import transaction

from events.attendance import OPEN_FOR
from events.models import FiguresSnapshot
from events.public_figures import definition, measured
from semaine import history
from semaine.dates import today
from semaine.models import Edition, SiteRevision

MONDAY = 0


def is_day_of(edition: Edition, day: date) -> bool:
    """Is a snapshot due on that day?

    Every Monday while an edition is open; on the first and the last day of its week; once the label window is over, and
    once its last reports are in.
    """
    opens, over = today(edition.submissions_open_at), edition.label_until + timedelta(days=1)
    fixed = (edition.starts_on, edition.ends_on, over, over + OPEN_FOR)
    return day in fixed or (opens <= day <= edition.label_until and day.weekday() == MONDAY)


def take_due(at: datetime) -> None:
    """Take the snapshots of the day, once each."""
    for edition in Edition.objects.published():
        if is_day_of(edition, today(at)):
            _take_of_the_day(edition, at)


@transaction.atomic
def _take_of_the_day(edition: Edition, at: datetime) -> None:
    edition = _locked(edition)
    if not FiguresSnapshot.objects.filter(edition=edition, taken_on=today(at), by=None).exists():
        _taken(edition, at)


@transaction.atomic
def take(edition: Edition, *, by, at: datetime) -> FiguresSnapshot:
    """Take one now, for the national team. Logged; the page of figures lists it."""
    snapshot = _taken(_locked(edition), at, by=by)
    history.write(snapshot, "Relevé demandé.", by=by, at=at, flag=ADDITION)
    return snapshot


def _locked(edition: Edition) -> Edition:
    return Edition.objects.select_for_update().get(pk=edition.pk)


def _taken(edition: Edition, at: datetime, by=None) -> FiguresSnapshot:
    snapshot = FiguresSnapshot.objects.create(
        edition=edition,
        taken_at=at,
        taken_on=today(at),
        definition=definition(edition, at),
        figures=measured(edition),
        by=by,
    )
    SiteRevision.objects.bump()
    return snapshot
