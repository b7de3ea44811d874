from datetime import UTC, date, datetime

import pytest

from semaine.management.commands.load_editions import load, load_demo
from semaine.management.commands.load_territories import load as load_territories
from semaine.models import Department, Edition

pytestmark = pytest.mark.django_db

# A Wednesday; the real edition of 2026 accepts events until 7 December.
AUTUMN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _territories():
    load_territories(codes=set())


def test_load_editions_creates_them_once():
    years = [2011, 2015, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025, 2026]
    assert sorted(edition.year for edition in load()) == years
    assert load() == []
    assert Edition.objects.published().count() == 12


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        (2016, date(2016, 3, 14), date(2016, 3, 20)),
        (2019, date(2019, 3, 3), date(2019, 4, 8)),
        (2022, date(2022, 11, 5), date(2022, 12, 12)),
        (2023, date(2023, 11, 13), date(2023, 12, 17)),
        (2024, date(2024, 11, 3), date(2024, 12, 9)),
        (2025, date(2025, 11, 2), date(2025, 12, 7)),
        (2026, date(2026, 11, 1), date(2026, 12, 7)),
    ],
)
def test_load_editions_gives_the_label_window(year, first, last):
    load()
    assert Edition.objects.get(year=year).label_window() == (year, first, last)


def test_load_editions_gives_reunion_its_own_week_in_2018():
    load()
    edition = Edition.objects.get(year=2018)
    reunion, nord = (Department.objects.get(code=code) for code in ("974", "59"))
    assert edition.label_window(reunion) == (2018, date(2018, 4, 3), date(2018, 4, 8))
    assert edition.label_window(nord) == (2018, date(2018, 3, 26), date(2018, 4, 1))


def test_load_editions_opens_submissions_two_months_before_in_paris_time():
    load()
    edition = Edition.objects.get(year=2024)
    assert edition.submissions_open_at == datetime(2024, 9, 17, 22, 0, tzinfo=UTC)
    assert edition.submissions_close_at == datetime(2024, 11, 24, 23, 0, tzinfo=UTC)


def test_load_editions_keeps_what_the_national_team_wrote():
    load()
    Edition.objects.filter(year=2026).update(theme="Un thème", is_published=False)
    load()
    edition = Edition.objects.get(year=2026)
    assert (edition.theme, edition.is_published) == ("Un thème", False)


def test_demo_edition_accepts_events_now():
    edition = load_demo(at=AUTUMN)
    assert (edition.starts_on, edition.ends_on) == (date(2026, 12, 7), date(2026, 12, 13))
    assert edition.label_window() == (2026, date(2026, 11, 22), date(2026, 12, 28))
    assert edition.accepts_submissions(AUTUMN)
    assert edition.number is None


def test_demo_edition_runs_from_today_when_its_week_is_far():
    # A Tuesday: the next Monday but one is thirteen days away, its window would open two days ago.
    assert load_demo(at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC)).label_from == date(2026, 3, 8)


def test_demo_edition_takes_the_place_of_the_real_one():
    load()
    load_demo(at=AUTUMN)
    assert not Edition.objects.get(year=2026, is_demo=False).is_published
    assert Edition.objects.current(AUTUMN).is_demo


def test_real_edition_stays_unpublished_beside_the_demo():
    load_demo(at=AUTUMN)
    load()
    assert not Edition.objects.get(year=2026, is_demo=False).is_published
    assert Edition.objects.published().count() == 12


def test_demo_edition_is_made_once():
    first = load_demo(at=AUTUMN)
    again = load_demo(at=datetime(2027, 6, 1, tzinfo=UTC))
    assert (again.pk, again.starts_on) == (first.pk, first.starts_on)


def announced(year):
    edition = Edition.objects.get(year=year)
    return edition.announced_events, edition.announced_participants, edition.announced_note


def test_load_editions_gives_the_figures_that_were_announced():
    load()
    note = "Chiffres approchés, attendus au lancement de la semaine."
    assert announced(2024) == (7_400, 5_600_000, note)
    assert announced(2018) == (2_918, None, "")
    assert announced(2011) == (None, None, "")


def test_load_editions_gives_figures_to_an_edition_that_has_none():
    load()
    Edition.objects.filter(year=2019).update(
        announced_events=None, announced_participants=None, announced_note=""
    )
    Edition.objects.filter(year=2024).update(announced_events=7_412, announced_note="")
    load()
    assert announced(2019) == (4_763, 800_000, "Plus de 800\u00a0000 participants.")
    assert announced(2024) == (7_412, 5_600_000, "")
