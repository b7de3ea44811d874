"""Nothing found: what to change, and how many events each change truly shows."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache

from events import workflow
from events.enums import TermKind
from events.models import Term
from tests import factories
from tests.events.form_pages import plain

pytestmark = pytest.mark.django_db
PATH = "/programme/"
AT = datetime(2025, 11, 10, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _programme(db):
    """Three visits of a foundry in Belfort, one welding workshop in Lille; nothing else."""
    for code in ("visite", "atelier"):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=code.capitalize())
    factories.department("02")
    for number in range(3):
        factories.labelled(title=f"Visite {number}", summary="La fonderie.", topic_codes=[])
    factories.labelled(
        title="Soudure à l’arc",
        summary="Découverte des métiers de la métallurgie.",
        commune_code="59350",
        format_code="atelier",
        accessibility_codes=["mi"],
    )
    with time_machine.travel(AT, tick=False):
        yield


def offered(client, query: str) -> dict[str, int]:
    """Return {words: number} of what an empty list offers, each followed to count what it shows."""
    cache.clear()
    context = client.get(f"{PATH}?{query}").context
    assert context["results"].count == 0
    found = {}
    for link in context["suggestions"]:
        words, number = re.fullmatch(r"(.+) : (\d+) événements?", plain(link.label)).groups()
        # A page that is kept tells no context.
        cache.clear()
        led = client.get(link.url).context
        assert (led["errors"], led["results"].messages) == ([], [])
        assert (words, led["results"].count) == (words, int(number))
        found[words] = int(number)
    return found


def test_each_filter_is_offered_without_it_with_its_number(client):
    assert offered(client, "departement=90&nature=atelier") == {
        "Sans le filtre « Atelier »": 3,
        "Partout en France": 1,
    }


def test_most_fruitful_change_comes_first(client):
    assert list(offered(client, "departement=90&nature=atelier")) == [
        "Sans le filtre « Atelier »",
        "Partout en France",
    ]
    assert list(offered(client, "departement=59&nature=visite")) == [
        "Partout en France",
        "Sans le filtre « Visite »",
    ]


def test_both_days_are_left_together(client):
    assert offered(client, "du=2025-11-12&au=2025-11-13&departement=90") == {"Les autres jours": 3}
    assert offered(client, "jour=aujourdhui&passes=oui") == {"Les autres jours": 4}


def test_change_that_shows_nothing_is_not_offered(client):
    assert offered(client, "departement=02&nature=atelier&public=etudiants") == {}
    assert offered(client, "departement=90&nature=atelier&public=etudiants") == {}


def test_wider_circle_is_offered_when_it_holds_something(client):
    factories.commune("02738")
    query = "pres=02738&rayon=30&tri=distance"
    assert offered(client, query) == {"Partout en France": 4}
    factories.commune("93066")
    factories.labelled(title="Visite à Saint-Denis", commune_code="93066")
    near_paris = "pres=49.4,2.8&rayon=30&tri=distance"
    assert offered(client, near_paris) == {"Jusqu’à 100 km": 1, "Partout en France": 5}


def test_circle_of_100_km_has_no_wider_one(client):
    factories.commune("02738")
    assert offered(client, "pres=02738&rayon=100") == {"Partout en France": 4}


def test_over_events_are_no_suggestion(client):
    factories.labelled(title="Passée", commune_code="02738", slots=[factories.slot("2025-11-03")])
    assert offered(client, "departement=02&nature=atelier") == {"Partout en France": 1}
    assert offered(client, "departement=02&nature=atelier&passes=oui") == {
        "Partout en France": 1,
        "Sans le filtre « Atelier »": 1,
    }


# What is typed, what is offered, and how many events that shows.
TYPOS = {
    "fondrie": ("fonderie", 4),
    "Fonderi": None,
    "belfrt": ("belfort", 3),
    "Bellfort": ("belfort", 3),
    "saudure": ("soudure", 1),
    "SODURE": ("soudure", 1),
    "visitte fondrie": ("visite fonderie", 3),
    "soudrue lille": ("soudure lille", 1),
    "soudrue": ("soudure", 1),
}


def test_misspelt_word_offers_the_nearest_of_the_programme(client):
    """An organizer of `factories` is a « Fonderie »."""
    for typed, wanted in TYPOS.items():
        if wanted is None:
            assert client.get(PATH, {"q": typed}).context["results"].count == 4
            continue
        words, number = wanted
        found = offered(client, f"q={typed}")
        assert found == {f"Essayez « {words} »": number, f"Sans les mots « {typed} »": 4}
        assert next(iter(found)) == f"Essayez « {words} »"


def test_accents_need_no_suggestion(client):
    for typed in ("metallurgie", "Métallurgie", "mètallurgie", "decouverte", "SOUDURE A L’ARC"):
        assert (typed, client.get(PATH, {"q": typed}).context["results"].count) == (typed, 1)


def test_misspelt_word_is_offered_among_the_other_filters(client):
    assert offered(client, "q=saudure&departement=59") == {
        "Essayez « soudure »": 1,
        "Sans les mots « saudure »": 1,
    }
    # The right word would find nothing in this département.
    assert offered(client, "q=saudure&departement=90") == {"Sans les mots « saudure »": 3}


def test_word_unlike_any_other_offers_no_word(client):
    for typed in ("xylophone", "zz", "!!!", "🏭", "k", "'"):
        assert (typed, [*offered(client, f"q={typed}")]) == (typed, [f"Sans les mots « {typed} »"])


def hidden_events() -> dict[str, str]:
    """Write an event that the public does not see for each reason; return {reason: word that it alone holds}."""
    by, at = factories.national(), factories.NOW
    late = factories.edition(2024, is_published=False)
    slots = [factories.slot("2024-11-20")]
    given = {"by": by, "at": at, "comment": "Parce que."}
    factories.draft(title="Balkorine")
    factories.submitted(title="Druftonie")
    workflow.request_changes(factories.submitted(title="Glozubage"), **given)
    workflow.refuse(factories.submitted(title="Krimpaline"), rule="purpose", **given)
    workflow.withdraw(factories.labelled(title="Snabrodure"), **given)
    workflow.cancel(factories.submitted(title="Tramvukine"), **given)
    factories.draft(title="Vorkhanage", in_edition=late, slots=slots, at=at.replace(year=2024))
    return {
        "draft": "balkorine",
        "submitted": "druftonie",
        "changes requested": "glozubage",
        "refused": "krimpaline",
        "withdrawn": "snabrodure",
        "cancelled before its label": "tramvukine",
        "edition not published": "vorkhanage",
    }


def test_words_of_hidden_events_are_never_offered(client):
    for reason, word in hidden_events().items():
        typed = word[:4] + word[5:]
        response = client.get(PATH, {"q": typed})
        assert (reason, [plain(link.label) for link in response.context["suggestions"]]) == (
            reason,
            [f"Sans les mots « {typed} » : 4 événements"],
        )
        assert word not in response.content.decode().lower()


def test_word_of_a_labelled_event_is_offered(client):
    """The words above would be offered, were their events public."""
    factories.labelled(title="Balkorine")
    assert offered(client, "q=balkrine") == {"Essayez « balkorine »": 1, "Sans les mots « balkrine »": 5}


def test_word_of_another_edition_is_not_offered(client):
    past = factories.edition(2024)
    year_ago = factories.NOW.replace(year=2024)
    factories.labelled(title="Balkorine", in_edition=past, slots=[factories.slot("2024-11-20")], at=year_ago)
    assert offered(client, "q=balkrine") == {"Sans les mots « balkrine »": 4}
    assert offered(client, "q=balkrine&edition=2024") == {
        "Essayez « balkorine »": 1,
        "Sans les mots « balkrine »": 1,
    }


def test_word_of_an_over_event_is_offered_with_the_past_only(client):
    factories.labelled(title="Balkorine", slots=[factories.slot("2025-11-03")])
    assert offered(client, "q=balkrine") == {"Sans les mots « balkrine »": 4}
    assert offered(client, "q=balkrine&passes=oui") == {
        "Essayez « balkorine »": 1,
        "Sans les mots « balkrine »": 5,
    }


def test_wrong_filter_offers_nothing(client):
    for query in ("nature=zz", "q=saudure&nature=zz", "departement=90&du=demain", "pres=Atlantide&q=visite"):
        context = client.get(f"{PATH}?{query}").context
        assert (query, context["results"].count, context["suggestions"]) == (query, 0, [])
        assert len(context["errors"]) == 1


def test_found_events_need_no_suggestion(client):
    assert client.get(f"{PATH}?q=fonderie").context["suggestions"] == []


def test_two_places_are_told_apart(client):
    assert offered(client, "departement=59&region=27") == {
        "Sans le filtre « Nord (59) »": 3,
        "Sans le filtre « Bourgogne-Franche-Comté »": 1,
    }


def test_small_words_are_left_as_they_are(client):
    factories.labelled(title="La robotique")
    words = "Essayez « l atelier de robotique »"
    factories.labelled(title="L’atelier de robotique", commune_code="02738")
    assert offered(client, "q=l’atelier de robotiqe")[words] == 1
