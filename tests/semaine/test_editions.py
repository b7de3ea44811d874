"""The tools of an edition: the next one, its submissions, its publication; each logged, none half done."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from semaine import editions
from semaine.editions import EditionError
from semaine.models import Edition, SiteRevision, TerritoryWeek
from tests import factories
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def by():
    agent = factories.national()
    agent.is_superuser = True
    agent.save()
    return agent


def logged() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))


def test_next_edition_is_the_same_week_of_the_year(by):
    last = factories.edition(theme="Fabrique ton avenir")
    region = factories.region("04")
    days = {name: getattr(last, name) + timedelta(days=140) for name in editions.DATES}
    TerritoryWeek.objects.create(edition=last, region=region, **days)
    made = editions.create_next(last, by=by, at=NOW)
    week = made.territory_weeks.get()
    # Dates of 2026: from Monday to Sunday, the label window as far around it.
    assert [getattr(made, name) for name in editions.DATES] == [
        date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 1), date(2026, 12, 6),
    ]  # fmt: skip
    assert (made.year, made.number, made.theme, made.is_published) == (2026, 15, "Fabrique ton avenir", False)
    assert (week.region, week.starts_on, week.label_until) == (region, date(2027, 4, 5), date(2027, 4, 25))
    # Paris is an hour ahead in November, two in September.
    assert made.submissions_open_at == datetime(2026, 9, 15, 22, tzinfo=UTC)
    assert made.submissions_close_at == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert logged() == [("2026", "Créée à partir de l’édition 2025.")]


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2024, 11, 18), date(2025, 11, 17)),
        (date(2016, 3, 14), date(2017, 3, 13)),
        (date(2020, 12, 28), date(2021, 12, 27)),
    ],
)
def test_next_edition_keeps_its_weekday(by, starts_on, expected):
    days = {"starts_on": starts_on, "label_from": starts_on, "ends_on": starts_on, "label_until": starts_on}
    opens = datetime.combine(starts_on, datetime.min.time(), UTC)
    last = factories.edition(
        starts_on.year, submissions_open_at=opens - timedelta(days=9), submissions_close_at=opens, **days
    )
    assert editions.create_next(last, by=by, at=NOW).starts_on == expected


def test_next_edition_is_created_once(by):
    last = factories.edition()
    editions.create_next(last, by=by, at=NOW)
    with pytest.raises(EditionError, match="L’édition 2026 existe déjà"):
        editions.create_next(last, by=by, at=NOW)
    assert (Edition.objects.filter(year=2026).count(), len(logged())) == (1, 1)


def test_submissions_open_and_close_now(by):
    edition = factories.edition(submissions_open_at=NOW + timedelta(days=3))
    before = SiteRevision.objects.number()
    opened = editions.open_submissions(edition, by=by, at=NOW)
    closed = editions.close_submissions(opened, by=by, at=NOW + timedelta(hours=1))
    assert (opened.submissions_open_at, opened.accepts_submissions(NOW)) == (NOW, True)
    assert closed.submissions_close_at == NOW + timedelta(hours=1)
    assert not closed.accepts_submissions(NOW + timedelta(hours=1))
    assert logged() == [("2025", "Propositions ouvertes."), ("2025", "Propositions closes.")]
    assert SiteRevision.objects.number() == before + 2


def test_edition_is_published_and_unpublished(by):
    edition = factories.edition(is_published=False)
    assert editions.publish(edition, by=by, at=NOW).is_published
    assert not editions.unpublish(edition, by=by, at=NOW).is_published
    assert logged() == [("2025", "Publiée."), ("2025", "Retirée de la publication.")]


OVERLAP = "Les jours labellisables de cette édition recouvrent ceux d’une autre édition publiée."
CLOSED = f"le mardi 30 septembre 2025 à 12{NBSP}h"
REFUSED = {
    "publish published": (editions.publish, {}, ["L’édition est déjà publiée."]),
    "unpublish hidden": (editions.unpublish, {"is_published": False}, ["L’édition n’est pas publiée."]),
    "open open": (editions.open_submissions, {}, ["Les propositions sont déjà ouvertes."]),
    "open hidden": (
        editions.open_submissions,
        {"is_published": False},
        [f"Publiez d’abord l’édition{NBSP}: une édition qui n’est pas publiée ne reçoit rien."],
    ),
    "open past": (
        editions.open_submissions,
        {"submissions_close_at": datetime(2025, 9, 30, 10, tzinfo=UTC)},
        [f"La clôture est passée, {CLOSED}{NBSP}: changez d’abord sa date, puis enregistrez."],
    ),
    "close closed": (
        editions.close_submissions,
        {"submissions_open_at": datetime(2025, 10, 5, tzinfo=UTC)},
        [f"Les propositions ne sont pas ouvertes{NBSP}: il n’y a rien à clore."],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_done_is_said_and_changes_nothing(by, case):
    verb, fields, sentences = REFUSED[case]
    edition = factories.edition(**fields)
    before = Edition.objects.values().get()
    with pytest.raises(EditionError) as refusal:
        verb(edition, by=by, at=NOW)
    assert refusal.value.messages == sentences
    assert (Edition.objects.values().get(), logged()) == (before, [])


def test_edition_whose_days_overlap_is_not_published(by):
    factories.edition()
    other = factories.edition(2026, label_from=date(2025, 12, 1), is_published=False)
    with pytest.raises(EditionError) as refusal:
        editions.publish(other, by=by, at=NOW)
    assert refusal.value.messages == [OVERLAP]
    assert not Edition.objects.get(pk=other.pk).is_published


def test_tool_asks_then_acts(by):
    edition = factories.edition()
    client = sign_in(Client(), by)
    home = f"/admin/semaine/edition/{edition.pk}/change/"
    address = f"/admin/semaine/edition/{edition.pk}/outils/retirer/"
    assert f'<a href="{address}">Retirer de la publication</a>' in client.get(home).content.decode()
    asked = client.get(address).content.decode()
    assert "disparaîtront du site public" in asked
    assert Edition.objects.get().is_published
    with time_machine.travel(NOW, tick=False):
        answer = client.post(address, follow=True)
    assert answer.redirect_chain == [(home, 302)]
    assert [str(each) for each in answer.context["messages"]] == ["L’édition 2025 n’est plus publiée."]
    assert not Edition.objects.get().is_published


def test_tool_that_may_not_act_says_why_on_its_page(by):
    factories.edition()
    other = factories.edition(2026, label_from=date(2025, 12, 1), is_published=False)
    client = sign_in(Client(), by)
    page = client.post(f"/admin/semaine/edition/{other.pk}/outils/publier/")
    assert (page.status_code, page.context["errors"]) == (200, [OVERLAP])
    assert OVERLAP in page.content.decode()


@pytest.mark.parametrize("path", ["{pk}/outils/brûler/", "{pk}/outils/inconnu/", "999999/outils/publier/"])
def test_tool_that_is_not_there_is_not_found(by, path):
    edition = factories.edition()
    client = sign_in(Client(), by)
    assert client.get(f"/admin/semaine/edition/{path.format(pk=edition.pk)}").status_code == 404


def test_tools_are_not_for_every_agent():
    edition = factories.edition()
    client = sign_in(Client(), factories.referent())
    for tool in ("suivante", "ouvrir", "clore", "publier", "retirer"):
        assert client.post(f"/admin/semaine/edition/{edition.pk}/outils/{tool}/").status_code == 403
    assert (Edition.objects.get().is_published, logged()) == (True, [])


def test_edition_takes_forty_weeks_of_territories_at_most(client, by):
    """Whatever their number is said to be: a thousand lines took ten seconds."""
    sign_in(client, by)
    said = {"territory_weeks-TOTAL_FORMS": "1_000", "territory_weeks-INITIAL_FORMS": "0"}
    page = client.post("/admin/semaine/edition/add/", said)
    lines = set(re.findall(r'name="territory_weeks-(\d+)-region"', page.content.decode()))
    assert (page.status_code, lines) == (200, set(map(str, range(41))))
    assert "40" in "".join(page.context["inline_admin_formsets"][0].non_form_errors())


@pytest.mark.parametrize("action", ["change", "history"])
def test_number_that_python_alone_reads_is_no_address(by, action):
    # "0_7" is 7 to Python; in an address « _ » is written « _5F ».
    edition, client = factories.edition(), sign_in(Client(), by)
    answers = [
        client.get(f"/admin/semaine/edition/{number}/{action}/").status_code
        for number in (f"{edition.pk}", f"0_5F{edition.pk}")
    ]
    assert answers == [200, 404]
