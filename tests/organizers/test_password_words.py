"""A password is not made of the words of the site."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "password", ["Semaine-Industrie-2026", "semainedelindustrie", "Industrie-Industrie1!", "Événement2026!!!"]
)
def test_words_of_the_site_are_refused(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert [each.code for each in refused.value.error_list] == ["password_site_words"]


@pytest.mark.parametrize("password", ["usine tournesol bleu", "cheval-agrafe-pile", "x7Kq-92Lm-4vTz"])
def test_other_passwords_are_taken(password):
    validate_password(password)
