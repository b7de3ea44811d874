"""The journal of the national team: decisions and access together, found, paged and exported."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine

from events import workflow
from events.enums import Rule
from organizers import log
from organizers.enums import LogKind
from semaine import history
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

JOURNAL, FILE = "/admin/journal/", "/admin/journal.csv"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(db):
    with time_machine.travel(NOW + 9 * DAY, tick=False):
        yield


@pytest.fixture
def camille():
    return factories.referent()


@pytest.fixture
def story(client, camille):
    """A file sent and refused, and an agent who comes, over three days."""
    sign_in(client, factories.national())
    event = factories.submitted(title="Visite de la forge")
    log.write(
        LogKind.AGENT_ADDED,
        at=NOW + DAY,
        by=factories.national(),
        person=camille,
        office=camille.offices.get(),
    )
    log.write(LogKind.SIGNED_IN, at=NOW + DAY, by=camille, person=camille)
    workflow.refuse(event, by=camille, at=NOW + 2 * DAY, rule=Rule.FREE, comment="=1+1")
    return event


def shown(client, **query):
    return [each.what for each in client.get(JOURNAL, query).context["lines"]]


def table(client, **query):
    text = b"".join(client.get(FILE, query).streaming_content).decode()
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_journal_tells_everything_the_latest_first(client, story, camille):
    response = client.get(JOURNAL)
    lines = [(each.what, each.who, each.about, plain(each.detail)) for each in response.context["lines"]]
    nation, organizer = str(factories.national()), str(story.created_by)
    assert lines == [
        ("Refus", str(camille), "Visite de la forge", "Règle : gratuité. =1+1"),
        ("Connexion", str(camille), str(camille), ""),
        ("Agent ajouté à un service", nation, str(camille), ""),
        ("Envoi", organizer, "Visite de la forge", ""),
    ]
    assert (
        f'<a href="/admin/events/event/{story.pk}/examiner/">Visite de la forge</a>'
        in response.content.decode()
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "forge"}, ["Refus", "Envoi"]),
        ({"q": "REFUS"}, ["Refus"]),
        ({"q": "1+1"}, ["Refus"]),
        ({"q": "ajoute"}, ["Agent ajouté à un service"]),
        ({"q": "Référent – 90"}, ["Refus", "Agent ajouté à un service"]),
        ({"q": "introuvable"}, []),
        ({"sorte": "decisions"}, ["Refus", "Envoi"]),
        ({"sorte": "acces"}, ["Connexion", "Agent ajouté à un service"]),
        ({"du": "2025-10-02"}, ["Refus", "Connexion", "Agent ajouté à un service"]),
        ({"au": "2025-10-02"}, ["Connexion", "Agent ajouté à un service", "Envoi"]),
        ({"du": "2025-10-01", "au": "2025-10-01"}, ["Envoi"]),
        ({"q": "\0forge"}, []),
    ],
)
def test_journal_finds_by_words_kind_and_days(client, story, query, expected):
    assert shown(client, **query) == expected


def test_journal_finds_by_the_address_of_an_account(client, story, camille):
    assert shown(client, q=camille.email.upper()) == ["Refus", "Connexion", "Agent ajouté à un service"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"du": "hier"}, "Du : « hier » n’est pas une date. Écrivez-la comme 2026-11-20."),
        (
            {"du": "2025-10-02", "au": "2025-10-01"},
            "Au : cette date est avant la première. Choisissez-en une après.",
        ),
        ({"sorte": "x"}, "Lignes : « x » n’est pas dans la liste. Choisissez-y une valeur."),
        ({"q": "x" * 101}, "Chercher : écrivez 100 caractères au plus."),
    ],
)
@pytest.mark.parametrize("path", [JOURNAL, FILE])
def test_wrong_search_is_said_and_shows_nothing(client, story, path, query, sentence):
    response = client.get(path, query)
    assert [plain(each) for each in response.context["form"].errors.values()] == [[sentence]]
    assert response.context["lines"] == []


def test_journal_is_a_file_whose_cells_no_spreadsheet_runs(client, story, camille):
    rows = table(client)
    assert rows[0] == ["Date", "Heure", "Quoi", "Qui", "Service", "Sur", "Détail"]
    assert rows[1][:4] == ["03/10/2025", "10:00:00", "Refus", str(camille)]
    assert len(rows) == 5
    log.write(LogKind.FACTOR_ADDED, at=NOW + 3 * DAY, by=camille, detail="=HYPERLINK(1)")
    assert table(client, q="HYPERLINK")[1][-1] == "'=HYPERLINK(1)"


def test_file_holds_what_the_page_finds(client, story):
    assert [row[2] for row in table(client, sorte="acces")[1:]] == shown(client, sorte="acces")


def test_journal_goes_back_page_by_page_without_counting(client, camille, django_assert_num_queries):
    sign_in(client, factories.national())
    for number in range(120):
        log.write(LogKind.SIGNED_IN, at=NOW + timedelta(minutes=number), by=camille, detail=f"{number}")
    pages = [client.get(JOURNAL, {"page": page}).context for page in (1, 2, 3, 4, "x")]
    assert [len(page["lines"]) for page in pages] == [50, 50, 20, 0, 50]
    assert [page["earlier"] for page in pages] == [2, 3, None, None, 2]
    assert [page["lines"][0].detail for page in pages[:3]] == ["119", "69", "19"]


@pytest.mark.parametrize("rows", [1, 3])
def test_journal_costs_the_same_queries(client, camille, django_assert_num_queries, rows):
    sign_in(client, factories.national())
    for number in range(rows):
        factories.submitted(title=f"Visite {number}")
        log.write(LogKind.SIGNED_IN, at=NOW, by=camille, person=camille)
        history.write(factories.edition(), "Publiée.", by=factories.national(), at=NOW)
    with django_assert_num_queries(8):
        client.get(JOURNAL)
