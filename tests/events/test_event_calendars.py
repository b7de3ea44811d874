"""An event goes into a visitor's calendar: whole or one slot, as a file or by an address."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from icalendar import Calendar

from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def starts(answer) -> list[str]:
    return [entry["DTSTART"].dt.isoformat() for entry in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_calendar_file_holds_all_slots_or_the_one_asked_for(client):
    event = factories.labelled(slots=[factories.slot("2025-11-20"), factories.slot("2025-11-21")])
    path = f"{event.get_absolute_url()[:-1]}.ics"
    both = ["2025-11-20T09:00:00+01:00", "2025-11-21T09:00:00+01:00"]
    assert starts(client.get(path)) == both
    assert starts(client.get(f"{path}?creneau=20251121T080000Z")) == both[1:]
    assert starts(client.get(f"{path}?creneau=")) == both


@pytest.mark.parametrize("key", ["20251121T080000", "20251122T080000Z", "%00", "é", "20251121T080000Z%0A"])
def test_calendar_file_of_no_slot_is_not_found(client, key):
    path = f"{factories.labelled().get_absolute_url()[:-1]}.ics"
    assert client.get(f"{path}?creneau={key}").status_code == 404


def links(page: str, name: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'<a id="{name}-\d+"[^>]*? href="(.*?)"', page)]


def query(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def test_page_fills_in_the_calendars_of_the_web(client):
    event = factories.labelled(title="Visite & café", commune_code="97411")
    page = client.get(event.get_absolute_url()).content.decode()
    [google], [outlook] = links(page, "google"), links(page, "outlook")
    url = f"http://testserver{event.get_absolute_url()}"
    details = f"{event.summary}\n\n{url}"
    assert google.startswith("https://calendar.google.com/calendar/render?")
    assert query(google) == {
        "action": "TEMPLATE",
        "text": "Visite & café",
        "dates": "20251120T050000Z/20251120T073000Z",
        "details": details,
        "location": "97400 Saint-Denis",
    }
    assert outlook.startswith("https://outlook.live.com/calendar/0/deeplink/compose?")
    assert query(outlook) == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Visite & café",
        "startdt": "2025-11-20T05:00:00Z",
        "enddt": "2025-11-20T07:30:00Z",
        "body": details,
        "location": "97400 Saint-Denis",
    }
    assert page.count('rel="nofollow noopener"') == 2


def test_page_offers_the_next_six_slots_one_by_one(client):
    slots = [factories.slot(f"2025-11-{day}") for day in range(10, 20)]
    event = factories.labelled(slots=slots)
    with time_machine.travel(datetime(2025, 11, 12, 12, tzinfo=UTC), tick=False):
        page = client.get(event.get_absolute_url()).content.decode()
    path = f"{event.get_absolute_url()[:-1]}.ics"
    assert links(page, "fichier") == [f"{path}?creneau=202511{day}T080000Z" for day in range(13, 19)]
    assert len(links(page, "google")) == 6
