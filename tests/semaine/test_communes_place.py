"""The place that a person or an address means: `place`, and the sentences that help when it is unclear."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semaine.communes import Ambiguous, NearPoint, label, place, suggestions
from semaine.management.commands import load_territories
from semaine.models import Commune
from tests.properties import patient

pytestmark = pytest.mark.django_db

CODES = {
    "90010", "46023", "93066", "97411", "11339", "30247", "94038", "75056", "75115", "69123", "69383", "69003",
    "2A004", "16052", "58062", "58063", "70285", "70248", "70400",
}  # fmt: skip
SAINT_DENIS = ["97411", "93066", "11339", "30247"]


@pytest.fixture(autouse=True)
def _communes(db):
    load_territories.load(CODES)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def meant(typed: str, **options) -> str:
    """Return the code of the place, or what is said instead."""
    try:
        return place(typed, **options).code
    except ValidationError as error:
        return plain(error.message)


def test_place_knows_where_it_is():
    belfort = NearPoint(47.63859, 6.86283, "Belfort (90, Territoire de Belfort)", "90010")
    assert place("90010") == place("belfort") == belfort
    assert place("47.64,6.86") == NearPoint(47.64, 6.86, "47.64,6.86", "47.64,6.86")


def test_place_is_one_commune():
    found = {
        "90010": "90010",
        "90000": "90010",
        "90 000": "90010",
        "2A004": "2A004",
        "2a004": "2A004",
        "75015": "75056",
        "75115": "75115",
        "Belfort": "90010",
        "  BELFORT ": "90010",
        "Belfort (90)": "90010",
        "Belfort (Territoire de Belfort)": "90010",
        "Belfort (90, Territoire de Belfort)": "90010",
        "Belfort (90, Territoire de Belfort": "90010",
        "Belfort (90000, Territoire de Belfort)": "90010",
        "90000 Belfort": "90010",
        "Belfort 90000": "90010",
        "90008 BELFORT CEDEX": "90010",
        "Belfort du quer": "46023",
        "l’hay les roses": "94038",
        "lhay-les-roses": "94038",
        "Saint-Denis (974, La Réunion)": "97411",
        "st denis 93": "93066",
        "Saint-Denis (la reunion)": "97411",
        "97400 Saint-Denis": "97411",
        "ajaccio 2a": "2A004",
        "Paris (75)": "75056",
        "paris 15e": "75115",
        "Paris 15e Arrondissement (75, Paris)": "75115",
        "Lyon (69003, Rhône)": "69123",
        "Bors (Canton de Tude-et-Lavalette)": "16052",
        "Château-Chinon (Ville) (58, Nièvre)": "58062",
    }
    assert {typed: meant(typed) for typed in found} == found


def test_place_is_a_point():
    found = {
        "47.64,6.86": "47.64,6.86",
        " 47.64 , 6.86 ": "47.64,6.86",
        "-20.878971,55.448637": "-20.87897,55.44864",
        "47,6": "47,6",
        "90,-180": "90,-180",
        "-0.000001,0.00001": "0,0.00001",
    }
    assert {typed: meant(typed) for typed in found} == found
    assert [meant(code) for code in found.values()] == list(found.values())


def test_label_and_code_of_a_place_mean_it_again():
    places = [place(each.pk) for each in Commune.objects.all()]
    assert len(places) == len(CODES)
    assert [place(each.label) for each in places] == [place(each.code) for each in places] == places


def test_labels_with_a_postal_code_mean_their_commune():
    assert {
        label(each, code): meant(label(each, code))
        for each in Commune.objects.filter(parent=None)
        for code in each.postal_codes
    } == {
        label(each, code): each.pk
        for each in Commune.objects.filter(parent=None)
        for code in each.postal_codes
    }


def test_number_that_is_two_codes_is_the_one_that_is_asked_first():
    """69003 is the INSEE code of Albigny-sur-Saône and a postal code of Lyon, 70400 of Ouge and of Héricourt."""
    assert (meant("69003"), meant("69003", code_first=False)) == ("69003", "69123")
    assert (meant("70400"), meant("70400", code_first=False)) == (
        "70400",
        "Le code postal 70400 est celui de 2 communes. Choisissez la vôtre.",
    )
    assert (meant("90010", code_first=False), meant("90000")) == ("90010", "90010")


@pytest.mark.parametrize(
    ("typed", "codes", "sentence"),
    [
        ("saint denis", SAINT_DENIS, "Plusieurs communes s’appellent « Saint-Denis ». Choisissez la vôtre."),
        (
            "Saint-Denis (75)",
            SAINT_DENIS,
            "Nous ne trouvons pas la commune « Saint-Denis (75) ». Voici ce qui y ressemble.",
        ),
        (
            "belf",
            ["90010", "46023"],
            "Nous ne trouvons pas la commune « belf ». Voici ce qui y ressemble.",
        ),
        (
            "Belfort (Lozère)",
            ["90010"],
            "Nous ne trouvons pas la commune « Belfort (Lozère) ». Voici ce qui y ressemble.",
        ),
        ("Paris 15", ["75056"], "Nous ne trouvons pas la commune « Paris 15 ». Voici ce qui y ressemble."),
        (
            "château-chinon",
            ["58062", "58063"],
            "Nous ne trouvons pas la commune « château-chinon ». Voici ce qui y ressemble.",
        ),
        ("70400", ["70285", "70248"], "Le code postal 70400 est celui de 2 communes. Choisissez la vôtre."),
    ],
)
def test_place_asks_which_one(typed, codes, sentence):
    with pytest.raises(Ambiguous) as raised:
        place(typed, code_first=False)
    assert plain(raised.value.message) == sentence
    assert [code for code, _ in raised.value.choices] == codes
    assert [place(code).label for code in codes] == [text for _, text in raised.value.choices]


NO_POSTAL_CODE = "« {} » n’est pas un code postal : il compte 5 chiffres, par exemple 90000."
NOTHING = "Écrivez le nom d’une commune ou son code postal, par exemple Belfort ou 90000."
NO_POINT = (
    "« {} » n’est pas un point : écrivez sa latitude, une virgule et sa longitude, avec des points pour les "
    "décimales, par exemple 47.64,6.86."
)
NOT_ON_EARTH = (
    "« {} » n’est pas un point de la Terre : la latitude va de -90 à 90, la longitude de -180 à 180."
)
UNKNOWN = (
    "Nous ne trouvons pas la commune « {} ». Vérifiez son nom, ou écrivez son code postal, par exemple 90000."
)


def test_wrong_place_is_said_with_its_cure():
    found = {
        "": NOTHING,
        " \0\n": NOTHING,
        "47,64,6,86": NO_POINT,
        "47.64;6.86,": NO_POINT,
        ",": NO_POINT,
        "٤٧,٦": NO_POINT,
        "90.1,6": NOT_ON_EARTH,
        "47.64,-181": NOT_ON_EARTH,
        "9000": NO_POSTAL_CODE,
        "(90)": NO_POSTAL_CODE,
        "99999": "Nous ne connaissons pas le code « {} ». Vérifiez-le, ou écrivez le nom de la commune.",
        "Zuydcoote": UNKNOWN,
        "1e3,5": UNKNOWN,
        "nan,inf": UNKNOWN,
        "%": UNKNOWN,
    }
    assert {typed: meant(typed) for typed in found} == {
        typed: sentence.format(typed) for typed, sentence in found.items()
    }


def test_long_place_is_said_in_short():
    assert meant("x" * 5000) == UNKNOWN.format("x" * 60)
    assert meant("9" * 5000).startswith(f"« {'9' * 60} » n’est pas")


@pytest.mark.parametrize(
    ("typed", "queries"),
    [("47.64,6.86", 0), ("69003", 1), ("saint denis", 1), ("Belfort (90)", 1), ("belf", 2), ("Zuydcoote", 2)],
)
def test_place_costs_two_queries_at_most(django_assert_num_queries, typed, queries):
    with django_assert_num_queries(queries):
        meant(typed)


PIECES = st.sampled_from(
    [
        "Saint-Denis",
        "belf",
        "90000",
        "2A",
        "(",
        ")",
        ",",
        " ",
        "47.64",
        "-",
        "\0",
        "%",
        "'",
        "st",
        "cedex",
        "٩",
    ]
)


@settings(patient, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=20) | st.lists(PIECES, max_size=6).map("".join), st.booleans())
def test_any_text_is_a_place_or_a_sentence(typed, code_first):
    suggestions(typed)
    with suppress(ValidationError):
        found = place(typed, code_first=code_first)
        assert [place(found.label), place(found.code)] == [found, found]
