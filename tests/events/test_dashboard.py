"""Dashboards: every number agrees with the list behind it, in the agent's territory and nowhere else."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.test import Client

from events import workflow
from events.dashboard import duration_words
from events.dashboard_files import EVENT_HEADS
from events.enums import Rule, Status, TermKind
from events.models import Event, Term
from organizers.enums import OfficeKind
from tests import factories
from tests.events.test_workflow import standing
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

PAGE, LIST = "/admin/tableau-de-bord/", "/admin/tableau-de-bord/liste/"
FIGURES, LIST_FILE = "/admin/tableau-de-bord/chiffres.csv", "/admin/tableau-de-bord/liste.csv"
DIGEST = "/admin/tableau-de-bord/resume/"
# Two weeks after what was sent: all that waits is late.
AT = datetime(2025, 10, 15, 8, tzinfo=UTC)
ONLINE = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "commune_code": None}
TERMS = [
    (TermKind.FORMAT, "visite"),
    (TermKind.FORMAT, "forum"),
    (TermKind.SECTOR, "mines-et-metallurgie"),
    (TermKind.SECTOR, "bois"),
]


@pytest.fixture(autouse=True)
def _autumn(db):
    factories.edition()
    with time_machine.travel(AT, tick=False):
        yield


def varied() -> None:
    """Events of every status, in several territories, with everything that tables count by."""
    for kind, code in TERMS:
        Term.objects.create(kind=kind, code=code, label=code.capitalize())
    for number, status in enumerate(
        (
            "draft", "submitted", "changes_requested", "labelled", "labelled:amended", "labelled:edited", "refused",
            "withdrawn", "cancelled:labelled", "cancelled:submitted",
        )
    ):  # fmt: skip
        standing(status, expected_participants=10 + number)
    north = {
        "commune_code": "59350",
        "format_code": "forum",
        "sector_codes": ["bois", "mines-et-metallurgie"],
    }
    for day in (1, 3, 8):
        event = factories.submitted(at=NOW + timedelta(days=day), **north, audience_codes=["jeunes"])
        workflow.label(event, by=factories.national(), at=AT, version=event.version, purpose_confirmed=True)
    factories.submitted(at=AT, **north)
    factories.submitted(commune_code="98718")
    factories.labelled(commune_code="97411", sector_codes=["bois", "bois"])
    factories.submitted(**ONLINE)
    homeless = factories.user()
    factories.organization(homeless, headquarters=None)
    factories.submitted(homeless, **ONLINE)
    for rule in (Rule.FREE, Rule.DATES):
        again = workflow.refuse(
            factories.submitted(), by=factories.national(), at=NOW, rule=Rule.FREE, comment="Payant."
        )
        again = workflow.reinstate(again, by=factories.national(), at=NOW, comment="Relu.")
        workflow.refuse(again, by=factories.national(), at=NOW, rule=rule, comment="Non.")
    last_year = {"in_edition": factories.edition(2024), "slots": [factories.slot("2024-11-20")]}
    factories.labelled(at=datetime(2024, 10, 1, tzinfo=UTC), **last_year)


def agent(kind=OfficeKind.NATIONAL, territory="France") -> Client:
    return sign_in(Client(), factories.referent(kind, territory))


def numbers(page) -> list:
    """All the numbers of a page, with the addresses of their lists."""
    dashboard = page.context["dashboard"]
    rows = [row for table in dashboard.tables for row in table.rows]
    return [*dashboard.figures, dashboard.participants, *(cell for row in rows for cell in row.cells)]


SCOPES = [
    (OfficeKind.NATIONAL, "France", ""),
    (OfficeKind.NATIONAL, "France", "?region=32"),
    (OfficeKind.NATIONAL, "France", "?departement=90&edition=2025"),
    (OfficeKind.NATIONAL, "France", "?edition=2024"),
    (OfficeKind.REGIONAL, "27", ""),
    (OfficeKind.DEPARTMENTAL, "90", ""),
    (OfficeKind.DEPARTMENTAL, "987", ""),
]


@pytest.mark.parametrize(("kind", "territory", "query"), SCOPES)
def test_every_number_agrees_with_the_list_behind_it(kind, territory, query):
    varied()
    client = agent(kind, territory)
    found = set(numbers(client.get(PAGE + query)))
    listed = {each.url: client.get(each.url).context for each in found}
    assert len(found) > 12
    assert {each: counted(each, listed[each.url]["lines"]) for each in found} == {
        each: each.value for each in found
    }
    assert [len(each["lines"]) for each in listed.values()] == [
        each["page_obj"].paginator.count for each in listed.values()
    ]


def counted(number, lines) -> int:
    if number.label.startswith("Participants"):
        return sum(each.participants or 0 for each in lines)
    return len(lines)


def test_figures_are_those_of_the_events():
    varied()
    found = {each.label: each.value for each in agent().get(PAGE).context["dashboard"].figures}
    by_status = {
        each.referent_label: Event.objects.filter(edition__year=2025, status=each).count()
        for each in Status
        if each != Status.DRAFT
    }
    others = {
        "Dossiers envoyés": sum(by_status.values()),
        "En attente de réponse": 6,
        "En retard": 5,
        "Modification proposée": 1,
        "Ont reçu une première réponse": 13,
    }
    assert found == others | by_status
    assert found["Labellisé"] == 7


def file(response) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_median_is_that_of_the_first_answers():
    sign = agent(OfficeKind.DEPARTMENTAL, "59")
    for hours in (2, 5, 30, 100):
        event = factories.submitted(commune_code="59350")
        by, at = factories.national(), NOW + timedelta(hours=hours)
        event = workflow.request_changes(event, by=by, at=at, comment="Précisez.")
        event = workflow.take_back(event, by=by, at=at + timedelta(days=1), comment="Relu.")
        workflow.refuse(event, by=by, at=at + timedelta(days=2), rule=Rule.FREE, comment="Payant.")
    factories.submitted(commune_code="59350")
    assert sign.get(PAGE).context["dashboard"].median == "18\u00a0heures"
    answered = sign.get(f"{LIST}?chiffre=repondus").context
    assert [each.answered for each in answered["lines"]] == [
        "2\u00a0heures", "5\u00a0heures", "1\u00a0jour\u00a06\u00a0heures", "4\u00a0jours\u00a04\u00a0heures",
    ]  # fmt: skip
    assert (
        answered["total"] == "4\u00a0événements. Délai médian de la première réponse\u00a0: 18\u00a0heures."
    )


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (None, ""),
        (timedelta(seconds=20), "0\u00a0minute"),
        (timedelta(minutes=59), "59\u00a0minutes"),
        (timedelta(minutes=61), "1\u00a0heure"),
        (timedelta(hours=23, minutes=50), "1\u00a0jour"),
        (timedelta(days=2, hours=1), "2\u00a0jours\u00a01\u00a0heure"),
    ],
)
def test_duration_is_said_in_words(duration, words):
    assert duration_words(duration) == words


def test_online_event_counts_where_it_is_examined_and_has_a_line_of_its_own():
    factories.submitted()
    factories.submitted(**ONLINE)
    dashboard = agent(OfficeKind.DEPARTMENTAL, "90").get(PAGE).context["dashboard"]
    [table] = [each for each in dashboard.tables if each.code == "departement"]
    assert dashboard.figures[0].value == 2
    assert [(row.label, row.cells[0].value) for row in table.rows] == [
        ("Territoire de Belfort (90)", 1),
        ("En ligne, ou sans lieu", 1),
    ]


def test_nation_drills_down_to_the_region_then_the_departement():
    varied()
    client = agent()
    whole = client.get(PAGE).context["dashboard"]
    steps = {table.code: {row.label: row.url for row in table.rows} for table in whole.tables}
    assert steps["region"] == {
        "Bourgogne-Franche-Comté": f"{PAGE}?edition=2025&region=27",
        "Hauts-de-France": f"{PAGE}?edition=2025&region=32",
        "La Réunion": f"{PAGE}?edition=2025&region=04",
        "Outre-mer": "",
        "En ligne, ou sans lieu": "",
    }
    region = client.get(steps["region"]["Hauts-de-France"]).context["dashboard"]
    assert {row.label: row.url for row in region.tables[0].rows} == {
        "Nord (59)": f"{PAGE}?edition=2025&departement=59"
    }
    page = client.get(f"{PAGE}?edition=2025&departement=59")
    assert page.context["crumbs"] == [
        ("France", "edition=2025"),
        ("Hauts-de-France", "edition=2025&region=32"),
    ]
    assert {row.url for table in page.context["dashboard"].tables for row in table.rows} == {""}


TERRITORIES = (
    "",
    "?region=27",
    "?region=32",
    "?departement=90",
    "?departement=59",
    "?region=zz",
    "?departement=%00",
)
BURGUNDY, NORTH, BELFORT = "Bourgogne-Franche-Comté", "Hauts-de-France", "Territoire de Belfort"
SEEN = {
    (OfficeKind.NATIONAL, "France"): ["France", BURGUNDY, NORTH, BELFORT, "Nord", 404, 404],
    (OfficeKind.REGIONAL, "27"): [BURGUNDY, BURGUNDY, 404, BELFORT, 404, 404, 404],
    (OfficeKind.DEPARTMENTAL, "90"): [BELFORT, 404, 404, BELFORT, 404, 404, 404],
}


@pytest.mark.parametrize("address", [PAGE, LIST, FIGURES, LIST_FILE])
@pytest.mark.parametrize("seat", SEEN)
def test_agent_looks_at_their_territory_only(seat, address):
    factories.commune("59350")
    factories.commune("90010")
    client = agent(*seat)
    pages = [client.get(address + query) for query in TERRITORIES]
    names = [
        page.context["scope"].name if page.context and page.status_code == 200 else page.status_code
        for page in pages
    ]
    is_file = address.endswith(".csv")
    assert names == [200 if is_file and each != 404 else each for each in SEEN[seat]]


@pytest.mark.parametrize(
    "query", ["", "chiffre=labelled", "par=departement&valeur=59", "par=region&valeur=32"]
)
def test_list_and_file_leak_nothing_of_another_territory(query):
    factories.labelled(commune_code="59350", title="Visite secrète")
    factories.labelled(title="Visite connue")
    factories.draft(title="Brouillon secret")
    client = agent(OfficeKind.DEPARTMENTAL, "90")
    texts = [
        client.get(f"{address}?{query}").content.decode() for address in (PAGE, LIST, FIGURES, LIST_FILE)
    ]
    assert ["secr" in text.replace("secr%C3", "") for text in texts] == [False] * 4


WRONG = {
    "edition=2031": "Édition : « 2031 » n’est pas dans la liste. Choisissez-y une valeur.",
    "edition=%00": "Édition : « \x00 » n’est pas dans la liste. Choisissez-y une valeur.",
    "chiffre=draft": "Chiffre : « draft » n’est pas dans la liste. Choisissez-y une valeur.",
    "par=couleur": "Tableau : « couleur » n’est pas dans la liste. Choisissez-y une valeur.",
    "par=nature&valeur=rien": "Ligne : « rien » n’est pas dans la liste. Choisissez-y une valeur.",
    "par=departement&valeur=59": "Ligne : « 59 » n’est pas dans la liste. Choisissez-y une valeur.",
    "valeur=visite": "Ligne : « visite » n’est pas dans la liste. Choisissez-y une valeur.",
    "par=nature": "Ligne : choisissez une ligne du tableau.",
}


@pytest.mark.parametrize("query", WRONG)
def test_wrong_value_is_said_and_shows_nothing(query):
    factories.labelled()
    client = agent(OfficeKind.DEPARTMENTAL, "90")
    page, listed = client.get(f"{PAGE}?{query}"), client.get(f"{LIST}?{query}")
    assert [each.context["form"].sentences for each in (page, listed)] == [[WRONG[query]]] * 2
    assert (page.context["dashboard"], listed.context["lines"]) == (None, [])
    for address in (FIGURES, LIST_FILE):
        answer = client.get(f"{address}?{query}")
        assert (answer.status_code, answer.content.decode()) == (400, WRONG[query])


def test_dashboard_without_any_edition_says_so():
    Event.objects.all().delete()
    factories.edition().delete()
    client = agent()
    assert "Aucune édition n’est publiée." in client.get(PAGE).content.decode()
    assert client.get(LIST).context["lines"] == []
    said = [client.get(address).content.decode() for address in (FIGURES, LIST_FILE)]
    assert said == ["Aucune édition n’est publiée."] * 2


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(PAGE, 9), (LIST, 10), (FIGURES, 9), (LIST_FILE, 9)])
def test_pages_cost_the_same_queries_for_any_number_of_events(
    django_assert_num_queries, address, queries, rows
):
    for _ in range(rows):
        factories.labelled()
        factories.submitted(commune_code="59350")
    client = agent()
    with django_assert_num_queries(queries):
        client.get(address)


def test_files_hold_the_numbers_and_run_nothing():
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="=Visite()")
    factories.labelled(title="=cmd()", expected_participants=1200)
    client = agent(OfficeKind.DEPARTMENTAL, "90")
    figures = file(client.get(FIGURES))
    assert figures[:2] == [
        ["Tableau", "Ligne", "Chiffre", "Nombre"],
        ["En tout", "Territoire de Belfort", "Dossiers envoyés", "1"],
    ]
    assert ["Par nature", "'=Visite()", "Labellisé", "1"] in figures
    [heads, line] = file(client.get(LIST_FILE))
    organizer = Event.objects.get().organizer_name
    assert line == [
        "'=cmd()",
        "Labellisé",
        "",
        organizer,
        "Belfort (90)",
        "1200",
        "0\u00a0minute",
    ]
    assert heads == EVENT_HEADS


def test_list_says_when_an_answer_is_due_while_one_is_awaited():
    standing("labelled:amended", title="Modifiée", expected_participants=1200)
    standing("submitted", title="Envoyée")
    standing("refused", title="Refusée")
    lines = agent().get(LIST).context["lines"]
    assert {each.title: (each.status, each.due, each.participants_words) for each in lines} == {
        "Modifiée": ("Labellisé, modification proposée", "7 octobre 2025", "1\u00a0200"),
        "Envoyée": ("À examiner", "7 octobre 2025", ""),
        "Refusée": ("Refusé", "", ""),
    }


def test_agent_turns_their_own_digest_off_and_on():
    client, other = agent(OfficeKind.DEPARTMENTAL, "90"), factories.referent()
    person = client.get(PAGE).wsgi_request.user
    found = {}
    for value in ("non", "peut-être", "oui", "", "non"):
        client.post(DIGEST, {"resume": value})
        person.refresh_from_db()
        other.refresh_from_db()
        found[value] = (person.wants_digest, other.wants_digest)
    assert found == {"non": (False, True), "peut-être": (False, True), "oui": (True, True), "": (True, True)}
    assert client.get(DIGEST).status_code == 405
