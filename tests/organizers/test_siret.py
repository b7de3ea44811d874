"""The SIRET: fourteen digits, a check key, and La Poste, whose numbers ran out."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from organizers import siret
from organizers.models import validate_siret
from tests.properties import patient

LA_POSTE = "356000000"
DIGITS = st.text("0123456789", min_size=13, max_size=13)
TYPO = "Le SIRET « {} » contient une faute de frappe : sa clé de contrôle ne correspond pas."


def luhn_sum(digits: str) -> int:
    """The sum as its inventor wrote it: from the right, every second digit doubled, digits of it added."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(map(int, str(int(digit) * (1 + place % 2))))
    return total


def with_key(digits: str) -> str:
    return next(f"{digits}{key}" for key in range(10) if luhn_sum(f"{digits}{key}") % 10 == 0)


@pytest.mark.parametrize(
    "number",
    ["55208131766522", "73282932000074", "35600000000048", "35600000049837", "00000000000000"],
)
def test_siret_of_an_establishment_is_right(number):
    assert siret.fault(number) == ""


def test_siret_given_as_example_is_right():
    example = siret.fault("").partition("par exemple ")[2].rstrip(".")
    assert siret.fault(siret.normalize(example)) == ""


@pytest.mark.parametrize("number", ["55208131766523", "73282932000075", "35600000049838"])
def test_siret_with_a_wrong_key_is_told(number):
    assert siret.fault(number) == TYPO.format(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "5520813176652",
        "552081317665220",
        "5520813176652A",
        "552 081 317 66522",
        "٥٥٢٠٨١٣١٧٦٦٥٢٢",
        "²" * 14,
    ],
)
def test_siret_that_is_not_fourteen_digits_is_told(number):
    assert siret.fault(number) == (
        f"« {number} » n’est pas un SIRET : il compte 14 chiffres, par exemple 552 081 317 66522."
    )


def test_siret_quoted_is_cut_short():
    quoted = siret.fault("9" * 5000).partition("« ")[2].partition(" »")[0]
    assert quoted == "9" * 30


@pytest.mark.parametrize(
    "typed",
    [
        "552 081 317 66522",
        "552\u00a0081\u00a0317\u202f66522",
        "552.081.317.66522",
        "552-081-317-66522",
        " 55208131766522 ",
    ],
)
def test_normalize_drops_what_people_write_between_digits(typed):
    assert siret.normalize(typed) == "55208131766522"


@patient
@given(DIGITS)
def test_siret_with_its_key_is_right(digits):
    assert siret.fault(with_key(digits)) == ""


@patient
@given(DIGITS, st.integers(0, 13), st.integers(1, 9))
def test_siret_with_one_digit_changed_is_caught(digits, place, change):
    right = with_key(digits)
    digit = (int(right[place]) + change) % 10
    wrong = f"{right[:place]}{digit}{right[place + 1 :]}"
    assume(not wrong.startswith(LA_POSTE))
    assert siret.fault(wrong) == TYPO.format(wrong)


@patient
@given(DIGITS, st.integers(0, 12))
def test_siret_with_two_digits_exchanged_is_caught(digits, place):
    right = with_key(digits)
    first, second = right[place], right[place + 1]
    assume(first != second and {first, second} != {"0", "9"})
    wrong = f"{right[:place]}{second}{first}{right[place + 2 :]}"
    assume(not wrong.startswith(LA_POSTE))
    assert siret.fault(wrong) == TYPO.format(wrong)


@patient
@given(st.text("0123456789", min_size=5, max_size=5))
def test_siret_of_la_poste_has_a_sum_that_five_divides_or_its_key(establishment):
    number = f"{LA_POSTE}{establishment}"
    right = sum(map(int, number)) % 5 == 0 or luhn_sum(number) % 10 == 0
    assert siret.fault(number) == ("" if right else TYPO.format(number))


def test_sum_that_five_divides_is_la_poste_s_alone():
    number = "35600000149832"
    assert (sum(map(int, number)) % 5, luhn_sum(number) % 10 == 0) == (1, False)
    other = "35600001049837"
    assert (sum(map(int, other)) % 5, siret.fault(other) == "") == (1, luhn_sum(other) % 10 == 0)


def test_validate_siret_says_the_fault():
    with pytest.raises(ValidationError) as caught:
        validate_siret("55208131766523")
    assert caught.value.messages == [TYPO.format("55208131766523")]
