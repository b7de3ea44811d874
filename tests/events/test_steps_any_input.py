"""Whatever is sent to a step: saved, or an error in French beside a field. A thousand submissions made up."""

import re
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import steps
from events.models import Event
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import SCRIPT, STEPS, said, slots, typed

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer

TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            SCRIPT,
            "\u202e",
            "🏭" * 150,
            "x" * 500,
            "-1",
            "1e9",
            "Belfort",
            "Saint-Denis",
            "90010",
        ]
    ),
)
CODE = st.one_of(
    st.sampled_from(["visite", "metallurgie", "scolaires", "mi", "sur-place", "en-ligne", "oui", "lien"]),
    TEXT,
)
NUMBER = st.one_of(st.integers(-5, 2_000_000).map(str), st.floats().map(str), TEXT)
DAY = st.one_of(
    st.dates(date(1899, 1, 1), date(2201, 1, 1)).map(str),
    st.sampled_from(["2025-03-30", "2025-10-26", "1911-03-11", "0001-01-01", "20/11/2025"]),
    TEXT,
)
HOUR = st.one_of(
    st.times().map(lambda each: f"{each:%H:%M}"), st.sampled_from(["00:00", "02:30", "14 h 30"]), TEXT
)
LINE = st.tuples(DAY, HOUR, HOUR)
GOOD_LINE = ("2025-11-20", "09:00", "11:30")
NUMBERS = ("capacity", "expected_participants", "age_min", "age_max", "latitude", "longitude", "page")
SERIES = {"first_day": DAY, "last_day": DAY, "from_hour": HOUR, "to_hour": HOUR}
EXTRA = {
    "quoi": {"key": TEXT, "base": TEXT, "remove_image": TEXT, "image": TEXT},
    "quand": {
        "base": TEXT,
        "page": NUMBER,
        "add_series": st.just("1"),
        "slots-TOTAL_FORMS": st.sampled_from(["0", "1", "2", "-1", "x", "71"]),
    },
    "ou": {"base": TEXT, "city_code": CODE},
    "qui": {"base": TEXT},
}
FRENCH = re.compile(
    r"[«»’éèêàçôî]|caractères|Choisissez|Saisissez|\b(est|pas|un|une|le|la|les|de|des)\b", re.IGNORECASE
)


def _any_of(name, value):
    if name in SERIES:
        return SERIES[name]
    if name in NUMBERS:
        return NUMBER
    return st.lists(CODE, max_size=3) if isinstance(value, list) else st.one_of(CODE, TEXT)


def _changes(step):
    """Some fields of a complete step replaced: half of what is sent is saved, and meets the constraints too."""
    found = {name: _any_of(name, value) for name, value in STEPS[step].items()} | EXTRA[step]
    names = st.lists(st.sampled_from(sorted(found)), max_size=3, unique=True)
    return names.flatmap(lambda some: st.fixed_dictionaries({name: found[name] for name in some}))


SENT = {step: _changes(step) for step in STEPS}
LINES = st.one_of(st.just([GOOD_LINE]), st.lists(LINE, max_size=2))


@pytest.mark.parametrize("step", STEPS)
def test_any_submission_is_saved_or_explained_in_french(rf, organizer, step):
    event = factories.draft(organizer, slots=[])
    form_class, by = steps.BY_CODE[step].form, {"by": organizer, "at": factories.NOW}
    found = {"saved": 0, "explained": 0}

    @settings(
        max_examples=260,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(changes=SENT[step], lines=LINES)
    def submit(changes, lines):
        body = typed(step, event) | (slots(*lines) if step == "quand" else {}) | changes
        post = rf.post("/", body).POST
        with transaction.atomic():
            stored = Event.objects.for_steps().get(pk=event.pk)
            form = form_class(post, contents=steps.contents(stored))
            if form.is_valid():
                if not form.is_stale or not form.differences():
                    steps.save(form, **by)
                found["saved"] += 1
            else:
                messages = [message for each in _messages(form) for message in each]
                assert messages != []
                assert [message for message in messages if not FRENCH.search(message)] == []
                # What is right while the rest is not must be fit to be written too.
                if form.saves_partly and "base" not in changes:
                    steps.save(form, **by, ask=False)
                found["explained"] += 1
            transaction.set_rollback(True)

    submit()
    assert min(found.values()) > 20, found


def _messages(form):
    yield from form.errors.values()
    if form.lines is not None:
        yield from (messages for line in form.lines.errors for messages in line.values())
        yield form.lines.non_form_errors()


@pytest.mark.parametrize("step", STEPS)
def test_whole_page_answers_any_submission(client, organizer, step):
    event = factories.draft(organizer, slots=[])

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(changes=SENT[step], lines=LINES)
    def submit(changes, lines):
        body = typed(step, event) | (slots(*lines) if step == "quand" else {}) | changes
        with transaction.atomic():
            response = client.post(form_pages.step_of(event, step), body)
            assert response.status_code == 302 or said(response) != {}
            assert form_pages.ActiveContent(response.content.decode()).found == []
            transaction.set_rollback(True)

    submit()
