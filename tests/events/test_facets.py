"""The counts beside the choices: what each would show, with the other filters applied."""

from datetime import UTC, datetime

import pytest
import time_machine

from events.enums import Audience, TermKind
from events.models import Term
from tests import factories

pytestmark = pytest.mark.django_db
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/"}
ACCESSIBLE = {"accessibility_codes": ["hi", "mi"]}


@pytest.fixture(autouse=True)
def _programme(db):
    for code in ("visite", "job-dating", "conference"):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=code.capitalize())
    Term.objects.create(kind=TermKind.SECTOR, code="mines-et-metallurgie", label="Métallurgie")
    factories.labelled(title="Belfort", **ACCESSIBLE)
    factories.labelled(title="Lille", commune_code="59350", accessibility_codes=["mi"])
    factories.labelled(
        title="Lille encore",
        commune_code="59350",
        format_code="job-dating",
        audience_codes=[Audience.JOB_SEEKERS],
    )
    factories.labelled(title="En ligne", format_code="conference", **ONLINE)
    with time_machine.travel(factories.NOW, tick=False):
        yield


def counts(client, query="", path="/programme/") -> dict:
    return client.get(f"{path}?{query}").context["results"].counts.by_choice


def test_counts_tell_what_each_choice_shows(client):
    assert counts(client) == {
        "region": {"27": 1, "32": 2, None: 1},
        "departement": {"90": 1, "59": 2, None: 1},
        "nature": {"visite": 2, "job-dating": 1, "conference": 1},
        "mode": {"sur-place": 3, "en-ligne": 1},
        "acces": {"libre": 4},
        "public": {"scolaires": 3, "demandeurs-emploi": 4},
        "filiere": {"mines-et-metallurgie": 4},
        "accessibilite": {"hi": 1, "mi": 2},
        "jour": {"aujourdhui": 0, "demain": 0, "week-end": 0, "cette-semaine": 0},
    }


def test_own_filter_of_a_facet_is_put_aside(client):
    found = counts(client, "nature=visite")
    assert found["nature"] == {"visite": 2, "job-dating": 1, "conference": 1}
    assert found["departement"] == {"90": 1, "59": 1}


def test_choices_of_one_facet_narrow_the_others(client):
    found = counts(client, "departement=59&public=scolaires")
    assert found["departement"] == {"90": 1, "59": 1, None: 1}
    assert found["public"] == {"scolaires": 1, "demandeurs-emploi": 2}
    assert found["nature"] == {"visite": 1}


def test_one_more_accessibility_narrows_what_the_others_found(client):
    assert counts(client, "accessibilite=mi")["accessibilite"] == {"hi": 1, "mi": 2}
    assert counts(client, "accessibilite=hi")["accessibilite"] == {"hi": 1, "mi": 1}


def test_days_count_the_slots_of_the_place(client):
    zone = "Indian/Reunion"
    factories.labelled(
        title="La Réunion", commune_code="97411", slots=[factories.slot("2025-11-19", zone=zone)]
    )
    # It is the 18th in Paris, the 19th in La Réunion already; in the mainland, the 20th is to come.
    with time_machine.travel(datetime(2025, 11, 18, 21, tzinfo=UTC), tick=False):
        found = counts(client, "departement=974&departement=90")["jour"]
    assert found == {"aujourdhui": 1, "demain": 0, "week-end": 0, "cette-semaine": 2}


def test_over_events_are_counted_apart(client):
    factories.labelled(title="Passé", slots=[factories.slot("2025-11-03")])
    with time_machine.travel(datetime(2025, 11, 10, tzinfo=UTC), tick=False):
        results = client.get("/programme/").context["results"]
        everything = client.get("/programme/?passes=oui").context["results"]
    assert (results.count, results.over, results.counts.by_choice["nature"]["visite"]) == (4, 1, 2)
    assert (everything.count, everything.over, everything.counts.by_choice["nature"]["visite"]) == (5, 0, 3)


def test_ended_edition_counts_everything_and_no_day(client):
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        found = counts(client, path="/editions/2025/")
    assert "jour" not in found
    assert found["mode"] == {"sur-place": 3, "en-ligne": 1}


def test_wrong_filter_counts_nothing(client):
    assert counts(client, "nature=zz") == {}


def test_choice_without_event_stays_and_is_marked(client):
    page = client.get("/programme/?departement=90").content.decode()
    assert 'class="none"><label><input type="checkbox" name="nature" value="job-dating">' in page
    assert 'data-count="nature-job-dating">0<' in page
    assert 'data-count="nature-visite">1<' in page


def test_each_count_is_what_its_choice_shows(client):
    for facet, choices in counts(client).items():
        for choice, number in choices.items():
            if choice is not None:
                results = client.get("/programme/", {facet: choice}).context["results"]
                assert (facet, choice, results.count) == (facet, choice, number)
