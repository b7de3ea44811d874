"""The commune decides: what was typed beside it must agree, and a human looks at what is doubtful."""

from dataclasses import replace
from math import degrees

import pytest

from events.eligibility import territory
from events.enums import Verdict
from events.facts import facts_of
from events.findings import EventFacts, Place
from semaine.geometry import EARTH_RADIUS_KM, distance_km
from semaine.models import Commune
from tests import factories

FAILED, REVIEW = Verdict.FAILED, Verdict.NEEDS_REVIEW
TERGNIER = Place("Tergnier", "Aisne", "02", "Hauts-de-France", ("02700",), 49.66, 3.3)
LILLE = Place("Lille", "Nord", "59", "Hauts-de-France", ("59000", "59800"), 50.63, 3.06)
CAYENNE = Place("Cayenne", "Guyane", "973", "Guyane", ("97300",), 4.94, -52.33)
AT_TERGNIER = EventFacts(place=TERGNIER, postal_code="02700")


def told(facts):
    return [(each.verdict, each.message, each.found, each.wanted, each.field) for each in territory(facts)]


def kept(facts):
    """The one finding of a territory where nothing is wrong."""
    (finding,) = territory(facts)
    return finding.verdict, finding.message


@pytest.mark.parametrize("typed", ["Saint-Pierre-et-Miquelon", "Saint-Pierre et Miquelon"])
def test_territory_published_for_tergnier_fails_and_names_the_aisne(typed):
    message = (
        f"Vous indiquez « {typed} », mais Tergnier se trouve dans le département « Aisne ». "
        "Corrigez la commune ou le territoire."
    )
    facts = replace(AT_TERGNIER, typed_department=typed)
    assert told(facts) == [(FAILED, message, typed, "Aisne", "city")]


@pytest.mark.parametrize("typed", ["Saint-Pierre-et-Miquelon", "Saint-Pierre et Miquelon"])
def test_territory_published_as_region_names_the_true_region(typed):
    message = (
        f"Vous indiquez « {typed} », mais Tergnier se trouve dans la région « Hauts-de-France ». "
        "Corrigez la commune ou le territoire."
    )
    facts = replace(AT_TERGNIER, typed_region=typed)
    assert told(facts) == [(FAILED, message, typed, "Hauts-de-France", "city")]


@pytest.mark.parametrize(
    ("department", "region"),
    [("", ""), ("Aisne", "Hauts-de-France"), ("AISNE", "hauts de france"), (" aisne ", "Hauts de-France")],
)
def test_territory_typed_otherwise_is_the_same_place(department, region):
    facts = replace(AT_TERGNIER, typed_department=department, typed_region=region)
    assert kept(facts) == (Verdict.PASSED, "Département de l’événement : Aisne (02).")


def test_territory_reports_department_and_region_apart():
    facts = replace(AT_TERGNIER, typed_department="Nord", typed_region="Bretagne")
    assert [(each.found, each.wanted) for each in territory(facts)] == [
        ("Nord", "Aisne"),
        ("Bretagne", "Hauts-de-France"),
    ]


@pytest.mark.parametrize("code", ["", "59000", "59800"])
def test_postal_code_of_the_commune_passes(code):
    facts = EventFacts(place=LILLE, postal_code=code)
    assert kept(facts) == (Verdict.PASSED, "Département de l’événement : Nord (59).")


def test_postal_code_of_another_commune_fails_and_names_it():
    facts = EventFacts(place=LILLE, postal_code="02700", postal_code_communes=("Tergnier",))
    message = (
        "Le code postal 02700 désigne Tergnier, alors que Lille a 59000 ou 59800. Corrigez l’un ou l’autre."
    )
    assert told(facts) == [(FAILED, message, "02700", "59000 ou 59800", "postal_code")]


def test_postal_code_of_several_communes_names_three():
    others = ("Amigny-Rouy", "Fargniers", "Liez", "Mennessis")
    facts = EventFacts(place=LILLE, postal_code="02700", postal_code_communes=others)
    message = (
        "Le code postal 02700 désigne Amigny-Rouy, Fargniers et Liez, alors que Lille a 59000 ou 59800. "
        "Corrigez l’un ou l’autre."
    )
    assert [each.message for each in territory(facts)] == [message]


