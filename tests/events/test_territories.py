"""The pages of territories: their counts are those of the programme, and nothing hidden is counted."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache

from events import workflow
from events.enums import Audience, TermKind
from events.models import Term
from organizers.enums import OfficeKind
from organizers.models import Office, Partner
from semaine.models import Department, Edition, SiteRevision, TerritoryWeek
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 10, 8, tzinfo=UTC)
OVER = {"slots": [factories.slot("2025-11-04")]}
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/"}
PAGES = {"/territoires/r27/d90/": "departement=90", "/territoires/r27/": "region=27"}


@pytest.fixture(autouse=True)
def _clock():
    for code, label in (("visite", "Visite"), ("job-dating", "Job dating"), ("forum", "Forum")):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=label)
    with time_machine.travel(NOW, tick=False):
        yield


def main(response) -> str:
    return response.content.decode().split("<main")[1].split("</main>")[0]


def numbers_of(page: str) -> dict[str, str]:
    """The lines of a list of figures: what each link is called and the count beside it."""
    found = re.findall(r'<li><a href="[^"]*">(.*?)</a> <span class="count">(\d+)\D', page)
    return {re.sub(r"<[^>]+>", "", label): number for label, number in found}


def programme():
    """Events of both kinds everywhere: to come, over, cancelled, online, elsewhere, and of a hidden edition."""
    factories.labelled(title="Première", audience_codes=[Audience.PUPILS, Audience.STUDENTS])
    factories.labelled(title="Deuxième", audience_codes=[Audience.PUPILS], format_code="job-dating")
    annulled = factories.labelled(title="Troisième", audience_codes=[Audience.EVERYONE])
    workflow.cancel(annulled, by=factories.national(), at=NOW, comment="L’atelier est en travaux.")
    factories.labelled(title="Terminée", format_code="forum", **OVER)
    factories.labelled(title="En ligne", **ONLINE)
    factories.labelled(title="Ailleurs", commune_code="59350")
    hidden = factories.edition(2024)
    at, slots = datetime(2024, 10, 1, tzinfo=UTC), [factories.slot("2024-11-20")]
    factories.labelled(title="Cachée", in_edition=hidden, at=at, slots=slots)
    Edition.objects.filter(pk=hidden.pk).update(is_published=False)


def test_index_counts_what_is_to_come_in_each_territory(client):
    programme()
    factories.commune("98718")
    response = client.get("/territoires/")
    words = {each["name"]: each["words"] for each in response.context["regions"]}
    assert words == {
        "Bourgogne-Franche-Comté": "3\u00a0événements",
        "Hauts-de-France": "1\u00a0événement",
        "Outre-mer": "0\u00a0événement",
    }
    assert numbers_of(main(response)) == {
        "Territoire de Belfort (90)": "3",
        "Nord (59)": "1",
        "Polynésie française (987)": "0",
    }


@pytest.mark.parametrize("address", ["/territoires/", "/territoires/outre-mer/", *PAGES])
def test_online_events_are_in_no_territory_and_said_beside(client, address):
    programme()
    page = main(client.get(address))
    assert '<a href="/programme/?mode=en-ligne">1\u00a0événement en ligne, ouvert partout</a>' in page
    assert "En ligne</a>" not in page


@pytest.mark.parametrize(("address", "query"), PAGES.items())
def test_counts_are_those_of_the_programme(client, address, query):
    programme()
    context = client.get(address).context
    assert context["figures"].events == client.get(f"/programme/?{query}").context["results"].count == 3
    lines = context["figures"].formats + context["figures"].audiences
    assert {line.label: line.number for line in lines} == {
        "Visite": 2,
        "Job dating": 1,
        "Scolaires (collégiens, lycéens)": 2,
        "Étudiants": 1,
        "Grand public": 1,
    }
    for line in lines:
        assert line.query.startswith(query)
        assert client.get(f"/programme/?{line.query}").context["results"].count == line.number


def test_page_shows_the_first_events_of_the_programme_and_leads_to_it(client):
    for number in range(8):
        factories.labelled(title=f"Visite {number}", slots=[factories.slot(f"2025-11-{27 - number}")])
    response = client.get("/territoires/r27/d90/")
    assert [card.title for card in response.context["cards"]] == [f"Visite {n}" for n in (7, 6, 5, 4, 3, 2)]
    assert '<a class="button" href="/programme/?departement=90">' in main(response)
    assert '<a class="button secondary" href="/carte/?departement=90">' in main(response)


def test_page_of_an_edition_that_ended_shows_all_of_it(client):
    programme()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        response = client.get("/territoires/r27/d90/")
        listed = client.get("/programme/?departement=90").context["results"]
    assert response.context["figures"].events == listed.count == 4
    assert [card.title for card in response.context["cards"]] == [card.title for card in listed.cards]
    assert "La semaine y a eu lieu du 17 au 23 novembre 2025." in main(response)


def test_territory_without_events_says_so(client):
    factories.edition()
    factories.department()
    page = main(client.get("/territoires/r27/d90/"))
    assert "Aucun événement n’est encore au programme ici." in page
    assert "En chiffres" not in page


@pytest.mark.parametrize("place", [{"region": "27"}, {"department": "90"}])
def test_territory_says_its_own_week(client, place):
    factories.department()
    days = dict(zip(("starts_on", "ends_on"), ("2025-11-24", "2025-11-30"), strict=True))
    window = {"label_from": "2025-11-24", "label_until": "2025-11-30"}
    fields = {f"{name}_id": code for name, code in place.items()}
    TerritoryWeek.objects.create(edition=factories.edition(), **days, **window, **fields)
    page = main(client.get("/territoires/r27/d90/"))
    assert "La semaine y a lieu du 24 au 30 novembre 2025." in page
    region = main(client.get("/territoires/r27/"))
    assert ("du 24 au 30 novembre 2025" in region) == ("region" in place)
    assert "du 17 au 23 novembre 2025" in main(client.get("/territoires/"))


def test_region_lists_its_departements_and_the_regions_beside(client):
    belfort, nord = factories.department(), factories.department("59")
    belfort.neighbours.add(nord, factories.department("02"))
    programme()
    response = client.get("/territoires/r27/")
    assert numbers_of(main(response))["Territoire de Belfort (90)"] == "3"
    assert [str(each) for each in response.context["neighbours"]] == ["Hauts-de-France"]
    neighbours = client.get("/territoires/r27/d90/").context["neighbours"]
    assert [each.get_absolute_url() for each in neighbours] == [
        "/territoires/r32/d02/",
        "/territoires/r32/d59/",
    ]


def test_overseas_lists_the_collectivites_that_have_no_region(client):
    factories.labelled(commune_code="98718")
    factories.labelled(commune_code="97411")
    parts = client.get("/territoires/outre-mer/").context["parts"]
    assert [(each.place.code, each.number) for each in parts] == [("987", 1)]
    assert client.get("/territoires/outre-mer/d987/").context["figures"].events == 1


def test_overseas_counts_and_lists_what_the_programme_does(client):
    factories.labelled(commune_code="98718", title="Atoll")
    factories.labelled(commune_code="98718", title="Lagon", audience_codes=[Audience.STUDENTS])
    factories.labelled(commune_code="97411")
    factories.labelled(**ONLINE)
    factories.department("59")
    Department.objects.filter(code="59").update(region=None)
    context = client.get("/territoires/outre-mer/").context
    assert context["query"] == "departement=59&departement=987"
    listed = client.get(f"/programme/?{context['query']}").context["results"]
    assert (context["figures"].events, context["figures"].organizations, listed.count) == (2, 2, 2)
    assert [card.title for card in context["cards"]] == ["Atoll", "Lagon"]
    lines = context["figures"].formats + context["figures"].audiences
    for line in lines:
        assert client.get(f"/programme/?{line.query}").context["results"].count == line.number
    assert {line.label: line.number for line in lines}["Visite"] == 2


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/territoires/r32/d90/", "/territoires/r27/d90/"),
        ("/territoires/nulle-part/d90/", "/territoires/r27/d90/"),
        ("/territoires/outre-mer/d90/", "/territoires/r27/d90/"),
        ("/territoires/r27/d987/", "/territoires/outre-mer/d987/"),
    ],
)
def test_departement_in_the_wrong_region_leads_to_the_right_one(client, address, target):
    factories.edition()
    for code in ("90", "59", "987"):
        factories.department(code)
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (301, target)


@pytest.mark.parametrize(
    "address", ["/territoires/nulle-part/", "/territoires/r27/nulle-part/", "/territoires/outre-mer/r27/"]
)
def test_unknown_territory_is_not_found(client, address):
    factories.edition()
    factories.department()
    assert client.get(address).status_code == 404


def contact(kind, territory, email=""):
    office = factories.office(kind, territory)
    Office.objects.filter(pk=office.pk).update(contact_email=email)
    return office


def test_page_names_the_referent_and_how_to_reach_it(client):
    factories.edition()
    contact(OfficeKind.DEPARTMENTAL, "90", "belfort@example.org")
    contact(OfficeKind.REGIONAL, "27", "region@example.org")
    page = main(client.get("/territoires/r27/d90/"))
    assert re.findall(r"mailto:([^\"]+)", page) == ["belfort@example.org"]
    assert re.findall(r"mailto:([^\"]+)", main(client.get("/territoires/r27/"))) == ["region@example.org"]


def test_page_says_whom_to_ask_while_the_referent_cannot_be_reached(client):
    factories.edition()
    contact(OfficeKind.DEPARTMENTAL, "90")
    contact(OfficeKind.REGIONAL, "27")
    national = contact(OfficeKind.NATIONAL, "France")
    page = main(client.get("/territoires/r27/d90/"))
    assert "Contact à venir" in page
    assert "En attendant, écrivez à l’éditeur du site" in page
    Office.objects.filter(pk=national.pk).update(contact_phone="01 44 00 00 00")
    SiteRevision.objects.bump()
    page = main(client.get("/territoires/r27/d90/"))
    assert re.findall(r"<h3>(Référent[^<]*)</h3>", page) == ["Référent – 90", "Référent – France"]
    assert 'href="tel:0144000000"' in page


def test_page_names_the_partners_of_the_territory_and_of_its_region(client):
    factories.edition()
    Partner.objects.create(name="Forge", department=factories.department(), website="https://example.org/")
    Partner.objects.create(name="Région des forges", region=factories.region())
    Partner.objects.create(name="Ailleurs", department=factories.department("59"))
    page = main(client.get("/territoires/r27/d90/"))
    assert '<a href="https://example.org/" rel="noopener">Forge</a>' in page
    assert 'Région des forges <span class="soft">(Bourgogne-Franche-Comté)</span>' in page
    assert "Ailleurs" not in page
    region = main(client.get("/territoires/r27/"))
    assert ("Forge</a>" in region, "<li>Région des forges</li>" in region) == (False, True)


@pytest.mark.parametrize(
    ("address", "first", "later"),
    [
        ("/territoires/", 5, 4),
        ("/territoires/outre-mer/", 10, 6),
        ("/territoires/r27/", 14, 10),
        ("/territoires/r27/d90/", 14, 10),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_queries(client, django_assert_num_queries, address, first, later, rows):
    """First: the cards and the names of the formats are read, that a process then keeps."""
    belfort = factories.department()
    for number, code in enumerate(("59", "987", "02")[:rows]):
        belfort.neighbours.add(factories.department(code))
        Partner.objects.create(name=f"Partenaire {number}", region=factories.region())
        contact(OfficeKind.DEPARTMENTAL, code)
        factories.labelled(title=f"Visite {number}")
        factories.labelled(title=f"Atoll {number}", commune_code="98718")
    for queries in (first, later):
        cache.clear()
        with django_assert_num_queries(queries):
            response = client.get(address)
        assert not response.cookies


def test_page_before_the_first_edition_is_not_found(client):
    factories.department()
    found = {address: client.get(address).status_code for address in ("/territoires/", *PAGES)}
    assert set(found.values()) == {404}
