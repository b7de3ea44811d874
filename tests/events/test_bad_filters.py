"""Wrong, hostile and unknown filters and pages: said in French above an empty list, never the whole programme."""

import re
from html import escape
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.enums import AttendanceMode, TermKind
from events.models import Term
from tests import factories
from tests.events.form_pages import SCRIPT, ActiveContent, plain
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

LISTS = ("/programme/", "/editions/2025/", "/carte/")
DATA = "/carte/donnees.json"
QUEUE = "/admin/events/event/"
NOT_UNDERSTOOD = "Le site n’a pas compris cette demande"
PUBLIC_PAGES = ("/", *LISTS, DATA)


@pytest.fixture(autouse=True)
def _programme(db):
    """Three events to come: two in places, one online."""
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite")
    factories.labelled(title="Visite de la fonderie")
    factories.labelled(title="Atelier de soudure", commune_code="59350")
    factories.labelled(
        title="Conférence",
        commune_code=None,
        attendance_mode=AttendanceMode.ONLINE,
        online_url="https://example.org",
    )
    with time_machine.travel(NOW, tick=False):
        yield


def heading(response):
    return re.findall("<h1>(.*?)</h1>", response.content.decode())


def unknown(label, value):
    return f"{label} : « {value[:60]} » n’est pas dans la liste. Choisissez-y une valeur."