@pytest.mark.parametrize("code", ["59777", "99999", "🏭"])
def test_postal_code_unknown_or_cedex_needs_review(code):
    facts = EventFacts(place=LILLE, postal_code=code)
    message = f"Le code postal {code} est inconnu ou un CEDEX : le référent vérifiera le lieu."
    assert told(facts) == [(REVIEW, message, code, "59000 ou 59800", "postal_code")]


def northward(place: Place, km: float) -> EventFacts:
    there = place.latitude + degrees(km / EARTH_RADIUS_KM)
    return EventFacts(place=place, latitude=there, longitude=place.longitude)


@pytest.mark.parametrize(
    ("place", "km", "expected"),
    [
        (LILLE, 0, Verdict.PASSED),
        (LILLE, 19.99, Verdict.PASSED),
        (LILLE, 20.01, REVIEW),
        (CAYENNE, 20.01, Verdict.PASSED),
        (CAYENNE, 99.99, Verdict.PASSED),
        (CAYENNE, 100.01, REVIEW),
    ],
)
def test_distance_from_the_commune_allows_twenty_km_and_a_hundred_in_guyane(place, km, expected):
    assert [each.verdict for each in territory(northward(place, km))] == [expected]


@pytest.mark.parametrize(
    ("place", "km", "message", "wanted"),
    [
        (LILLE, 35, "Le point sur la carte est à 35 km du centre de la commune (Lille).", "20 km au plus"),
        (
            CAYENNE,
            140,
            "Le point sur la carte est à 140 km du centre de la commune (Cayenne).",
            "100 km au plus",
        ),
    ],
)
def test_distance_message_says_found_and_wanted(place, km, message, wanted):
    assert told(northward(place, km)) == [(REVIEW, message, f"{km} km", wanted, "city")]


@pytest.mark.parametrize(
    "facts",
    [
        EventFacts(place=LILLE),
        EventFacts(place=LILLE, latitude=0),
        EventFacts(place=replace(LILLE, latitude=None, longitude=None), latitude=0, longitude=0),
    ],
)
def test_distance_unknown_is_no_doubt(facts):
    assert kept(facts) == (Verdict.PASSED, "Département de l’événement : Nord (59).")


@pytest.mark.parametrize(
    ("first", "second", "km"),
    [
        ((48.8566, 2.3522), (48.8566, 2.3522), 0),
        ((0, 0), (0, 90), 10008),
        ((0, 179.9), (0, -179.9), 22),
        ((90, 0), (-90, 0), 20015),
    ],
)
def test_distance_km_follows_the_great_circle(first, second, km):
    assert round(distance_km(*first, *second)) == km


@pytest.mark.django_db
def test_facts_name_the_commune_of_a_typed_postal_code():
    factories.commune("02738")
    event = factories.draft(commune_code="59350", postal_code="02700")
    assert facts_of(event).postal_code_communes == ("Tergnier",)
    assert [each.found for each in territory(facts_of(event))] == ["02700"]


@pytest.mark.django_db
def test_facts_leave_the_commune_of_a_right_postal_code():
    lille = factories.commune("59350")
    Commune.objects.filter(pk="90010").update(postal_codes=["59000"])
    event = factories.draft(commune_code="59350", postal_code=lille.postal_codes[1])
    assert facts_of(event).postal_code_communes == ()


@pytest.mark.django_db
def test_facts_name_the_arrondissement_s_commune_once():
    marseille = factories.commune("59350")
    whole = {"place_key": "x", "department": marseille.department, "postal_codes": ["13001"], "sort_key": "x"}
    city = Commune.objects.create(code="13055", name="Marseille", timezone="Europe/Paris", **whole)
    Commune.objects.create(
        code="13201", name="Marseille 1er Arrondissement", timezone="Europe/Paris", parent=city, **whole
    )
    event = factories.draft(commune_code="90010", postal_code="13001")
    assert facts_of(event).postal_code_communes == ("Marseille",)


@pytest.mark.parametrize("code", ["98718", "97411"])
@pytest.mark.django_db
def test_facts_name_the_region_or_overseas(code):
    event = factories.draft(commune_code=code)
    expected = {"98718": "Outre-mer", "97411": "La Réunion"}[code]
    assert facts_of(event).place.region == expected


@pytest.mark.django_db
def test_facts_pass_on_what_an_import_typed():
    event = factories.draft(commune_code="02738")
    facts = facts_of(event, typed_department="Saint-Pierre-et-Miquelon")
    assert [(each.verdict, each.wanted) for each in territory(facts)] == [(FAILED, "Aisne")]
