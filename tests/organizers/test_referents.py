"""Whom to ask: the directory of the State's offices."""

import re

import pytest

from organizers.enums import OfficeKind
from organizers.models import Office
from tests import factories

pytestmark = pytest.mark.django_db


def lines(client):
    """The words of the page between its title and its footer, one for each piece of text."""
    main = client.get("/referents/").content.decode().split("</h1>")[1].split("</main>")[0]
    return [words.strip() for words in re.sub(r"<[^>]+>", "\n", main).split("\n") if words.strip()]


def test_referents_are_listed_by_territory_with_the_nation_first(client):
    for code in ("90", "59", "987"):
        factories.office(territory=code)
    factories.office(OfficeKind.REGIONAL, "27")
    factories.office(OfficeKind.NATIONAL, "France")
    Office.objects.filter(kind=OfficeKind.REGIONAL).update(
        name="DREETS",
        contact_name="Alix Moreau",
        contact_email="alix@example.org",
        contact_phone="03 84 00 00 00",
    )
    expected = [
        "Bourgogne-Franche-Comté", "Hauts-de-France", "Outre-mer",
        "Référent – France", "Contact à venir",
        "Bourgogne-Franche-Comté",
        "DREETS", "Alix Moreau", "alix@example.org", "03 84 00 00 00",
        "Référent – 90", "Contact à venir",
        "Hauts-de-France", "Hauts-de-France", "Contact à venir",
        "Référent – 59", "Contact à venir",
        "Outre-mer", "Référent – 987", "Contact à venir",
    ]  # fmt: skip
    assert lines(client)[1:] == expected
    page = client.get("/referents/").content.decode()
    assert 'href="mailto:alix@example.org"' in page
    assert 'href="tel:0384000000"' in page


def test_referents_lead_to_their_territory_and_each_region_of_the_page_is_linked(client):
    factories.office(territory="90")
    page = client.get("/referents/").content.decode()
    assert 'href="#r27"' in page
    assert 'id="r27"' in page
    assert '<a href="/territoires/r27/d90/">Référent – 90</a>' in page


def test_agents_of_an_office_are_on_no_public_page(client):
    agent = factories.referent()
    page = client.get("/referents/").content.decode() + client.get("/territoires/r27/d90/").content.decode()
    assert [word for word in (agent.name, agent.email) if word in page] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_directory_costs_the_same_queries(client, django_assert_num_queries, rows):
    for code in ("90", "59", "02")[:rows]:
        factories.office(territory=code)
    with django_assert_num_queries(4):
        client.get("/referents/")
