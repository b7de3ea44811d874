"""The referent's list: what waits, the longest overdue first, and what each filter leaves of it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection

from events import twins
from events.enums import TermKind
from events.models import Event, Term
from organizers.enums import OfficeKind
from tests import factories
from tests.events.form_pages import plain
from tests.events.test_workflow import standing
from tests.factories import NOW, slot
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"
# Sent on 1 October, due on the 7th.
LATER = datetime(2025, 10, 9, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(db):
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite")
    Term.objects.create(kind=TermKind.FORMAT, code="job-dating", label="Job dating")
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def agent(client):
    return sign_in(client, factories.referent(OfficeKind.REGIONAL, "32")) and client


def sent(title, code="59350", *, days=0, **fields):
    """An event sent so many days after the first ones, at another place and time than any other."""
    number = Event.objects.count()
    own = {"slots": [slot(f"2025-11-{3 + number:02}", "08:00", "09:00")]}
    at = NOW + timedelta(days=days)
    return factories.submitted(title=title, commune_code=code, at=at, **own | fields)


def shown(client, query=""):
    return [event.title for event in client.get(f"{QUEUE}?{query}").context["cl"].result_list]


def test_queue_shows_what_waits_the_longest_overdue_first(agent):
    sent("Troisième", days=6)
    sent("Premier")
    sent("Deuxième", days=1)
    standing("labelled", title="Décidé", commune_code="59350")
    sent("Ailleurs", "90010")
    assert shown(agent, "statut=en-attente") == ["Premier", "Deuxième", "Troisième"]
    # What is late is the nation's turn.
    assert shown(agent) == ["Troisième"]


def test_whole_territory_begins_with_what_waits(agent):
    standing("labelled", title="Décidé", commune_code="59350")
    sent("Attend", days=6)
    assert shown(agent, "statut=tous") == ["Attend", "Décidé"]


def test_line_says_what_to_open_first(agent):
    sent("Forge", "02738", expected_participants=90_000)
    page = agent.get(f"{QUEUE}?statut=en-attente").content.decode()
    [line] = re.findall(r"<tbody>\s*<tr.*?</tr>", page, re.DOTALL)
    cells = [
        plain(unescape(re.sub("<[^>]+>", " ", each)))
        for each in re.findall(r"<t[dh].*?</t[dh]>", line, re.DOTALL)
    ]
    organizer = Event.objects.get().organizer_name
    assert [" ".join(cell.split()) for cell in cells] == [
        "Choisir « Forge »",
        f"Forge {organizer} Visite",
        "en retard de 2 jours ouvrés mardi 7 octobre",
        "1 point à vérifier : participants attendus",
        "À examiner",
        "Tergnier (02)",
        "le 3 novembre",
    ]


@pytest.fixture
def files():
    """Six files of the region and one of elsewhere, told apart by one thing each."""
    sent("À temps", days=6)
    sent("Aisne", "02738")
    sent("Job", format_code="job-dating")
    sent("Foule", expected_participants=90_000)
    factories.organization(owner := factories.user(), name="Aciérie Éclair")
    sent("Éclair", organizer=owner)
    standing("labelled:amended", commune_code="59350", title="Modifié")
    sent("Ailleurs", "90010")


LATE = ["Aisne", "Job", "Foule", "Éclair"]


FILTERS = {
    "statut=en-attente": [*LATE, "Modifié", "À temps"],
    "statut=submitted": [*LATE, "À temps"],
    "statut=labelled": ["Modifié"],
    "statut=modification-proposee": ["Modifié"],
    "statut=modifie": [],
    "statut=refused": [],
    "statut=tous&departement=02": ["Aisne"],
    "statut=tous&nature=job-dating": ["Job"],
    "statut=tous&points=a-verifier": ["Foule"],
    "statut=tous&points=rien": ["Aisne", "Job", "Éclair", "Modifié", "À temps"],
    "statut=tous&retard=oui": [*LATE, "Modifié"],
    "statut=tous&organisateur=eclair": ["Éclair"],
    "statut=tous&organisateur=ACIÉRIE": ["Éclair"],
    "statut=tous&q=eclair+tergnier": [],
    "statut=tous&q=aisne+tergnier": ["Aisne"],
    "statut=tous&q=acierie": ["Éclair"],
    "statut=tous&q=si-2025-59-0001": ["Modifié"],
    "statut=tous&departement=02&nature=job-dating": [],
}


def test_each_filter_finds_its_files(agent, files):
    assert {query: shown(agent, query) for query in FILTERS} == FILTERS


def test_counts_beside_the_filters_are_what_they_show(agent, files):
    queue = agent.get(f"{QUEUE}?statut=en-attente").context["cl"]
    counted = {
        f"{name}={choice.value}": choice.count
        for name, _, choices in queue.selects
        for choice in choices
        if choice.count
    }
    found = {
        query: len(shown(agent, f"statut=en-attente&{query}")) for query in counted if "statut" not in query
    }
    found |= {query: len(shown(agent, query)) for query in counted if "statut" in query}
    assert counted == found
    assert counted["departement=02"] == 1


def test_counts_of_the_views_are_what_they_show(agent, files):
    links = agent.get(f"{QUEUE}?nature=job-dating").context["cl"].views
    assert {link.label: link.count for link in links} == {
        link.label: len(shown(agent, link.query)) for link in links
    }
    assert [link.count for link in links] == [1, 5, 1, 6]


def test_view_is_its_address(agent, files):
    links = agent.get(f"{QUEUE}?statut=modification-proposee").context["cl"].views
    assert [link.label for link in links if link.is_current] == ["Modifications proposées"]
    shown(agent, "statut=tous")
    assert shown(agent) == shown(agent, "statut=a-mon-tour")


def test_possible_duplicates_are_found(agent):
    sent("Visite de la forge Martin", slots=[slot("2025-11-20", "09:00", "10:00")])
    sent("VISITE de la forge Martin", slots=[slot("2025-11-21", "14:00", "15:00")])
    sent("Job dating", slots=[slot("2025-11-20", "09:00", "10:00")])
    twins.look()
    assert sorted(shown(agent, "statut=tous&doublons=oui")) == [
        "VISITE de la forge Martin",
        "Visite de la forge Martin",
    ]
    page = agent.get(f"{QUEUE}?statut=tous").content.decode()
    assert page.count('<span class="mark">Doublon possible</span>') == 2


WRONG = {
    "statut=draft": "Statut : « draft » n’est pas dans la liste. Choisissez-y une valeur.",
    "departement=90": "Département : « 90 » n’est pas dans la liste. Choisissez-y une valeur.",
    "nature=pirate": "Nature : « pirate » n’est pas dans la liste. Choisissez-y une valeur.",
    "points=beaucoup": "Points : « beaucoup » n’est pas dans la liste. Choisissez-y une valeur.",
    "retard=non": "Échéance : « non » n’est pas dans la liste. Choisissez-y une valeur.",
    "doublons=1": "Doublons : « 1 » n’est pas dans la liste. Choisissez-y une valeur.",
    "organisateur=" + "x" * 101: "« Organisateur » compte 101 caractères : gardez-en 100 au plus.",
}


@pytest.mark.parametrize("query", WRONG)
def test_wrong_filter_is_said_and_shows_nothing(agent, files, query):
    response = agent.get(f"{QUEUE}?{query}")
    assert [plain(str(each)) for each in response.context["messages"]] == [WRONG[query]]
    assert response.context["cl"].result_list == []
    assert "Corrigez le filtre" in response.content.decode()


def empty(client):
    return re.findall('<p class="queue-empty">(.*?)</p>', client.get(QUEUE).content.decode())


def test_empty_queue_says_so_kindly(agent):
    assert empty(agent) == ["Rien n’attend votre réponse. Merci\u00a0!"]
    sent("En retard")
    late = "Dans votre territoire, 1\u00a0dossier est en retard\u00a0: voyez «\u00a0En retard\u00a0»."
    assert empty(agent) == [f"Rien n’est à votre tour. {late}"]


def test_pages_keep_the_view(agent):
    event = sent("Forge")
    copies = [Event(**_copied(event, number)) for number in range(60)]
    Event.objects.bulk_create(copies)
    response = agent.get(f"{QUEUE}?statut=tous&p=2")
    assert (response.context["cl"].result_count, len(response.context["cl"].result_list)) == (61, 11)
    assert 'href="?statut=tous&amp;p=1"' in response.content.decode()
    assert len(agent.get(f"{QUEUE}?statut=tous&all=").context["cl"].result_list) == 61


def _copied(event, number):
    left_out = ("id", "uid", "creation_key", "search")
    fields = {
        each.name: getattr(event, each.name)
        for each in Event._meta.concrete_fields
        if each.name not in left_out
    }
    return fields | {"title": f"Copie {number}"}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    "query",
    [
        "statut=en-attente",
        "statut=tous&p=1&all=",
        "statut=en-attente&retard=oui&points=rien&q=forge&organisateur=fonderie",
        "statut=tous&departement=59&nature=visite&doublons=oui",
    ],
)
def test_list_costs_the_same_queries(agent, django_assert_num_queries, rows, query):
    organizer = factories.user()
    for _ in range(rows):
        factories.submitted(organizer, title="Forge", commune_code="59350")
    # At the same hours.
    factories.submitted(organizer, title="Atelier", commune_code="02738")
    twins.look()
    with django_assert_num_queries(8):
        agent.get(f"{QUEUE}?{query}")


def test_queue_asks_the_database_once_for_all_counts(agent):
    sent("Un")
    with connection.execute_wrapper(lambda execute, sql, *rest: counted.append(sql) or execute(sql, *rest)):
        counted = []
        agent.get(QUEUE)
    assert len([sql for sql in counted if "COUNT(" in sql]) == 1
