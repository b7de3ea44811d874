"""A copy kept by a program of elsewhere, against the running server."""

from datetime import timedelta

import pytest
import time_machine

from events import merging, workflow
from events.amending import accept_amendment, amend
from events.organizations import describe
from tests import factories
from tests.events.api.client import Copy
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def by_the_nation():
    return {"by": factories.national(), "at": LATER}


def test_copy_reads_all_pages_then_what_changed_and_what_left(live_server, clock):
    events = {name: factories.labelled(title=name) for name in ("A", "B", "C", "D", "E")}
    factories.submitted(title="Envoyé")
    copy = Copy(live_server.url).read()
    assert (copy.titles, copy.calls) == (["A", "B", "C", "D", "E"], 3)
    clock.move_to(LATER)
    workflow.withdraw(events["A"], comment="Payant.", **by_the_nation())
    again = workflow.withdraw(events["B"], comment="Payant.", **by_the_nation())
    workflow.reinstate(again, comment="Gratuit.", **by_the_nation())
    workflow.cancel(events["C"], comment="Panne.", **by_the_nation())
    factories.labelled(title="F", at=LATER)
    copy.update()
    assert copy.titles == ["C", "D", "E", "F"]
    assert copy.events[events["C"].pk]["status"] == 6
    before = copy.calls
    assert copy.update().titles == ["C", "D", "E", "F"]
    assert copy.calls > before


def test_copy_of_one_territory_loses_what_moves_out_of_it(live_server, clock):
    event = factories.labelled(title="Visite")
    factories.labelled(title="Voisine")
    copy = Copy(live_server.url, departement="90").read()
    assert copy.titles == ["Visite", "Voisine"]
    clock.move_to(LATER)
    lille = factories.values("59350")
    moved = {"commune": lille["commune"], "postal_code": "59000"}
    event = amend(event, by=event.created_by, at=LATER, values=moved)
    copy.update()
    assert copy.titles == ["Visite", "Voisine"]

    accept_amendment(event, version=event.version, **by_the_nation())
    assert copy.update().titles == ["Voisine"]


def test_copy_shows_what_is_over_too(live_server, clock):
    factories.labelled(title="Terminée", slots=[factories.slot("2025-11-03")])
    clock.move_to(NOW + timedelta(days=45))
    assert Copy(live_server.url).read().titles == ["Terminée"]


def test_merged_event_leaves(live_server, clock):
    kept, twin = (factories.labelled(title=name) for name in ("Gardée", "Double"))
    copy = Copy(live_server.url).read()
    clock.move_to(LATER)
    merging.merge(twin, into=kept, **by_the_nation())
    assert copy.update().titles == ["Gardée"]


def test_copy_learns_the_new_name_of_an_organization(live_server, clock):
    event = factories.labelled(title="Visite")
    copy = Copy(live_server.url).read()
    clock.move_to(LATER)
    describe(event.organization, by=event.created_by, at=LATER, values={"name": "Fonderie du Lion"})
    assert copy.update().events[event.pk]["organisateur"]["name"] == "Fonderie du Lion"


def test_copy_may_be_of_some_fields_in_one_language(live_server):
    event = factories.labelled(title="Visite")
    copy = Copy(
        live_server.url, **{"includeFields[]": ["title", "updatedAt", "location.city"], "monolingual": "fr"}
    )
    told = copy.read().events[event.pk]
    assert told == {
        "uid": event.pk,
        "title": "Visite",
        "location": {"city": "Belfort"},
        "updatedAt": told["updatedAt"],
    }
