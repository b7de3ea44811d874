"""The addresses around a filter state: what each changes, and what it leaves."""

from html import escape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import QueryDict

from events import links
from events.enums import AttendanceMode, TermKind
from events.filters import ProgrammeFilter
from events.models import Event, Term
from tests import factories
from tests.events.form_pages import SCRIPT, ActiveContent, plain

pytestmark = pytest.mark.django_db
PATH = "/programme/"


@pytest.fixture(autouse=True)
def _frame():
    for code in ("visite", "atelier"):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=code.capitalize())
    for code in ("90010", "59350", "93066", "97411"):
        factories.commune(code)
    factories.labelled(title="Visite")
    Event.objects.update(organizer_name="Fonderie")
    with time_machine.travel(factories.NOW, tick=False):
        yield


def asked(query: str) -> ProgrammeFilter:
    edition = factories.edition()
    return ProgrammeFilter(QueryDict(query), Event.objects.public(), edition=edition, at=factories.NOW)


def tags(query: str) -> dict[str, str]:
    return {plain(tag.label): tag.url for tag in links.tags(asked(query), PATH)}


# One filter each: the query, its words, and what stays of « public=jeunes » with it once it is removed.
TAGS = {
    "q=visite": "« visite »",
    "region=27": "Bourgogne-Franche-Comté",
    "departement=90": "Territoire de Belfort (90)",
    "commune=90010": "Belfort",
    "pres=90010": "À moins de 30 km de Belfort (90, Territoire de Belfort)",
    "pres=90010&rayon=50": "À moins de 50 km de Belfort (90, Territoire de Belfort)",
    "pres=90010&tri=distance": "À moins de 30 km de Belfort (90, Territoire de Belfort)",
    "pres=47.5,7.2": "À moins de 30 km de 47.5,7.2",
    "du=2025-11-20": "À partir du jeudi 20 novembre",
    "au=2025-12-01": "Jusqu’au lundi 1er décembre",
    "jour=week-end": "Ce week-end",
    "nature=visite": "Visite",
    "mode=en-ligne": "En ligne",
    "acces=libre": "Entrée libre",
    "accessibilite=mi": "Handicap moteur",
    "passes=oui": "Événements terminés",
    "bbox=5,47,8,48": "Zone de la carte",
}


def test_tag_says_its_filter_and_removes_it_alone():
    assert {query: tags(query) for query in TAGS} == {query: {words: PATH} for query, words in TAGS.items()}
    beside = {query: tags(f"{query}&public=jeunes")[words] for query, words in TAGS.items()}
    assert beside == dict.fromkeys(TAGS, f"{PATH}?public=jeunes")


def test_tag_of_an_organizer_bears_its_name():
    organization = Event.objects.get().organization
    assert tags(f"organisateur={organization.slug}") == {organization.name: PATH}


def test_each_value_has_its_own_tag():
    assert tags("nature=visite&nature=atelier") == {
        "Visite": f"{PATH}?nature=atelier",
        "Atelier": f"{PATH}?nature=visite",
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("du=2025-11-20&du=2025-11-20", "À partir du jeudi 20 novembre"),
        ("du=2025-11-18&du=2025-11-20", "À partir du jeudi 20 novembre"),
        ("du=zz&du=20/11/2025", "À partir du jeudi 20 novembre"),
        ("q=visite&q=fonderie", "« fonderie »"),
        ("jour=demain&jour=week-end", "Ce week-end"),
        ("pres=59350&pres=90010", "À moins de 30 km de Belfort (90, Territoire de Belfort)"),
        ("nature=visite&nature=visite", "Visite"),
        ("departement=90&departement=90", "Territoire de Belfort (90)"),
    ],
)
def test_value_given_twice_has_one_tag_that_removes_it(query, words):
    found = links.tags(asked(f"{query}&public=jeunes"), PATH)
    [tag] = [each for each in found if plain(each.label) not in tags("public=jeunes")]
    assert (plain(tag.label), tag.url) == (words, f"{PATH}?public=jeunes")


def test_last_day_given_is_the_one_that_counts(client):
    factories.labelled(title="Après", slots=[factories.slot("2025-11-26")])
    page = client.get(f"{PATH}?du=2025-11-18&du=2025-11-25")
    assert [card.title for card in page.context["results"].cards] == ["Après"]
    assert client.get(f"{PATH}?du=2025-11-25&du=").context["tags"] == []


