"""The home page, before, during and after the week, and before any edition."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from events.enums import Audience
from events.presets import CHOICES
from events.views.home import VISITORS, countdown
from semaine.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
AFTER = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def page_at(client, at=NOW) -> str:
    with time_machine.travel(at, tick=False):
        return client.get("/").content.decode()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 10, 2), "dans 46\u00a0jours"),
        (date(2025, 11, 15), "c’est après-demain"),
        (date(2025, 11, 16), "c’est demain"),
        (date(2025, 11, 17), "c’est maintenant"),
        (date(2025, 11, 22), "c’est maintenant"),
        (date(2025, 11, 23), "c’est aujourd’hui, dernier jour"),
        (date(2025, 11, 24), "encore des événements jusqu’au 7 décembre"),
        (date(2025, 12, 7), "encore des événements jusqu’au 7 décembre"),
        (date(2025, 12, 8), "c’est terminé"),
    ],
)
def test_countdown_says_where_the_week_stands(day, words):
    assert countdown(factories.edition(), day) == words


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (datetime(2025, 8, 1, tzinfo=UTC), "Les propositions ouvrent le mercredi 17 septembre."),
        (NOW, "Vous pouvez proposer un événement jusqu’au 23 novembre."),
        (datetime(2025, 11, 30, tzinfo=UTC), ""),
    ],
)
def test_home_says_when_events_may_be_proposed(client, at, sentence):
    factories.edition(
        submissions_open_at=datetime(2025, 9, 16, 22, tzinfo=UTC),
        submissions_close_at=datetime(2025, 11, 23, 23, tzinfo=UTC),
    )
    with time_machine.travel(at, tick=False):
        assert client.get("/").context["proposals"] == sentence


def test_home_counts_what_takes_place(client):
    factories.labelled(topic_codes=["mixite"])
    factories.labelled(format_code="job-dating", commune_code="59350")
    factories.submitted(format_code="job-dating", topic_codes=["mixite"])
    figures = [(each["number"], each["words"]) for each in client.get("/").context["figures"]]
    assert figures == [
        ("2", "événements labellisés"),
        ("2", "organisateurs"),
        ("2", "départements et collectivités"),
        ("1", "job dating"),
        ("1", "événement sur la mixité femmes-hommes"),
    ]


def test_home_leaves_out_figures_of_nothing(client):
    factories.labelled()
    figures = [each["words"] for each in client.get("/").context["figures"]]
    assert figures == ["événement labellisé", "organisateur", "département ou collectivité"]


def test_home_searches_what_where_and_when(client):
    factories.edition()
    page = page_at(client)
    names = [name for name in ("q", "ou", "jour") if f'name="{name}"' in page]
    options = [code for code, _ in CHOICES if f'<option value="{code}">' in page]
    assert (names, options) == (["q", "ou", "jour"], [code for code, _ in CHOICES])


def test_every_audience_has_its_door(client):
    factories.edition()
    page = page_at(client)
    doors = [code for code in Audience.values if f'href="/programme/?public={code}"' in page]
    assert doors == Audience.values
    assert len(VISITORS) == len(Audience)


def test_home_after_the_edition_shows_no_event_to_come(client):
    factories.labelled(title="Visite passée")
    page = page_at(client, AFTER)
    assert "L’édition 2025 est terminée" in page
    assert "Visite passée" not in page
    assert "Territoire de Belfort\u00a0: 1\u00a0événement" in page


def test_home_between_the_last_event_and_the_end_says_that_none_is_left(client):
    factories.labelled(title="Visite passée")
    page = page_at(client, datetime(2025, 12, 5, tzinfo=UTC))
    assert "Aucun événement n’est à venir" in page
    assert "Visite passée" not in page


def test_home_before_the_first_edition_has_no_search(client):
    assert Edition.objects.count() == 0
    page = page_at(client)
    assert "Le programme n’est pas encore publié." in page
    assert [word for word in ('name="q"', "?public=") if word in page] == []
