"""The editions since 2011, from `fixtures/editions.json`, and the demonstration edition."""

import json
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.management import BaseCommand
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from semaine.dates import today
from semaine.editions import midnight, two_months_before
from semaine.models import Edition, SiteRevision, TerritoryWeek
from semaine.text import count

PATH = settings.BASE_DIR / "fixtures" / "editions.json"
ANNOUNCED = ("announced_events", "announced_participants", "announced_note")
DATES = ("starts_on", "ends_on", "label_from", "label_until")
AROUND = timedelta(days=15)
DEMO_NOTICE = timedelta(days=10)
DEMO_WEEK = timedelta(days=6)


class Command(BaseCommand):
    help = "Charge les éditions qui manquent ; une édition déjà présente garde ce que l’équipe y a écrit."

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo",
            action="store_true",
            help="ouvrir aussi, une fois, une édition de démonstration dont les jours sont proches",
        )

    def handle(self, *, demo=False, **options):
        if demo:
            edition = load_demo(at=timezone.now())
            self.stdout.write(f"Édition de démonstration : {edition.week}")
        created = load()
        self.stdout.write(f"{count(len(created), 'édition ajoutée', 'éditions ajoutées')}")


@transaction.atomic
def load() -> list[Edition]:
    """Create the editions of the file that are missing, published unless the demonstration stands in their way.

    Returns those it created. Needs the régions, which hold weeks of their own.
    """
    created = []
    for row in json.loads(PATH.read_text(encoding="utf-8")):
        weeks = row.pop("territory_weeks", [])
        year = row.pop("year")
        values = _completed(_as_dates(row))
        values["is_published"] = not _in_the_way_of(year, values).filter(is_demo=True).exists()
        edition, is_new = Edition.objects.get_or_create(year=year, is_demo=False, defaults=values)
        if is_new:
            created.append(edition)
            TerritoryWeek.objects.bulk_create(
                TerritoryWeek(edition=edition, **_as_dates(week)) for week in weeks
            )
        else:
            _announce(edition, row)
    SiteRevision.objects.bump()
    return created


def _announce(edition: Edition, row: dict) -> None:
    """Give the figures of the file to an edition that has none: it may be older than these columns."""
    given = {name: row[name] for name in ANNOUNCED if name in row}
    if given and not any(getattr(edition, name) for name in ANNOUNCED):
        Edition.objects.filter(pk=edition.pk).update(**given)


@transaction.atomic
def load_demo(*, at: datetime) -> Edition:
    """Return the demonstration edition, made on the first call: its week comes soon, its window runs at `at`.

    The published editions whose days or year it takes are unpublished.
    """
    if existing := Edition.objects.filter(is_demo=True).first():
        return existing
    earliest = today(at) + DEMO_NOTICE
    starts_on = earliest + timedelta(days=-earliest.weekday() % 7)
    values = _completed(
        {
            "starts_on": starts_on,
            "ends_on": starts_on + DEMO_WEEK,
            "label_from": min(today(at), starts_on - AROUND),
        }
    )
    _in_the_way_of(starts_on.year, values).update(is_published=False)
    return Edition.objects.create(year=starts_on.year, is_demo=True, is_published=True, **values)


def _in_the_way_of(year: int, values: dict):
    """The published editions that cannot stand beside this one: same year in the addresses, or same days."""
    same_days = Q(label_from__lte=values["label_until"], label_until__gte=values["label_from"])
    return Edition.objects.published().filter(Q(year=year) | same_days)


def _completed(values: dict) -> dict:
    """Return the fields of an edition; what is left out follows from its week.

    The label window is the week ± 15 days. Submissions open two months before the week and close when it ends.
    """
    first, last = values["starts_on"], values["ends_on"]
    return {
        "label_from": first - AROUND,
        "label_until": last + AROUND,
        "submissions_open_at": midnight(two_months_before(first)),
        "submissions_close_at": midnight(last + timedelta(days=1)),
    } | values


def _as_dates(row: dict) -> dict:
    return {key: date.fromisoformat(value) if key in DATES else value for key, value in row.items()}