def test_tag_of_a_day_leaves_the_other_day():
    assert tags("du=2025-11-18&au=2025-11-20") == {
        "À partir du mardi 18 novembre": f"{PATH}?au=2025-11-20",
        "Jusqu’au jeudi 20 novembre": f"{PATH}?du=2025-11-18",
    }


def test_tag_leaves_edition_and_order_and_returns_to_the_first_page():
    assert tags("edition=2025&q=visite&tri=pertinence&jour=demain&page=3") == {
        "« visite »": f"{PATH}?edition=2025&jour=demain",
        "Demain": f"{PATH}?edition=2025&q=visite&tri=pertinence",
    }


def test_tag_of_words_leaves_an_order_by_distance():
    found = tags("q=visite&pres=90010&rayon=50&tri=distance")
    assert found["« visite »"] == f"{PATH}?pres=90010&rayon=50&tri=distance"


def test_tag_of_a_place_leaves_an_order_by_relevance():
    found = tags("q=visite&pres=90010&rayon=50&tri=pertinence")
    assert (
        found["À moins de 50 km de Belfort (90, Territoire de Belfort)"] == f"{PATH}?q=visite&tri=pertinence"
    )


def test_empty_values_of_the_form_have_no_tag():
    assert tags("q=&region=&ou=&rayon=30&jour=&du=&au=&edition=2025&tri=date") == {}


def test_wrong_value_has_a_tag_that_removes_it():
    found = tags("nature=zz&region=27&du=demain")
    assert found == {
        "Bourgogne-Franche-Comté": f"{PATH}?nature=zz&du=demain",
        "Du : demain": f"{PATH}?nature=zz&region=27",
        "Nature : zz": f"{PATH}?region=27&du=demain",
    }


def every_link(query: str) -> dict[str, str]:
    """Return {words: address} of all that leads from a state to another."""
    filterset = asked(query)
    found = [*links.tags(filterset, PATH), *links.orders(filterset, PATH)]
    return {plain(link.label): link.url for link in found}


def test_addresses_keep_odd_words_whole():
    for words in ("q=a%26b%3Dc%23d", "q=%22caf%C3%A9+noir%22", "q=a%2Bb+c"):
        links_out = [*every_link(f"{words}&nature=visite").values(), links.online(QueryDict(words), PATH)]
        kept = [query for query in (parse_qs(urlsplit(each).query) for each in links_out) if "q" in query]
        assert len(kept) == 4
        assert [query["q"] for query in kept] == [parse_qs(words)["q"]] * 4


# White space, and what cannot be printed, is no filter.
@pytest.mark.parametrize("name", ["q", "pres", "organisateur"])
def test_blank_value_is_no_filter(name):
    blanks = ("%20", "%00", "%C2%A0", "%20%09")
    assert {blank: tags(f"{name}={blank}") for blank in blanks} == {blank: {} for blank in blanks}


def test_hostile_values_are_words_in_the_page(client):
    names = ("q", "region", "pres", "du", "nature", "organisateur", "bbox", "tri", "edition", "jour")
    for name in names:
        page = client.get(PATH, {name: SCRIPT, "nature": "visite"}).content.decode()
        assert ActiveContent(page).found == []
    page = client.get(PATH, {"q": SCRIPT}).content.decode()
    assert escape(SCRIPT) in page


def test_cleared_leaves_the_edition_only():
    query = "edition=2025&q=visite&region=27&page=2&tri=pertinence&passes=oui"
    assert links.cleared(asked(query), PATH) == f"{PATH}?edition=2025"
    assert links.cleared(asked("q=visite&edition="), PATH) == PATH


def test_cleared_leaves_a_wrong_edition_too(client):
    """No tag stands for it: without this, nothing on the page would lead out of the error."""
    factories.labelled()
    context = client.get(f"{PATH}?edition=1999&q=visite").context
    assert (context["results"].count, len(context["errors"])) == (0, 1)
    assert client.get(context["cleared"]).context["errors"] == []


def orders(query: str) -> list[tuple[str, str, bool]]:
    return [(link.label, link.url, link.current) for link in links.orders(asked(query), PATH)]


