"""French text: the keys by which names are sorted and compared, and how French counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semaine import text
from tests.properties import patient

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Évry-Courcouronnes", "evry courcouronnes"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Œuilly", "oeuilly"),
        ("LÆR", "laer"),
        ("  Ça   va ", "ca va"),
        ("Saint-Étienne-de-Tinée", "saint etienne de tinee"),
        ("E\u0301vry", "evry"),
        ("№ 5, Forge™", "no 5 forgetm"),
        ("", ""),
        ("–", ""),
        ("🏭", ""),
    ],
)
def test_sort_key_has_neither_accent_nor_case_nor_punctuation(name, key):
    assert text.sort_key(name) == key


def test_sort_key_puts_evry_before_zuydcoote():
    names = ["Zuydcoote", "Évry", "Étampes", "Eu"]
    assert sorted(names, key=text.sort_key) == ["Étampes", "Eu", "Évry", "Zuydcoote"]


@patient
@given(st.text())
def test_sort_key_of_a_key_is_itself(name):
    assert text.sort_key(text.sort_key(name)) == text.sort_key(name)


@pytest.mark.parametrize(
    "name",
    [
        "ST ETIENNE CEDEX 2",
        "Saint-Étienne",
        "St-Étienne",
        "saint etienne cedex",
        "St. Etienne",
        "ST ETIENNE CEDEX 02",
    ],
)
def test_place_key_of_one_town_is_one_key(name):
    assert text.place_key(name) == "saint etienne"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ste-Marie", "sainte marie"),
        ("Bourg-St-Maurice", "bourg saint maurice"),
        ("Stains", "stains"),
        ("Brest", "brest"),
        ("Cedex", ""),
        ("Saint-Pierre-et-Miquelon", "saint pierre et miquelon"),
        ("Saint-Pierre et Miquelon", "saint pierre et miquelon"),
    ],
)
def test_place_key_writes_saints_out_and_leaves_other_words(name, key):
    assert text.place_key(name) == key


@pytest.mark.parametrize(
    ("words", "last", "sentence"),
    [
        ([], "et", ""),
        (["a"], "et", "a"),
        (["a", "b"], "et", "a et b"),
        (["a", "b", "c"], "et", "a, b et c"),
        (["59000", "59800"], "ou", "59000 ou 59800"),
        ((each for each in "abc"), "et", "a, b et c"),
    ],
)
def test_join_words_joins_the_last_one(words, last, sentence):
    assert text.join_words(words, last) == sentence


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, f"0{NBSP}événement"),
        (1, f"1{NBSP}événement"),
        (2, f"2{NBSP}événements"),
        (7400, f"7{NBSP}400{NBSP}événements"),
        (5_600_000, f"5{NBSP}600{NBSP}000{NBSP}événements"),
    ],
)
def test_count_agrees_as_french_does(number, words):
    assert text.count(number, "événement") == words


def test_count_takes_a_plural_of_its_own():
    assert [text.count(number, "lieu", "lieux") for number in (1, 2)] == [f"1{NBSP}lieu", f"2{NBSP}lieux"]


@patient
@given(st.integers(0, 10**12))
def test_thousands_loses_no_digit(number):
    assert text.thousands(number).replace(NBSP, "") == str(number)