NOT_A_DAY = "{} : « {} » n’est pas une date : écrivez-la comme 2025-11-20."
WRONG = {
    "q": [
        ("x" * 5000, "« Mots » compte 5000 caractères : gardez-en 100 au plus."),
        (SCRIPT * 4, "« Mots » compte 128 caractères : gardez-en 100 au plus."),
    ],
    "region": [(value, unknown("Région", value)) for value in ("zz", "90", "٢٧")],
    "departement": [(value, unknown("Département", value)) for value in ("\0", SCRIPT, "-1")],
    "du": [
        ("demain", NOT_A_DAY.format("Du", "demain")),
        ("2025-02-30", NOT_A_DAY.format("Du", "2025-02-30")),
        ("0001-01-01", "Du : le 01/01/1 est trop loin : vérifiez l’année."),
    ],
    "au": [
        ("\0", NOT_A_DAY.format("Au", "\0")),
        (SCRIPT, NOT_A_DAY.format("Au", SCRIPT)),
        ("9999-12-31", "Au : le 31/12/9999 est trop loin : vérifiez l’année."),
    ],
    "public": [(value, unknown("Public", value)) for value in ("x" * 5000, "Scolaires", " scolaires")],
    "nature": [(value, unknown("Nature", value)) for value in ("visite' OR 1=1 --", "*", "null")],
    "mode": [(value, unknown("Mode", value)) for value in ("online", "[]", "🏭")],
    "passes": [(value, unknown("Terminés", value)) for value in ("non", "1", SCRIPT)],
}
ROUNDS = [
    {name: pairs[number] for name, pairs in WRONG.items() if number < len(pairs)} for number in range(3)
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("faults", ROUNDS)
def test_wrong_filters_are_said_above_an_empty_list(client, path, faults):
    response = client.get(path, {name: value for name, (value, _) in faults.items()})
    page = response.content.decode()
    messages = [message for _, message in faults.values()]
    assert plain(response.context["errors"]) == messages
    assert (response.context["results"].cards, plain(response.context["heading"])) == ([], "0 événement")
    above, _, below = page.partition('<h2 id="resultats">')
    assert [message for message in messages if f"<li>{escape(message)}</li>" not in plain(above)] == []
    assert 'class="card"' not in below
    assert ActiveContent(page).found == []


def test_one_wrong_filter_is_enough_to_show_nothing(client):
    found = {
        name: (plain(response.context["errors"]), response.context["results"].count)
        for name, [(value, _), *_] in WRONG.items()
        for response in [client.get("/programme/", {name: value})]
    }
    assert found == {name: ([message], 0) for name, [(_, message), *_] in WRONG.items()}


@pytest.mark.parametrize("faults", ROUNDS)
def test_wrong_filters_of_the_map_data_are_a_400_that_names_them(client, faults):
    response = client.get(DATA, {"zoom": "5"} | {name: value for name, (value, _) in faults.items()})
    errors = {name: [message] for name, (_, message) in faults.items()}
    assert (response.status_code, plain(response.json())) == (400, {"errors": errors})


def test_wrong_value_beside_a_right_one_shows_nothing(client):
    response = client.get("/programme/", {"region": ["27", "zz"], "mode": "sur-place"})
    assert plain(response.context["errors"]) == [unknown("Région", "zz")]
    assert response.context["results"].cards == []


def test_days_the_wrong_way_round_are_said(client):
    response = client.get("/programme/", {"du": "2025-11-21", "au": "2025-11-20"})
    assert plain(response.context["errors"]) == [
        "Au : le 20/11/2025 précède le 21/11/2025. Inversez les deux dates."
    ]
    assert response.context["results"].cards == []


@pytest.mark.parametrize("path", LISTS)
def test_unknown_parameters_are_ignored(client, path):
    query = {"pirate": "1", "status": "draft", "q[]": "x", "Q": "x", "utm_source": "\0", "edition__year": "1"}
    response = client.get(path, query)
    assert (response.context["errors"], response.context["results"].count) == ([], 3)


def test_unknown_parameter_of_the_map_data_is_ignored(client):
    assert client.get(DATA, {"zoom": "5", "pirate": "\0", "status": "draft"}).json()["total"] == 2


ODD_PAGES = ("0", "-1", "2", "999", "abc", "1.5", "9" * 30, "9" * 5000, "\0", SCRIPT)


def test_unknown_page_is_said_and_the_nearest_is_shown(client):
    for asked in ODD_PAGES:
        response = client.get("/programme/", {"page": asked})
        page = response.content.decode()
        message = f"La page « {asked[:20]} » n’existe pas : voici la page 1 sur 1."
        assert plain(response.context["results"].messages) == [message]
        assert f'<p class="notice">{escape(message)}</p>' in plain(page)
        assert len(response.context["results"].cards) == 3
        assert ActiveContent(page).found == []


@pytest.mark.parametrize("page", ["", "1"])
def test_first_page_says_nothing(client, page):
    assert client.get("/programme/", {"page": page}).context["results"].messages == []


FOUND = (
    "visite", "visite\0\x07", "  visite  ", '"visite', "(visite", "visite:*", "visite:A", "visite <-> fonderie",
    "visite\\", "visite' OR '1'='1", "\u202evisite",
)  # fmt: skip
NOT_FOUND = ("visite & soudure", "visite | soudure", '"soudure visite"', "!!!", "%", "'", "__", "🏭", SCRIPT)


def test_operators_among_the_words_are_words(client):
    def titles(words):
        response = client.get("/programme/", {"q": words})
        assert plain(response.context["errors"]) == []
        assert ActiveContent(response.content.decode()).found == []
        return [card.title for card in response.context["results"].cards]

    assert {words: titles(words) for words in FOUND} == {words: ["Visite de la fonderie"] for words in FOUND}
    assert {words: titles(words) for words in NOT_FOUND} == {words: [] for words in NOT_FOUND}


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text(st.characters(codec="utf-8"), max_size=12) | st.text("&|!:*()<->'\"\\_ aé", max_size=12))
def test_any_words_are_searched_or_refused(client, words):
    response = client.get(DATA, {"q": words, "zoom": "5"})
    assert response.status_code == 200
    assert response.json()["total"] <= 2


BOX = "« {} » n’est pas un cadre : écrivez ouest,sud,est,nord en degrés, par exemple 5.2,47.3,7.1,48.0."


BOXES = (
    "nan,nan,nan,nan", "0,nan,1,1", "inf,0,inf,1", "-inf,-90,inf,90", "1e400,0,1e401,1", "1,2,3", "1,2,3,4,5",
    "a,b,c,d", ",,,", " ", "10,0,-10,1", "0,1,0,0", "0,-91,1,1", "0,0,541,1", "-541,0,1,1", "0;0;1;1", "\0",
    "9" * 5000, SCRIPT,
)  # fmt: skip


