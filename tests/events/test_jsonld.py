"""What search engines read of an event."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine

from events import workflow
from events.enums import AccessMode, AttendanceMode, Precision, RegistrationKind
from events.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
URL = "http://testserver/evenements/2025/visite-de-la-fonderie"
ONLINE = "https://example.org/direct"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def block(page: str) -> str:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return found


def described(client, event) -> dict:
    return json.loads(block(client.get(event.get_absolute_url()).content.decode()))


def test_event_is_described_whole(client):
    event = factories.labelled(venue="Fonderie Martin", address="1 rue de l’Usine", capacity=25)
    Event.objects.filter(pk=event.pk).update(precision=Precision.ADDRESS)
    assert described(client, event) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{URL}/",
        "url": f"{URL}/",
        "identifier": "SI-2025-90-0001",
        "name": "Visite de la fonderie",
        "description": event.summary,
        "image": f"{URL}.png",
        "inLanguage": "fr",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "startDate": "2025-11-20T09:00:00+01:00",
        "endDate": "2025-11-20T11:30:00+01:00",
        "location": {
            "@type": "Place",
            "name": "Fonderie Martin",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "1 rue de l’Usine",
                "postalCode": "90000",
                "addressLocality": "Belfort",
                "addressRegion": "Territoire de Belfort",
                "addressCountry": "FR",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 47.64, "longitude": 6.86},
        },
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
            "url": f"{URL}/",
        },
        "organizer": {
            "@type": "Organization",
            "name": event.organizer_name,
            "url": f"http://testserver/organisateurs/{event.organization.slug}/",
        },
        "audience": [
            {"@type": "Audience", "audienceType": "Scolaires (collégiens, lycéens)"},
            {"@type": "Audience", "audienceType": "Demandeurs d’emploi"},
        ],
        "superEvent": {
            "@type": "EventSeries",
            "name": "Semaine de l’industrie 2025",
            "startDate": "2025-11-17",
            "endDate": "2025-11-23",
            "url": "http://testserver/editions/2025/",
        },
        "maximumAttendeeCapacity": 25,
    }


def test_each_of_several_slots_is_an_event_within(client):
    zone = "Indian/Reunion"
    slots = [factories.slot("2025-11-20", zone=zone), factories.slot("2025-11-21", zone=zone)]
    data = described(client, factories.labelled(commune_code="97411", slots=slots))
    assert (data["startDate"], data["endDate"]) == ("2025-11-20T09:00:00+04:00", "2025-11-21T11:30:00+04:00")
    assert data["subEvent"] == [
        {
            "@type": "Event",
            "name": "Visite de la fonderie",
            "startDate": f"2025-11-{day}T09:00:00+04:00",
            "endDate": f"2025-11-{day}T11:30:00+04:00",
        }
        for day in (20, 21)
    ]


def test_hundreds_of_slots_stay_readable(client):
    slots = [
        factories.slot(f"2025-11-{day}", f"{hour:02}:00", f"{hour + 1:02}:00")
        for day in range(10, 20)
        for hour in range(8, 18)
    ]
    assert len(described(client, factories.labelled(slots=slots))["subEvent"]) == 50


def test_place_known_by_its_commune_only_gives_no_point(client):
    assert described(client, factories.labelled())["location"] == {
        "@type": "Place",
        "name": "Belfort",
        "address": {
            "@type": "PostalAddress",
            "postalCode": "90000",
            "addressLocality": "Belfort",
            "addressRegion": "Territoire de Belfort",
            "addressCountry": "FR",
        },
    }


@pytest.mark.parametrize(
    ("mode", "commune_code", "kind", "places"),
    [
        (AttendanceMode.ONLINE, None, "Online", ["VirtualLocation"]),
        (AttendanceMode.MIXED, "90010", "Mixed", ["Place", "VirtualLocation"]),
    ],
)
def test_online_place_is_a_link(client, mode, commune_code, kind, places):
    event = factories.labelled(commune_code=commune_code, attendance_mode=mode, online_url=ONLINE)
    data = described(client, event)
    location = data["location"] if isinstance(data["location"], list) else [data["location"]]
    assert data["eventAttendanceMode"] == f"https://schema.org/{kind}EventAttendanceMode"
    assert [each["@type"] for each in location] == places
    assert location[-1]["url"] == ONLINE


def test_offer_says_whether_one_may_still_come(client):
    link = {
        "access_mode": AccessMode.REGISTRATION,
        "registration_kind": RegistrationKind.LINK,
        "registration_value": "https://example.org/visite",
    }
    open_one, full, cancelled = (
        factories.labelled(title=f"Visite {name}", **link | fields)
        for name, fields in (("ouverte", {}), ("complète", {"is_full": True}), ("annulée", {}))
    )
    workflow.cancel(cancelled, by=cancelled.created_by, at=NOW, comment="Travaux.")
    found = [described(client, event) for event in (open_one, full, cancelled)]
    assert [each["offers"]["availability"].rpartition("/")[2] for each in found] == [
        "InStock",
        "SoldOut",
        "Discontinued",
    ]
    assert [each["eventStatus"].rpartition("/")[2] for each in found] == [
        "EventScheduled",
        "EventScheduled",
        "EventCancelled",
    ]
    assert found[0]["offers"]["url"] == "https://example.org/visite"


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        'a & b \\ "c" \'',
        "]]>\u2028\u2029",
        "🏭 Usine 日本",
    ],
)
def test_hostile_text_stays_inside_the_block(client, title):
    event = factories.labelled(title=title, summary=title, venue=title[:100])
    page = client.get(event.get_absolute_url()).content.decode()
    data = json.loads(block(page))
    assert [letter for letter in "<>&\u2028\u2029" if letter in block(page)] == []
    assert (data["name"], data["description"]) == (event.title, event.summary)
    assert data["location"]["name"] == event.venue
