"""After a decision the next file of the view opens; the view goes with each file in its address, and nothing else."""

import pytest

from events import workflow
from tests import factories
from tests.events.test_queue import LATER, QUEUE, _clock, agent, sent

pytestmark = pytest.mark.django_db

_clock, agent = _clock, agent


def near(client, event, query=""):
    place = client.get(f"{QUEUE}{event.pk}/examiner/?{query}").context["in_queue"]
    return place.number, place.total, place.previous, place.next


def examination(event, query=""):
    return f"{QUEUE}{event.pk}/examiner/{query and f'?{query}'}"


def test_file_knows_its_neighbours_in_the_view(agent):
    one, two, three = sent("Un"), sent("Deux", "02738", days=1), sent("Trois", days=2)
    query = "statut=en-attente"
    assert near(agent, one, query) == (1, 3, "", examination(two, query))
    assert near(agent, two, query) == (2, 3, examination(one, query), examination(three, query))
    assert near(agent, three, query) == (3, 3, examination(two, query), "")
    query = "statut=tous&departement=59"
    assert near(agent, one, query) == (1, 2, "", examination(three, query))
    assert near(agent, two, query) == (0, 0, "", "")


def test_neighbours_in_ones_turn_leave_out_what_is_another_offices(agent):
    sent("En retard"), sent("Un", days=6)
    assert near(agent, sent("Deux", days=7), "statut=a-mon-tour")[:2] == (2, 2)


def test_file_opened_without_a_view_has_no_neighbours(agent):
    assert near(agent, sent("Un", days=6)) == (0, 0, "", "")


def test_list_gives_its_files_the_view(agent):
    event = sent("Un", days=6)
    for query, view in (("", "statut=a-mon-tour"), ("statut=tous&p=1", "statut=tous")):
        assert f'href="{examination(event, view)}"' in agent.get(f"{QUEUE}?{query}").content.decode()


def test_after_a_decision_the_next_file_of_the_view_opens(agent):
    one, two = sent("Un"), sent("Deux", days=1)
    data = {"decision": "label", "purpose_confirmed": "on", "version": 1}
    query = "statut=submitted&departement=59"
    assert agent.post(examination(one, query), data).url == examination(two, query)
    assert agent.post(examination(two, query), data).url == f"{QUEUE}?{query}"
    assert "Aucun dossier dans cette vue" in agent.get(f"{QUEUE}?{query}").content.decode()


def test_decision_by_another_opens_the_next_file_too(agent):
    one, two = sent("Un"), sent("Deux", days=1)
    address = examination(one, "statut=tous")
    workflow.refuse(one, by=factories.national(), at=LATER, rule="free", comment="Payant.")
    response = agent.post(address, {"decision": "label", "purpose_confirmed": "on", "version": 1})
    assert response.url == f"{QUEUE}?statut=tous"
    assert near(agent, two, "statut=tous")[:2] == (1, 2)


def test_address_of_a_file_leads_nowhere_else(agent):
    event = sent("Un")
    data = {"decision": "label", "purpose_confirmed": "on", "version": 1}
    evil = "next=https://example.com&file=//example.com&statut=//example.com&q=https://example.com"
    response = agent.post(f"{QUEUE}{event.pk}/examiner/?{evil}", data)
    assert response.url == f"{QUEUE}?statut=%2F%2Fexample.com&q=https%3A%2F%2Fexample.com"


def test_neighbours_stay_in_the_territory(agent):
    sent("Secret", "90010")
    event = sent("Le mien")
    assert near(agent, event, "statut=tous") == (1, 1, "", "")
