"""A commune by its name and postal code: the same answer for one and for many at once."""

import pytest
from django.core.exceptions import ValidationError

from semaine.communes import of_names, resolve
from semaine.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db

UNKNOWN = "Nous ne trouvons pas la commune « Belford ». Vérifiez son nom, par exemple Belfort."
SEVERAL = (
    "Plusieurs communes s’appellent « Saint-Denis » : Saint-Denis (La Réunion, 97400) ou Saint-Denis "
    "(Seine-Saint-Denis, 93200) ? Donnez le code postal de la vôtre."
)
# name, postal code: the commune's code, or what is said
PAIRS = {
    ("Belfort", "90000"): "90010",
    ("BELFORT CEDEX 9", "90009"): "90010",
    ("belfort", ""): "90010",
    ("Belfort", "75001"): "90010",
    ("St Denis", "93200"): "93066",
    ("Saint-Denis", "97400"): "97411",
    ("Saint-Denis", "93999"): "93066",
    ("Saint-Denis", "97499"): "97411",
    ("Saint-Denis", ""): SEVERAL,
    ("Saint-Denis", "59000"): SEVERAL,
    ("Belford", "90000"): UNKNOWN,
}


def answer(name, code, among=None):
    try:
        return resolve(name, code, among).pk
    except ValidationError as error:
        return error.message


@pytest.fixture(autouse=True)
def _communes():
    for code in ("90010", "97411", "93066"):
        factories.commune(code)
    Commune.objects.filter(pk="97411").update(population=150_000)


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_name_and_postal_code_mean_one_commune(name, code):
    assert answer(name, code) == PAIRS[name, code]


def test_many_names_read_at_once_mean_the_same(django_assert_num_queries):
    with django_assert_num_queries(1):
        among = of_names(name for name, _ in PAIRS)
        found = {pair: answer(*pair, among) for pair in PAIRS}
    assert found == PAIRS
