"""What the national team does to an edition: make the next one, open and close its submissions, publish it.

Each verb locks the edition, checks, writes, logs who did it and, where the public sees the change, bumps the site's
revision last, in one transaction. It raises `EditionError` with French sentences, and then nothing is changed.
"""

from datetime import date, datetime, time, timedelta

from django.contrib.admin.models import ADDITION
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from semaine import history
from semaine.dates import HOME_ZONE, PARIS, day_words, hour_words, local
from semaine.models import Edition, SiteRevision, TerritoryWeek

# What every year has; a few have one more.
WEEKS = 52
DATES = ("starts_on", "ends_on", "label_from", "label_until")


class EditionError(Exception):
    """What may not be done, with the reasons as French sentences."""

    def __init__(self, *messages: str):
        super().__init__(*messages)
        self.messages = list(messages)


@transaction.atomic
def create_next(edition: Edition, *, by, at: datetime) -> Edition:
    """Create next year's edition, unpublished: the same week of the year, and all its days shifted alike.

    Submissions open two months before the week and close when it ends. The weeks of territories are copied.
    """
    edition = _locked(edition)
    year = edition.year + 1
    if Edition.objects.filter(year=year, is_demo=False).exists():
        raise EditionError(f"L’édition {year} existe déjà.")
    shift = _same_week(edition.starts_on) - edition.starts_on
    made = Edition(
        year=year,
        number=edition.number and edition.number + 1,
        theme=edition.theme,
        **_shifted(edition, shift),
        submissions_open_at=midnight(two_months_before(edition.starts_on + shift)),
        submissions_close_at=midnight(edition.ends_on + shift + timedelta(days=1)),
    )
    _save(made)
    for week in edition.territory_weeks.all():
        place = {"region_id": week.region_id, "department_id": week.department_id}
        TerritoryWeek.objects.create(edition=made, **place, **_shifted(week, shift))
    history.write(made, f"Créée à partir de l’édition {edition}.", by=by, at=at, flag=ADDITION)
    return made


@transaction.atomic
def open_submissions(edition: Edition, *, by, at: datetime) -> Edition:
    """Receive submissions from now on."""
    edition = _locked(edition)
    if not edition.is_published:
        raise EditionError("Publiez d’abord l’édition : une édition qui n’est pas publiée ne reçoit rien.")
    if edition.accepts_submissions(at):
        raise EditionError("Les propositions sont déjà ouvertes.")
    if edition.submissions_close_at <= at:
        closed = _moment(edition.submissions_close_at)
        raise EditionError(f"La clôture est passée, {closed} : changez d’abord sa date, puis enregistrez.")
    edition.submissions_open_at = at
    return _changed(edition, "Propositions ouvertes.", by, at)


@transaction.atomic
def close_submissions(edition: Edition, *, by, at: datetime) -> Edition:
    """Receive no submission any more; what was sent back to complete may still be sent again."""
    edition = _locked(edition)
    if not edition.accepts_submissions(at):
        raise EditionError("Les propositions ne sont pas ouvertes : il n’y a rien à clore.")
    edition.submissions_close_at = at
    return _changed(edition, "Propositions closes.", by, at)


@transaction.atomic
def publish(edition: Edition, *, by, at: datetime) -> Edition:
    """Show the edition to the public: its days may overlap those of no other published one."""
    edition = _locked(edition)
    if edition.is_published:
        raise EditionError("L’édition est déjà publiée.")
    edition.is_published = True
    return _changed(edition, "Publiée.", by, at)


@transaction.atomic
def unpublish(edition: Edition, *, by, at: datetime) -> Edition:
    """Hide the edition and all its events from the public; nothing is lost, and it can be published again."""
    edition = _locked(edition)
    if not edition.is_published:
        raise EditionError("L’édition n’est pas publiée.")
    edition.is_published = False
    return _changed(edition, "Retirée de la publication.", by, at)


def two_months_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - 2
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _same_week(day: date) -> date:
    """Return the same weekday of the same week, a year later; a 53rd week becomes the 52nd."""
    year, week, weekday = day.isocalendar()
    return date.fromisocalendar(year + 1, min(week, WEEKS), weekday)


def _shifted(row: Edition | TerritoryWeek, shift: timedelta) -> dict[str, date]:
    return {name: getattr(row, name) + shift for name in DATES}


def _locked(edition: Edition) -> Edition:
    return Edition.objects.select_for_update().get(pk=edition.pk)


def _changed(edition: Edition, words: str, by, at: datetime) -> Edition:
    _save(edition)
    history.write(edition, words, by=by, at=at)
    SiteRevision.objects.bump()
    return edition


def _save(edition: Edition) -> None:
    try:
        edition.full_clean()
        with transaction.atomic():
            edition.save()
    except ValidationError as error:
        raise EditionError(*error.messages) from None
    except IntegrityError:
        # Another edition was published between the check and the write.
        raise EditionError("Une autre édition vient de changer : relisez la liste et recommencez.") from None


def _moment(moment: datetime) -> str:
    there = local(moment, HOME_ZONE)
    return f"le {day_words(there.date(), year=True)} à {hour_words(there)}"
