"""Snapshots of the published figures: taken on their days, found again, never changed."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from events import figures_kept, workflow
from events.models import Event, FiguresSnapshot, Term
from semaine.models import SiteRevision
from tests import factories
from tests.events.test_figures import AT, PAGE, varied, words
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(db):
    factories.edition()
    with time_machine.travel(AT, tick=False):
        yield


def test_snapshot_stays_as_it_was_after_later_decisions(client):
    varied()
    agent = factories.national()
    kept = figures_kept.take(factories.edition(), by=agent, at=AT)
    before = [client.get(f"{PAGE}{kept.pk}{end}").content for end in ("/", "/natures.csv", ".pdf")]
    event = Event.objects.taking_place().filter(edition__year=2025).first()
    workflow.withdraw(event, by=agent, at=AT, comment="Erreur.")
    factories.labelled(title="Nouveau")
    Term.objects.filter(code="visite").update(label="Autre nom")
    now = dict(client.get(PAGE).context["shown"].key_figures)["annulés"]
    assert now == "1"
    assert [client.get(f"{PAGE}{kept.pk}{end}").content for end in ("/", "/natures.csv", ".pdf")] == before
    assert "Autre nom" in words(client.get(PAGE))


CHANGES = {
    "save": lambda kept: kept.save(),
    "update": lambda kept: FiguresSnapshot.objects.update(definition="Réécrit"),
    "delete": lambda kept: kept.delete(),
    "raw update": lambda kept: run("UPDATE events_figuressnapshot SET definition = 'Réécrit'"),
    "raw delete": lambda kept: run("DELETE FROM events_figuressnapshot"),
}


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_snapshot_is_never_changed_nor_deleted(change):
    kept = figures_kept.take(factories.edition(), by=factories.national(), at=AT)
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        CHANGES[change](kept)
    assert str(caught.value).splitlines()[0] == "A snapshot of figures is never changed nor deleted."


def test_snapshots_of_the_calendar_are_taken_once_a_day_where_one_is_due():
    edition = factories.edition()
    for hour in (11, 12):
        figures_kept.take_due(AT.replace(hour=hour))
    assert [(each.taken_on, each.by) for each in FiguresSnapshot.objects.all()] == [
        (date(2025, 11, 24), None)
    ]
    due = [day for n in range(200) if figures_kept.is_day_of(edition, day := date(2025, 9, 1) + timedelta(n))]
    mondays = [date(2025, 9, 22) + timedelta(7 * n) for n in range(11)]
    assert due == sorted({*mondays, date(2025, 11, 23), date(2025, 12, 8), date(2026, 2, 6)})


def test_snapshot_is_found_again_by_its_day_and_listed(client):
    agent = factories.national()
    first, last = (
        figures_kept.take(factories.edition(), by=agent, at=AT + timedelta(hours=n)) for n in range(2)
    )
    response = client.get(f"{PAGE}2025-11-24/")
    assert (response.status_code, response.url) == (302, f"{PAGE}{last.pk}/")
    page = client.get(PAGE)
    assert [each.pk for each in page.context["snapshots"]] == [last.pk, first.pk]
    assert "Relevé du lundi 24 novembre 2025, 13 h" in words(page)
    assert client.get(f"{PAGE}2025-11-23/").status_code == 404


def test_earlier_editions_are_compared_by_their_snapshots_only(client):
    varied()
    edition = factories.edition(2024)
    edition.announced_events = 7_400
    edition.save()
    lines = {line["edition"].year: line for line in client.get(PAGE).context["editions"]}
    assert (lines[2024]["events"], lines[2024]["announced_events"]) == (False, "7\u00a0400")
    kept = figures_kept.take(edition, by=factories.national(), at=AT)
    lines = {line["edition"].year: line for line in client.get(PAGE).context["editions"]}
    assert (lines[2024]["events"], lines[2024]["snapshot"]) == ("1", kept)


def test_national_team_takes_a_snapshot_in_the_admin():
    agent = factories.national()
    client, before = sign_in(Client(), agent), SiteRevision.objects.number()
    response = client.post("/admin/events/figuressnapshot/add/", {"edition": factories.edition().pk})
    kept = FiguresSnapshot.objects.get()
    assert (response.status_code, kept.by, kept.taken_at) == (302, agent, AT)
    assert SiteRevision.objects.number() == before + 1
    assert client.get(f"/admin/events/figuressnapshot/{kept.pk}/change/").status_code == 200
    wrong = client.post("/admin/events/figuressnapshot/add/", {"edition": "0"})
    assert "Édition : elle n’est pas publiée. Choisissez-en une dans la liste." in wrong.content.decode()