def test_wrong_box_is_a_400_that_names_it(client):
    answers = {box: client.get(DATA, {"bbox": box, "zoom": "5"}) for box in BOXES}
    assert {answer.status_code for answer in answers.values()} == {400}
    assert {box: plain(answer.json()) for box, answer in answers.items()} == {
        box: {"errors": {"bbox": [BOX.format(box[:60])]}} for box in BOXES
    }


ZOOMS = (None, "", "abc", "-1", "21", "1.5", "nan", "9" * 30, "9" * 5000, "\0", SCRIPT)


def test_wrong_zoom_is_a_400_that_names_it(client):
    answers = [client.get(DATA, {} if zoom is None else {"zoom": zoom}) for zoom in ZOOMS]
    assert {answer.status_code for answer in answers} == {400}
    wanted = {"errors": {"zoom": ["« zoom » est un nombre entier de 0 à 20."]}}
    assert [plain(answer.json()) for answer in answers] == [wanted] * len(ZOOMS)


def test_faults_of_filter_and_view_are_said_together(client):
    response = client.get(DATA, {"bbox": "x", "zoom": "x", "mode": "x"})
    assert plain(response.json()) == {
        "errors": {
            "mode": [unknown("Mode", "x")],
            "bbox": [BOX.format("x")],
            "zoom": ["« zoom » est un nombre entier de 0 à 20."],
        }
    }


NO_SUCH_ADDRESS = (
    "/editions/1900/", "/editions/0/", "/editions/-1/", "/editions/abc/", f"/editions/{'9' * 30}/",
    f"/editions/{'9' * 5000}/", "/editions/2024/", "/evenements/2025/inconnu/", "/evenements/2025/%00/",
    f"/evenements/{'9' * 30}/visite-de-la-fonderie/", "/evenements/2024/visite-de-la-fonderie/",
    "/evenements/2025/visite-de-la-fonderie/%0d%0aSet-Cookie:x/", "/evenements/2025/inconnu.ics",
    "/evenements/2025/..%2f..%2fetc/", "/%ff%fe/", "/<script>alert(1)</script>/",
)  # fmt: skip


def test_unknown_address_is_a_french_404(client):
    factories.edition(2024, is_published=False)
    for path in NO_SUCH_ADDRESS:
        response = client.get(path)
        assert (path, response.status_code, heading(response)) == (path, 404, ["Cette page n’existe pas"])
        assert ActiveContent(response.content.decode()).found == []


def test_public_page_is_only_read(client):
    paths = (*PUBLIC_PAGES, "/evenements/2025/visite-de-la-fonderie/")
    answers = {path: client.post(path, {"q": "x", "zoom": "5"}) for path in paths}
    found = {path: (each.status_code, each.headers.get("Allow")) for path, each in answers.items()}
    assert found == dict.fromkeys(paths, (405, "GET, HEAD"))


def test_post_from_elsewhere_to_a_public_page_is_refused_in_french():
    client = Client(enforce_csrf_checks=True)
    for path in PUBLIC_PAGES:
        response = client.post(path, {"q": "x"})
        assert (response.status_code, heading(response)) == (
            403,
            ["Nous n’avons pas pu enregistrer votre envoi"],
        )


def test_thousands_of_filters_are_refused_in_french(client):
    for path in ("/programme/", DATA):
        response = client.get(path, {"public": ["scolaires"] * 2000, "zoom": "5"})
        assert (response.status_code, heading(response)) == (400, [NOT_UNDERSTOOD])


@pytest.mark.parametrize(
    "path", ["/programme/", "/carte/", "/programme.csv", "/programme.ics", "/programme.atom"]
)
def test_lone_surrogate_in_a_filter_is_dropped_or_refused(client, path):
    """A charset that Python knows and no browser sends makes what UTF-8 cannot write."""
    client.raise_request_exception = False
    names = ("q", "mode", "du", "page", "pirate")
    kind = {"CONTENT_TYPE": "text/plain; charset=unicode_escape"}
    answers = {name: client.get(f"{path}?{name}=%5Cud800", **kind).status_code for name in names}
    assert [name for name, status in answers.items() if status not in (200, 400)] == []


def test_bytes_that_are_no_utf8_are_words_like_others(client):
    response = client.get("/programme/?q=%ff%fe%ed%a0%80")
    assert (response.context["errors"], response.context["results"].cards) == ([], [])


