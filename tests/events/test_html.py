"""Every public page is valid HTML. A new page joins the table."""

from datetime import UTC, datetime
from pprint import pformat

import pytest
import time_machine

from events import workflow
from events.enums import TermKind
from events.models import Term
from tests import factories
from tests.factories import NOW, slot
from tests.html import faults

pytestmark = pytest.mark.django_db
EVENT = "/evenements/2025/visite-de-la-fonderie/"
PAGES = {
    "/": 200,
    "/programme/": 200,
    "/programme/?page=2": 200,
    "/programme/?q=fonderie&departement=90&public=scolaires&passes=oui": 200,
    "/programme/?region=ZZ&du=demain&page=99": 200,
    "/programme/?q=introuvable": 200,
    "/editions/2024/": 200,
    "/carte/": 200,
    "/carte/?nature=visite": 200,
    EVENT: 200,
    "/evenements/2025/atelier/": 200,
    "/evenements/2025/retire/": 410,
    "/ma-selection/": 200,
    "/ma-selection/?e={all}&e=x": 200,
    "/api/v1/": 200,
    "/integration/": 200,
    "/integration/?vue=carte&territoire=departement%3D90&public=scolaires": 200,
    "/integration/?territoire=x&hauteur=9": 200,
    "/integration/liste/": 200,
    "/integration/liste/?page=2": 200,
    "/integration/liste/?region=ZZ": 200,
    "/integration/carte/": 200,
    "/integration/evenement/2025/visite-de-la-fonderie/": 200,
    "/integration/evenement/2025/retire/": 410,
    "/territoires/": 200,
    "/territoires/outre-mer/": 200,
    "/territoires/r27/": 200,
    "/territoires/r27/d90/": 200,
    "/territoires/r27/presse/": 200,
    "/territoires/r27/d90/presse/": 200,
    "/chiffres/": 200,
    "/chiffres/?edition=2024": 200,
    "/organisateurs/fonderie/": 200,
    "/editions/": 200,
    "/referents/": 200,
    "/label/SI-2025-90-0001/": 200,
    "/label/inconnu/": 404,
    f"{EVENT}signaler/": 200,
    "/labelliser/": 200,
    "/accessibilite/": 200,
    "/mentions-legales/": 200,
    "/donnees-personnelles/": 200,
    "/plan-du-site/": 200,
    "/nulle-part/": 404,
    "/compte/connexion/": 200,
    "/compte/inscription/": 200,
    "/compte/mot-de-passe/": 200,
    "/programme/?" + "&".join(f"q={number}" for number in range(1_001)): 400,
}


@pytest.fixture
def season():
    """Events of every kind that the public sees, and the address that holds them all."""
    with time_machine.travel(NOW, tick=False):
        Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite d’entreprise")
        text = {
            "description": "**Au programme**\n\n- la fonderie\n- <b>l’usinage</b>",
            "venue": "Halle & Cie",
        }
        owner = factories.user()
        factories.organization(owner, name="Fonderie", slug="fonderie")
        events = [factories.labelled(owner, **text)]
        events += [factories.labelled(title=f"« Visite » <{number}> & autres") for number in range(20)]
        events += [factories.labelled(title="Atelier", commune_code="97411")]
        days = [slot(f"2025-11-{day}") for day in range(17, 23)]
        events += [factories.labelled(title="Exposition", slots=days)]
        workflow.cancel(events[-2], by=events[-2].created_by, at=NOW, comment="Travaux.")
        gone = factories.labelled(title="Retiré")
        workflow.withdraw(gone, by=factories.national(), at=NOW, comment="Payant.")
        past = {"in_edition": factories.edition(2024), "slots": [slot("2024-11-20")]}
        factories.labelled(title="Ancien", at=datetime(2024, 10, 1, tzinfo=UTC), **past)
        yield "&e=".join(str(event.uid) for event in events)


def test_every_public_page_is_valid_html(client, season):
    found, statuses = {}, {}
    for path, status in PAGES.items():
        response = client.get(path.format(all=season))
        statuses[path] = (status, response.status_code)
        if wrong := faults(response.content.decode()):
            found[path[:80]] = wrong
    assert [path for path, (wanted, given) in statuses.items() if wanted != given] == []
    assert not found, pformat(found)


SOUND = """<!doctype html><html lang="fr"><head><title>x</title></head><body><main><h1>x</h1>{}</main></body></html>"""


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<p><div></div></p>", "line 1: unexpected-end-tag"),
        ("<p class=a class=b>x</p>", "line 1: duplicate-attribute"),
        ("<p id=a>x</p><p id=a>y</p>", "id 'a' is there 2 times"),
        ("<label for=a>x</label>", "<label> names an absent id 'a'"),
        ("<a href='#a'>x</a>", "<a> names an absent id 'a'"),
        ("<h3>x</h3>", "<h3> after <h1>"),
        ("<h1>y</h1>", "2 <h1>"),
        ("<img src=a>", "<img> without alt"),
        ("<ul><p>x</p></ul>", "<p> in <ul>"),
        ("<span><ul></ul></span>", "<ul> in <span>"),
        ("<a href=a><button>x</button></a>", "<button> in <a>"),
        ("<table align=left></table>", "<table align> is obsolete"),
        ("<form action=''></form>", "<form action> is empty"),
    ],
)
def test_fault_is_found(part, fault):
    assert faults(SOUND.format("")) == []
    assert faults(SOUND.format(part)) == [fault]
