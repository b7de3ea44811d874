"""The press note of a territory: its figures, three examples, whom to call."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils.html import escape

from events.enums import TermKind
from events.models import Event, Term
from organizers.models import Office
from tests import factories
from tests.events.test_oembed import HOSTILE
from tests.events.test_workflow import standing

pytestmark = pytest.mark.django_db

AT = datetime(2025, 11, 18, 8, tzinfo=UTC)
NOTE, REGION = "/territoires/r27/d90/presse/", "/territoires/r27/presse/"
STATUSES = ("draft", "submitted", "refused", "withdrawn", "cancelled:labelled")


@pytest.fixture(autouse=True)
def _tuesday(db):
    factories.edition()
    Office.objects.filter(pk=factories.office().pk).update(contact_email="referent@example.org")
    for code in ("visite", "forum", "atelier"):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=code.capitalize())
    with time_machine.travel(AT, tick=False):
        yield


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_note_tells_the_figures_three_examples_and_whom_to_call(client):
    for kind in ("visite", "visite", "visite", "forum", "atelier"):
        factories.labelled(title=f"Notre {kind}", format_code=kind, expected_participants=50)
    factories.labelled(commune_code="59350", title="Ailleurs")
    response = client.get(NOTE)
    note, examples = words(response), [card.title for card in response.context["note"].examples]
    assert "compte 5 événements labellisés, chez 5 organisateurs, pour 250 participants attendus" in note
    assert "Visite : 3 événements" in note
    assert examples == ["Notre visite", "Notre forum", "Notre atelier"]
    assert "referent@example.org" in note
    assert "http://testserver/programme/?departement=90" in note


def test_unlikely_numbers_are_left_out(client):
    factories.labelled(expected_participants=50)
    factories.labelled(expected_participants=500_000)
    assert "pour 50 participants attendus" in words(client.get(NOTE))


@pytest.mark.parametrize("address", [NOTE, REGION])
def test_only_what_takes_place_is_told(client, address):
    for status in STATUSES:
        standing(status, title=f"Secret {status}")
    note = words(client.get(address))
    assert "Secret" not in note
    assert "ne compte encore aucun événement labellisé" in note


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_is_that_of_no_row(client, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.labelled()
    with django_assert_num_queries(12):
        assert client.get(NOTE).status_code == 200


def test_note_stands_at_one_address_and_the_territory_links_it(client):
    assert client.get("/territoires/r32/d90/presse/").url == NOTE
    assert client.get("/territoires/r27/nulle-part/presse/").status_code == 404
    page = client.get("/territoires/r27/d90/").content.decode()
    assert [
        address for address in (NOTE, "/territoires/r27/d90.pdf") if f'href="{address}"' not in page
    ] == []


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_are_text_in_the_note(client, title):
    event = factories.labelled()
    Event.objects.filter(pk=event.pk).update(title=title, summary=title, organizer_name=title[:120])
    response = client.get(NOTE)
    page = response.content.decode()
    assert [card.title for card in response.context["note"].examples] == [title]
    # Its own module at the end of every page is the only script.
    assert re.findall("<script[^>]*>", page) == ['<script type="module" src="/static/js/selection.js">']
    assert page.count(escape(title)) >= 2
