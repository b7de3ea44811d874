"""Whatever the facts, the rules answer; and their answer on the dates is that of another reckoning."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from events.eligibility import assess
from events.enums import AccessMode, AttendanceMode, Audience, RegistrationKind, Verdict
from events.findings import EventFacts, Place
from semaine.dates import ZONE_NAMES
from semaine.models import LabelWindow
from tests.properties import patient

WINDOW = LabelWindow(2025, date(2025, 11, 2), date(2025, 12, 7))
ZONES = ["Europe/Paris", *sorted(ZONE_NAMES)]
EMAIL, PHONE = "camille.roux@prive.example.org", "+33 6 98 76 54 32"
LILLE = Place("Lille", "Nord", "59", "Hauts-de-France", ("59000", "59800"), 50.63, 3.06)
CAYENNE = Place("Cayenne", "Guyane", "973", "Guyane", ("97300",), 4.94, -52.33)
TEXTS = st.text() | st.sampled_from(["\x00", "🏭\u200d🔧", "« Évry »", " "])
# The form takes no day outside these centuries.
MOMENTS = st.datetimes(
    datetime.fromisoformat("1900-01-01"),
    datetime.fromisoformat("2200-01-01"),
    timezones=st.sampled_from(ZONES).map(ZoneInfo),
    allow_imaginary=False,
)
PLACES = st.none() | st.sampled_from([LILLE, CAYENNE, replace(LILLE, latitude=None)])
DEGREES = st.none() | st.floats(-90, 90)
FACTS = st.builds(
    EventFacts,
    title=TEXTS,
    summary=TEXTS,
    slots=st.lists(st.tuples(MOMENTS, MOMENTS), max_size=5).map(tuple),
    timezone=st.sampled_from(ZONES),
    is_free=st.none() | st.booleans(),
    audiences=st.lists(TEXTS | st.sampled_from(Audience.values), max_size=3).map(tuple),
    mode=st.sampled_from(AttendanceMode),
    place=PLACES,
    postal_code=TEXTS | st.sampled_from(["90000", "02700", "59000"]),
    postal_code_communes=st.lists(TEXTS, max_size=4).map(tuple),
    typed_region=TEXTS,
    typed_department=TEXTS,
    latitude=DEGREES,
    longitude=DEGREES,
    online_url=TEXTS,
    access_mode=TEXTS | st.sampled_from(AccessMode.values),
    reserved_to=TEXTS,
    registration_kind=TEXTS | st.sampled_from(RegistrationKind.values),
    registration_value=TEXTS,
    contact_email=st.sampled_from(["", EMAIL]),
    contact_phone=st.sampled_from(["", PHONE]),
)
ORDER = [
    "dates",
    "free",
    "audience",
    "purpose",
    "presentation",
    "place",
    "link",
    "territory",
    "access",
    "contact",
]


@patient
@given(FACTS)
def test_assess_answers_any_facts_in_the_order_of_the_rules(facts):
    findings = assess(facts, WINDOW)
    rules = list(dict.fromkeys(finding.rule.value for finding in findings))
    skipped = {"place", "territory"} if facts.mode == AttendanceMode.ONLINE else set()
    skipped |= {"link"} if facts.mode == AttendanceMode.ONSITE else set()
    skipped |= {"territory"} if facts.place is None else set()
    assert rules == [rule for rule in ORDER if rule not in skipped]
    assert [finding.message for finding in findings if not finding.message] == []


@patient
@given(FACTS)
def test_assess_quotes_no_contact(facts):
    logged = json.dumps([finding.as_json() for finding in assess(facts, WINDOW)], ensure_ascii=False)
    assert [private for private in (EMAIL, PHONE) if private in logged] == []


# Half hours from before the window to after it: many of them are a midnight somewhere.
START, HALF_HOUR = datetime(2025, 10, 30, tzinfo=UTC), timedelta(minutes=30)
SLOTS = st.builds(
    lambda first, length: (START + first * HALF_HOUR, START + (first + length) * HALF_HOUR),
    st.integers(0, 42 * 48),
    st.integers(1, 48),
)


@patient
@given(st.lists(SLOTS, min_size=1, max_size=3), st.sampled_from(ZONES))
def test_dates_pass_when_every_slot_lies_between_two_midnights(slots, zone):
    opening = datetime(2025, 11, 2, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    closing = datetime(2025, 12, 8, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    inside = all(opening <= start and end <= closing for start, end in slots)
    finding = assess(EventFacts(slots=tuple(slots), timezone=zone), WINDOW)[0]
    assert finding.verdict == (Verdict.PASSED if inside else Verdict.FAILED)