def test_orders_are_those_that_the_state_allows():
    assert orders("region=27") == orders("tri=distance") == orders("tri=pertinence") == []
    assert orders("pres=90010&page=2") == [
        ("Par date", f"{PATH}?pres=90010&tri=date", True),
        ("Par distance", f"{PATH}?pres=90010&tri=distance", False),
    ]
    assert orders("q=visite&tri=pertinence") == [
        ("Par date", f"{PATH}?q=visite&tri=date", False),
        ("Par pertinence", f"{PATH}?q=visite&tri=pertinence", True),
    ]
    assert [link[0] for link in orders("q=visite&pres=90010")] == [
        "Par date",
        "Par distance",
        "Par pertinence",
    ]


# A typed place, what else is in the address, and where it leads.
TYPED = {
    "ou=Belfort": "pres=90010",
    "ou=belfort&rayon=50&q=visite": "pres=90010&q=visite&rayon=50",
    "ou=59800": "pres=59350",
    "ou=47.5,7.2": "pres=47.5%2C7.2",
    "ou=Belfort&pres=59350": "pres=90010",
    "ou=Saint-Denis+(974,+La+R%C3%A9union)": "pres=97411",
    "ou=Belfort&q=&jour=&region=&region=27": "pres=90010&region=27",
    "ou=&rayon=30": "",
    "ou=&rayon=30&tri=distance&q=a": "q=a",
    "ou=&pres=90010&rayon=30&nature=visite": "nature=visite",
    "ou=Belfort&nature=zz": "nature=zz&pres=90010",
}


@pytest.mark.parametrize("path", ["/programme/", "/carte/", "/editions/2025/"])
def test_typed_place_leads_to_its_code(client, path):
    for query, wanted in TYPED.items():
        response = client.get(f"{path}?{query}")
        led = urlsplit(response["Location"])
        assert (query, response.status_code, led.path) == (query, 302, path)
        assert parse_qs(led.query) == parse_qs(wanted)
        assert client.get(response["Location"]).status_code == 200


def test_unclear_place_asks_which_one(client):
    response = client.get(f"{PATH}?ou=Saint-Denis&rayon=50&page=2")
    assert response.status_code == 200
    assert sorted((plain(link.label), link.url) for link in response.context["questions"]) == [
        ("Saint-Denis (93, Seine-Saint-Denis)", f"{PATH}?rayon=50&pres=93066"),
        ("Saint-Denis (974, La Réunion)", f"{PATH}?rayon=50&pres=97411"),
    ]


def test_address_without_typed_place_stays(client):
    assert links.canonical(asked("pres=90010&q="), PATH) == ""
    assert client.get(f"{PATH}?pres=90010&q=").status_code == 200


ONLINE = {
    "region=27": "mode=en-ligne",
    "departement=90&commune=90010&bbox=5,47,8,48": "mode=en-ligne",
    "pres=90010&rayon=50&public=scolaires": "public=scolaires&mode=en-ligne",
    "pres=90010&tri=distance&q=visite": "q=visite&mode=en-ligne",
    "pres=90010&tri=pertinence&q=visite": "q=visite&tri=pertinence&mode=en-ligne",
    "region=27&mode=sur-place&mode=en-ligne&page=2&edition=2025": "mode=en-ligne&edition=2025",
}


def test_online_keeps_all_but_the_place():
    for query, wanted in ONLINE.items():
        led = urlsplit(links.online(QueryDict(query), PATH))
        assert (led.path, parse_qs(led.query)) == (PATH, parse_qs(wanted))


def test_online_leads_to_as_many_events_as_it_says(client):
    for number in range(2):
        factories.labelled(
            title=f"En ligne {number}",
            commune_code=None,
            attendance_mode=AttendanceMode.ONLINE,
            online_url="https://example.org/",
            format_code="atelier" if number else "visite",
        )
    for query, number in (("region=27", 2), ("pres=90010&nature=visite", 1)):
        context = client.get(f"{PATH}?{query}").context
        assert (context["results"].count, context["results"].online) == (1, number)
        led = client.get(context["online_url"]).context
        assert (led["results"].count, led["results"].messages, led["errors"]) == (number, [], [])
