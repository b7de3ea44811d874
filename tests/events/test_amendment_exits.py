"""What is proposed is seen by the organizer and the referent, and by nobody else until it is accepted."""

import pytest
import time_machine

from events import amending, drafting
from events.enums import TermKind
from events.models import Term
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

EXITS = (
    "/", "/programme/", "/programme/?q=fonderie", "/programme/?q=secret", "/programme/?departement=59", "/carte/",
    "/carte/donnees.json?zoom=5", "/carte/donnees.json?zoom=20&passes=oui", "/editions/2025/",
    "/evenements/2025/visite-de-la-fonderie/", "/evenements/2025/visite-de-la-fonderie.ics",
    "/evenements/2025/visite-de-la-fonderie.png", "/label/SI-2025-90-0001/", "/territoires/r27/d90/",
    "/territoires/r32/d59/", "/integration/liste/", "/integration/evenement/2025/visite-de-la-fonderie/",
    "/oembed/?url=http://testserver/evenements/2025/visite-de-la-fonderie/",
    "/sitemap-evenements.xml", "/plan-du-site/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def exits(client, event) -> dict[str, bytes]:
    """Every public answer, as it is and not as the cache kept it."""
    SiteRevision.objects.bump()
    selection = f"/ma-selection/?e={event.uid}"
    calendar = f"/ma-selection.ics?e={event.uid}"
    organizer = f"/organisateurs/{event.organization.slug}/"
    return {path: client.get(path).content for path in (*EXITS, selection, calendar, organizer)}


def proposal(event):
    """Every fact of the label at once, under a name that can be looked for."""
    values = {
        "title": "Visite secrète",
        "summary": "Un secret.",
        "format_code": "secret",
        "sector_codes": ["secret"],
        "audience_codes": ["grand-public"],
        "attendance_mode": "mixte",
        "venue": "Cave secrète",
        "address": "1 rue secrète",
        "commune": factories.commune("59350"),
        "postal_code": "59000",
        "online_url": "https://secret.example.org",
        "access_mode": "reserve",
        "reserved_to": "Secrétaires",
    }
    return drafting.revise(event, by=event.created_by, at=NOW, values=values, slots=[slot("2025-11-25")])


def labelled():
    """An event as labelled, with all the words and places that its proposal will use already there."""
    for kind, code in ((TermKind.FORMAT, "visite"), (TermKind.FORMAT, "secret"), (TermKind.SECTOR, "secret")):
        Term.objects.create(kind=kind, code=code, label=code.capitalize())
    factories.commune("59350")
    return factories.labelled()


def test_no_exit_shows_a_proposal(client):
    event = labelled()
    before = exits(client, event)
    proposal(event)
    after = exits(client, event)
    assert [path for path in before if before[path] != after[path]] == []


def test_accepted_proposal_is_at_the_exits(client):
    event = proposal(labelled())
    before = exits(client, event)
    amending.accept_amendment(event, by=factories.national(), at=NOW, version=event.version)
    after = exits(client, event)
    blind = {"/editions/2025/", "/label/SI-2025-90-0001/", "/plan-du-site/", "/sitemap-evenements.xml"}
    same = {path for path in before if before[path] == after[path]}
    assert "Visite secrète" in after["/evenements/2025/visite-de-la-fonderie/"].decode()
    assert "Visite secrète" not in after["/territoires/r27/d90/"].decode()
    assert same <= blind
