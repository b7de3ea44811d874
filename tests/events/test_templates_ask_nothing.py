"""A public page is read before it is drawn: its templates ask the database nothing, whatever they show."""

import sys

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template, engines

from semaine.context import current_edition
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = (
    "/", "/programme/", "/programme/?departement=59&passes=oui", "/programme/?q=introuvable", "/programme/?nature=zz",
    "/carte/", "/territoires/", "/referents/",
    "/chiffres/", "/editions/2025/", "/integration/", "/integration/liste/", "/integration/carte/",
)  # fmt: skip


def is_drawing() -> bool:
    """Is a template being rendered, further down this stack?

    The current edition is in the frame of every page: who needs it first reads it, once for a request.
    """
    frame = sys._getframe()
    while frame := frame.f_back:
        if frame.f_code is current_edition.__code__:
            return False
        if frame.f_code is Template._render.__code__ or frame.f_code is Template.render.__code__:
            return True
    return False


@pytest.fixture
def asked_while_drawing():
    asked = []

    def note(execute, sql, *rest):
        if is_drawing():
            asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note), time_machine.travel(factories.NOW, tick=False):
        yield asked


@pytest.fixture
def event():
    factories.labelled(title="Belfort")
    factories.labelled(
        title="En ligne", commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/"
    )
    return factories.labelled(
        title="Lille", commune_code="59350", slots=[factories.slot(), factories.slot("2025-11-21")]
    )


@pytest.mark.parametrize("path", PAGES)
def test_page_is_drawn_without_a_query(client, event, asked_while_drawing, path):
    assert client.get(path).status_code == 200
    assert asked_while_drawing == []


@pytest.mark.parametrize(
    "path",
    [
        "{page}",
        "{region}",
        "{department}",
        "/organisateurs/{organizer}/",
        "/label/{label}/",
        "/ma-selection/?e={uid}",
    ],
)
def test_page_of_an_event_is_drawn_without_a_query(client, event, asked_while_drawing, path):
    address = path.format(
        page=event.get_absolute_url(),
        region=event.department.region.get_absolute_url(),
        department=event.department.get_absolute_url(),
        organizer=event.organization.slug,
        label=event.label_number,
        uid=event.uid,
    )
    assert client.get(address).status_code == 200
    assert asked_while_drawing == []


def test_query_of_a_template_is_seen(event, asked_while_drawing):
    engines["django"].from_string("{{ event.decisions.count }}").template.render(Context({"event": event}))
    assert len(asked_while_drawing) == 1