# The referent's queue.


@pytest.fixture
def agent(client):
    agent = factories.national()
    sign_in(client, agent)
    return agent


def shown(response):
    return sorted(event.title for event in response.context["cl"].result_list)


EVERYTHING = ["Atelier de soudure", "Conférence", "Visite de la fonderie"]


@pytest.mark.parametrize(
    ("name", "label"), [("statut", "Statut"), ("departement", "Département"), ("nature", "Nature")]
)
def test_wrong_filter_of_the_queue_is_said_and_shows_nothing(client, agent, name, label):
    for value in ("pirate", "draft", "\0", SCRIPT, "x" * 3000):
        response = client.get(QUEUE, {name: value})
        assert shown(response) == []
        assert [plain(str(message)) for message in response.context["messages"]] == [unknown(label, value)]
        assert ActiveContent(response.content.decode()).found == []


LOOKUPS = (
    "organization__memberships__user=1", "created_by__password__startswith=m", "edition__year=abc",
    "title__regex=(", "title__contains=%00", "contact_email__startswith=c", "audience_codes=abc",
    "created_at__year=99999999", "tile_x__range=1", "due_on=abc", "creation_key=abc", "version=" + "9" * 20,
    "status=draft", "office__isnull=7", "search=a", "pirate=1", "_to_field=organization", "_to_field=pirate",
)  # fmt: skip


def test_lookups_in_the_address_of_the_queue_are_refused(client, agent):
    client.raise_request_exception = False
    answers = {query: client.get(f"{QUEUE}?{query}") for query in LOOKUPS}
    assert {query: (each.status_code, heading(each)) for query, each in answers.items()} == {
        query: (400, [NOT_UNDERSTOOD]) for query in LOOKUPS
    }


ODD_ORDERS = (
    "o=999.-5", "o=abc", "o=", "o=-1.-1.-1", "p=abc", "p=-1", "p=" + "9" * 30, "all=", "all=%00", "e=1",
    "_facets=1", "_popup=1", "_to_field=id", "q=", "q=%00",
)  # fmt: skip


def test_odd_order_and_page_of_the_queue_show_it_whole(client, agent):
    answers = {query: shown(client.get(f"{QUEUE}?statut=tous&{query}")) for query in ODD_ORDERS}
    assert answers == dict.fromkeys(ODD_ORDERS, EVERYTHING)


def test_odd_words_in_the_search_of_the_queue_are_words(client, agent):
    words = ("%", "_", "\\", "'x", SCRIPT, "x" * 5000)
    assert {each: shown(client.get(QUEUE, {"q": each, "statut": "tous"})) for each in words} == {
        each: [] for each in words
    }
    assert ActiveContent(client.get(QUEUE, {"q": SCRIPT}).content.decode()).found == []


def test_thousands_of_words_in_the_search_of_the_queue_are_cut_short(client, agent):
    with CaptureQueriesContext(connection) as queries:
        assert shown(client.get(QUEUE, {"q": "e " * 1000, "statut": "tous"})) == EVERYTHING
    assert max(len(query["sql"]) for query in queries.captured_queries) < 50_000


def test_odd_words_in_the_admin_completion_find_nothing(client, agent):
    source = {"app_label": "events", "model_name": "decision", "field_name": "event"}
    for term in ("'x", SCRIPT, "x" * 5000, "\0"):
        response = client.get("/admin/autocomplete/", source | {"term": term})
        found = sorted(each["text"] for each in response.json()["results"])
        assert found == (EVERYTHING if term == "\0" else [])


ODD_NUMBERS = ("abc", "-1", "0", "9" * 30, "9" * 5000, "1%00", quote(SCRIPT, safe=""), "1_5F2")


def test_odd_number_of_an_event_in_the_admin_is_a_404(client, agent):
    # What Python reads as the number of an event is not its address: here "0_7" of event 7.
    for number in (*ODD_NUMBERS, f"0_5F{factories.submitted().pk}"):
        for action in ("change", "delete", "history", "examiner"):
            response = client.get(f"{QUEUE}{number}/{action}/", follow=True)
            assert (number, response.status_code, heading(response)) == (
                number,
                404,
                ["Cette page n’existe pas"],
            )
