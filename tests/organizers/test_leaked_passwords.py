"""A password that leaked elsewhere is refused, as a local file says."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organizers.leaked_passwords import is_listed
from tests import factories

LEAKED = ["cheval agrafe pile", "tournesol bleu 12", "motdepasse-1234"]
HASHES = st.text("0123456789ABCDEF", min_size=40, max_size=40)
NUMBERS = st.sampled_from(["", ":1", ":52", ":123456789"])


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def file(tmp_path, settings):
    path = tmp_path / "volés.txt"
    others = [sha1(f"autre {number}") for number in range(500)]
    lines = sorted(f"{digest}:{place}" for place, digest in enumerate([*others, *map(sha1, LEAKED)]))
    path.write_text("\r\n".join(lines) + "\r\n")
    settings.LEAKED_PASSWORDS = f"{path}"
    return path


@pytest.mark.parametrize("password", LEAKED)
def test_leaked_password_is_refused(file, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert [each.code for each in refused.value.error_list] == ["password_leaked"]


@pytest.mark.parametrize("password", ["cheval agrafe pilE", "un mot que personne n’a"])
def test_other_password_is_taken(file, password):
    validate_password(password)


@pytest.mark.django_db
def test_person_reads_why_and_keeps_the_old_one(file):
    person = factories.user()
    client = Client()
    client.force_login(person)
    data = {"oldpassword": "motdepasse-1234", "password1": LEAKED[0], "password2": LEAKED[0]}
    page = client.post("/compte/mot-de-passe/changer/", data).content.decode()
    assert "Ce mot de passe a déjà été volé sur un autre site" in page
    person.refresh_from_db()
    assert person.check_password("motdepasse-1234")


@given(st.lists(HASHES, unique=True, max_size=30), st.data())
def test_every_line_is_found_and_nothing_else(tmp_path_factory, digests, data):
    ends = data.draw(st.sampled_from(["\n", "\r\n"]))
    lines = [f"{digest}{data.draw(NUMBERS)}" for digest in sorted(digests)]
    path = tmp_path_factory.mktemp("leaked") / "volés.txt"
    path.write_bytes(ends.join(lines).encode() + data.draw(st.sampled_from([b"", ends.encode()])))
    assert [each for each in digests if not is_listed(each.lower(), path)] == []
    absent = data.draw(HASHES.filter(lambda digest: digest not in digests))
    assert not is_listed(absent, path)


def test_file_that_cannot_be_read_keeps_nobody_out_and_is_told(tmp_path, settings, caplog):
    settings.LEAKED_PASSWORDS = f"{tmp_path / 'absent.txt'}"
    validate_password(LEAKED[0])
    assert [record.message for record in caplog.records] == ["The file of leaked passwords cannot be read."]
    assert [error.id for error in run_checks(tags=["security"]) if error.id == "organizers.E001"] == [
        "organizers.E001"
    ]


def test_without_a_file_nothing_is_refused(settings):
    settings.LEAKED_PASSWORDS = ""
    validate_password(LEAKED[0])
    assert [error for error in run_checks(tags=["security"]) if error.id == "organizers.E001"] == []


def test_file_that_is_there_is_no_error(file):
    assert [error for error in run_checks(tags=["security"]) if error.id == "organizers.E001"] == []
