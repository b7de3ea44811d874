"""The filter form sent as it stands, as a browser sends it, leads to the same state."""

from html.parser import HTMLParser

import pytest
import time_machine
from django.core.cache import cache
from django.http import QueryDict

from events.enums import TermKind
from events.models import Term
from tests import factories
from tests.events.form_pages import plain

pytestmark = pytest.mark.django_db
# Of radio buttons, check boxes and options, the chosen ones alone are sent.
CHOSEN = {"radio", "checkbox"}


class FilterForm(HTMLParser):
    """What a browser would send of the form: [(name, value)]."""

    def __init__(self, page: str):
        super().__init__()
        self.sent, self.select, self.inside = [], None, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.inside = attributes.get("id") == "filtres"
        if not self.inside:
            return
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag == "input" and name and (attributes.get("type") not in CHOSEN or "checked" in attributes):
            self.sent.append((name, value))
        elif tag == "select":
            self.select = [name, None]
        elif tag == "option" and (self.select[1] is None or "selected" in attributes):
            self.select[1] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.inside:
            self.sent.append(tuple(self.select))


STATES = (
    "",
    "q=fonderie&tri=pertinence",
    "q=%22de+la+fonderie%22",
    "region=27",
    "region=27&region=32",
    "region=32&region=27",
    "departement=90&departement=59&departement=93",
    "departement=93&departement=59&departement=90",
    "commune=90010&commune=59350",
    "pres=59350&rayon=50&tri=distance",
    "pres=93066",
    "pres=47.5,7.2&rayon=100",
    "pres=59350&rayon=17",
    "du=2025-11-18&au=2025-11-20",
    "jour=cette-semaine",
    "public=scolaires&public=demandeurs-emploi&nature=visite&mode=sur-place&acces=libre&accessibilite=mi",
    "passes=oui",
    "bbox=5.2,47.3,7.1,48.0",
    "edition=2025&q=visite",
    "organisateur=fonderie-x",
)


@pytest.fixture(autouse=True)
def _programme(db):
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite")
    for code in ("90010", "59350", "93066", "97411"):
        factories.labelled(title=f"Visite de la fonderie {code}", commune_code=code)
    factories.organization(slug="fonderie-x")
    organizer = factories.user()
    factories.organization(organizer, slug="fonderie-y")
    with time_machine.travel(factories.NOW, tick=False):
        yield


def told(response) -> tuple:
    context = response.context
    return (
        sorted(plain(tag.label) for tag in context["tags"]),
        [link.current for link in context["orders"]],
        [card.title for card in context["results"].cards],
        plain(context["errors"]),
        plain(context["results"].messages),
    )


def shown(client, path: str, asked):
    # A page that is kept tells no context.
    cache.clear()
    return client.get(path, asked, follow=True)


@pytest.mark.parametrize("path", ["/programme/", "/carte/"])
def test_form_sent_as_it_stands_keeps_the_state(client, path):
    for query in STATES:
        response = shown(client, path, QueryDict(query))
        sent = FilterForm(response.content.decode()).sent
        again = shown(client, path, {name: [v for n, v in sent if n == name] for name, _ in sent})
        assert (query, told(again)) == (query, told(response))
