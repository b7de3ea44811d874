"""The communes that a few letters or digits may mean: `suggestions`, and the address that answers them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from semaine.communes import label, suggestions
from semaine.management.commands import load_territories
from semaine.models import Commune

pytestmark = pytest.mark.django_db

# True rows of the fixtures: name sisters, saints, ligatures, articles, arrondissements, overseas.
CODES = {
    "90010", "46023", "93066", "97411", "11339", "30247", "42218", "17415", "94038", "51410", "02565", "72181",
    "16206", "17300", "70450", "75056", "75101", "75102", "81202", "69123", "69383", "69003", "97410", "06123",
    "56211", "60131", "61483", "38421",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _communes(db):
    load_territories.load(CODES)


def names(typed: str, **options) -> list[str]:
    return [label(each) for each in suggestions(typed, **options)]


SAINT_DENIS = [
    "Saint-Denis (974, La Réunion)",
    "Saint-Denis (93, Seine-Saint-Denis)",
    "Saint-Denis (11, Aude)",
    "Saint-Denis (30, Gard)",
]


def test_suggestions_ignore_case_accents_and_hyphens():
    spellings = ("saint-denis", "SAINT DENI", "st denis", "St. Denis", "sàint-dénis", "  saint   denis ")
    assert {typed: names(typed) for typed in spellings} == dict.fromkeys(spellings, SAINT_DENIS)


def test_suggestions_begin_a_name_or_one_of_its_words():
    found = {
        "belf": ["Belfort (90, Territoire de Belfort)", "Belfort-du-Quercy (46, Lot)"],
        "belfort du": ["Belfort-du-Quercy (46, Lot)"],
        "l'haÿ": ["L’Haÿ-les-Roses (94, Val-de-Marne)"],
        "L’HAY LES": ["L’Haÿ-les-Roses (94, Val-de-Marne)"],
        "lhay": ["L’Haÿ-les-Roses (94, Val-de-Marne)"],
        "hay les roses": ["L’Haÿ-les-Roses (94, Val-de-Marne)"],
        "œuil": ["Œuilly (51, Marne)", "Œuilly (02, Aisne)"],
        "oeuilly": ["Œuilly (51, Marne)", "Œuilly (02, Aisne)"],
        "mans": ["Le Mans (72, Sarthe)", "Mansle-les-Fontaines (16, Charente)"],
        "rochelle": ["La Rochelle (17, Charente-Maritime)", "La Rochelle (70, Haute-Saône)"],
        "roses": ["L’Haÿ-les-Roses (94, Val-de-Marne)"],
        "paris": ["Paris (75)", "Parisot (81, Tarn)"],
        "lyon": ["Lyon (69, Rhône)"],
        "3e arrondissement": [],
        "introuvable": [],
    }
    assert {typed: names(typed) for typed in found} == found


def test_suggestions_write_saints_out():
    assert names("ste", limit=20) == ["Saintes (17, Charente-Maritime)"]
    assert names("st", limit=20) == [
        "Saint-Étienne (42, Loire)",
        *SAINT_DENIS[:2],
        "Saint-Benoît (974, La Réunion)",
        "Saint-Martin-d’Hères (38, Isère)",
        "Saint-Laurent-du-Var (06, Alpes-Maritimes)",
        "Saintes (17, Charente-Maritime)",
        "Saint-Congard (56, Morbihan)",
        *SAINT_DENIS[2:],
    ]


def test_digits_begin_a_postal_code():
    found = {
        "90000": ["Belfort (90, Territoire de Belfort)"],
        "90 000": ["Belfort (90, Territoire de Belfort)"],
        "90": ["Belfort (90, Territoire de Belfort)"],
        "974": ["Saint-Denis (974, La Réunion)", "Saint-Benoît (974, La Réunion)"],
        "69003": ["Lyon (69, Rhône)"],
        "9": [],
        "00": [],
        "٩٠": [],
        "900000": [],
    }
    assert {typed: names(typed) for typed in found} == found


def test_too_little_or_too_much_suggests_nothing():
    nothing = ("", " ", "b", "é", "l'", "\0", "\0b\0", "%", "__", "\\", "🏭🏭", "x" * 5000)
    assert {typed: names(typed) for typed in nothing} == {typed: [] for typed in nothing}


def test_suggestions_are_few():
    assert names("saint denis", limit=1) == SAINT_DENIS[:1]
    assert names("9", limit=1) == []


def test_suggested_commune_is_told_once():
    assert names("le mans") == ["Le Mans (72, Sarthe)"]
    assert names("paris") == ["Paris (75)", "Parisot (81, Tarn)"]


def test_label_shows_the_postal_code_that_was_typed():
    lyon = Commune.objects.get(pk="69123")
    assert label(lyon, "69003") == "Lyon (69003, Rhône)"
    assert label(lyon, "690") == label(lyon, "lyon") == "Lyon (69, Rhône)"


MANY = """
    INSERT INTO semaine_commune
        (code, name, sort_key, place_key, postal_codes, department_id, population, timezone)
    SELECT to_hex(n + 655360), '', '', 'ville ' || n, ARRAY[to_char(n, 'FM00000')], '90', n, ''
    FROM generate_series(1, 10000) AS n
