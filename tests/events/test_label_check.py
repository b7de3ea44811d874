"""Anybody may check a label number."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from events import workflow
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def verdict(client, number) -> tuple[int, list[str]]:
    answer = client.get(f"/label/{number}/")
    said = re.findall(r"<(?:strong|h1)>(.*?)</(?:strong|h1)>", answer.content.decode())
    return answer.status_code, [re.sub("<.*?>", "", each) for each in said]


UNKNOWN = (404, ["Ce numéro de label est inconnu"])


@pytest.mark.parametrize("number", ["SI-2025-90-0001", "si-2025-90-0001", "%20Si-2025-90-0001%20"])
def test_label_that_stands_names_its_event(client, number):
    event = factories.labelled()
    assert verdict(client, number) == (200, ["Label SI-2025-90-0001", "Ce label est valable."])
    page = client.get(f"/label/{number}/").content.decode()
    assert f'<a href="{event.get_absolute_url()}">Visite de la fonderie</a>' in page
    assert "donné le mercredi 1er octobre 2025, pour la Semaine de l’industrie 2025" in page


def test_label_of_a_cancelled_event_says_so(client):
    event = factories.labelled()
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert verdict(client, "SI-2025-90-0001") == (200, ["Label SI-2025-90-0001", "L’événement est annulé."])


def test_label_of_an_event_that_is_over_still_stands(client):
    factories.labelled()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        page = client.get("/label/SI-2025-90-0001/").content.decode()
    assert ("Ce label est valable." in page, "L’événement est terminé." in page) == (True, True)


def test_withdrawn_label_keeps_its_title_to_itself(client):
    event = factories.labelled(title="Visite secrète", summary="Un résumé secret.")
    workflow.withdraw(event, by=factories.national(), at=NOW, comment="Motif secret.")
    assert verdict(client, "SI-2025-90-0001") == (200, ["Label SI-2025-90-0001", "Ce label a été retiré."])
    page = client.get("/label/SI-2025-90-0001/").content.decode()
    assert [word for word in ("secr", event.organizer_name, event.slug) if word in page] == []


def test_label_is_unknown_while_its_event_is_examined_again(client):
    by = factories.national()
    event = workflow.withdraw(factories.labelled(), by=by, at=NOW, comment="Payante.")
    event = workflow.reinstate(event, by=by, at=NOW, comment="Elle est gratuite.")
    assert verdict(client, event.label_number) == UNKNOWN
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert verdict(client, event.label_number) == UNKNOWN


def test_label_of_an_edition_that_is_not_published_is_unknown(client):
    event = factories.labelled()
    event.edition.is_published = False
    event.edition.save()
    assert verdict(client, event.label_number) == UNKNOWN


@pytest.mark.parametrize(
    "number", ["SI-2025-90-0002", "x", "%00", "SI-2025-90-0001'--", "🏭", "SI-2025-90-٠٠٠١", "SI" * 500]
)
def test_unknown_number_is_said_in_words(client, number):
    factories.labelled()
    assert verdict(client, number) == UNKNOWN


def test_hostile_number_stays_text(client):
    page = client.get("/label/<script>alert(1)<%2Fscript>/").content.decode()
    assert "<script>alert" not in page


def test_label_check_costs_the_same_queries(client, django_assert_num_queries):
    factories.labelled(slots=[factories.slot("2025-11-20"), factories.slot("2025-11-21")])
    with django_assert_num_queries(6):
        client.get("/label/SI-2025-90-0001/")
    with django_assert_num_queries(3):
        client.get("/label/SI-2025-90-0002/")