"""


def test_suggestions_read_no_whole_table():
    """Each index fits what the query writes; a word that is everywhere is met at once among the largest."""
    wanted = {"denis": "commune_words", "974": "commune_postal_words", "ville": "commune_largest"}
    plans = {}
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        # What autovacuum does within the minute.
        cursor.execute("SELECT gin_clean_pending_list('commune_words')")
        cursor.execute("ANALYZE semaine_commune")
        for typed in wanted:
            with CaptureQueriesContext(connection) as queries:
                suggestions(typed)
            cursor.execute(f"EXPLAIN {queries.captured_queries[0]['sql']}")
            plans[typed] = " ".join(line for [line] in cursor.fetchall())
    assert [typed for typed, index in wanted.items() if index not in plans[typed]] == []
    assert [plan for plan in plans.values() if "Seq Scan on semaine_commune" in plan] == []


def test_address_answers_codes_labels_and_names(client):
    response = client.get("/communes.json", {"q": "belfort d"})
    assert response.json() == {
        "communes": [{"code": "46023", "label": "Belfort-du-Quercy (46, Lot)", "name": "Belfort-du-Quercy"}]
    }
    assert response.headers["Content-Type"] == "application/json"


def test_address_tells_the_postal_code_that_was_typed(client):
    found = client.get("/communes.json", {"q": "69 003"}).json()["communes"]
    assert found == [{"code": "69123", "label": "Lyon (69003, Rhône)", "name": "Lyon"}]


def test_address_answers_nothing_to_nothing(client):
    queries = ("", "?q=", "?q=b", "?q=%00%00", "?q=%ff%fe", "?q=" + "x" * 5000, "?q[]=belfort")
    answers = [client.get(f"/communes.json{query}") for query in queries]
    found = [(answer.status_code, answer.json()) for answer in answers]
    assert found == [(200, {"communes": []})] * len(queries)


def test_address_is_public_and_the_same_for_all(client):
    response = client.get("/communes.json?q=belfort")
    assert (dict(response.cookies), response.headers.get("Vary")) == ({}, None)
    assert response.headers["Cache-Control"] == "public, max-age=3600"


def test_address_is_only_read(client):
    assert client.head("/communes.json?q=belfort").status_code == 200
    assert client.post("/communes.json", {"q": "belfort"}).status_code == 405


@pytest.mark.parametrize("typed", ["belfort-du", "saint-denis", "lyon", "974", "69003", "introuvable"])
def test_address_costs_one_query(client, django_assert_num_queries, typed):
    with django_assert_num_queries(1):
        client.get("/communes.json", {"q": typed})
