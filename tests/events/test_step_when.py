"""The second step: lines and series of slots, in the time of the place, up to eight hundred."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events import drafting
from events.calendar import window
from events.models import Event
from events.workflow import WorkflowError
from semaine.dates import LabelWindow
from semaine.models import TerritoryWeek
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import (
    ActiveContent,
    as_sent,
    kept,
    plain,
    said,
    said_beside,
    slots,
    step_of,
    typed,
)
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer
BAD_DAY = "« {} » n’est pas une date : écrivez-la comme 2025-11-20."
BAD_HOUR = "« {} » n’est pas une heure : écrivez-la comme 14:30."
CUT_SLOTS = "Les créneaux ne sont pas arrivés en entier : saisissez-les de nouveau, puis enregistrez."
WRONG_LINES = [
    (("2025-02-30", "09:00", "10:00"), "day", BAD_DAY.format("2025-02-30")),
    (("demain", "09:00", "10:00"), "day", BAD_DAY.format("demain")),
    (("<b>\0", "09:00", "10:00"), "day", BAD_DAY.format("<b>\0")),
    (("9" * 60, "09:00", "10:00"), "day", BAD_DAY.format("9" * 40)),
    (("0001-01-01", "00:00", "00:00"), "day", "Le 01/01/1 est trop loin : vérifiez l’année."),
    (("1899-12-31", "09:00", "10:00"), "day", "Le 31/12/1899 est trop loin : vérifiez l’année."),
    (("9999-12-31", "23:00", "00:00"), "day", "Le 31/12/9999 est trop loin : vérifiez l’année."),
    (("2025-11-20", "25:00", "10:00"), "start", BAD_HOUR.format("25:00")),
    (("2025-11-20", "<b>", "10:00"), "start", BAD_HOUR.format("<b>")),
    (("2025-11-20", "09:00", "midi"), "end", BAD_HOUR.format("midi")),
    (("2025-11-20", "09:00", ""), "end", "Fin : complétez ce créneau ou videz-le."),
    (("", "09:00", "10:00"), "day", "Jour : complétez ce créneau ou videz-le."),
    (("2025-11-20", "11:00", "10:00"), "end", "La fin (10:00) doit suivre le début (11:00) le même jour."),
    (("2025-11-20", "11:00", "11:00"), "end", "La fin (11:00) doit suivre le début (11:00) le même jour."),
]
SERIES = {"first_day": "2025-11-17", "last_day": "2025-11-21", "from_hour": "09:00", "to_hour": "12:00"}
ALL_DAYS = [str(number) for number in range(7)]


@pytest.fixture
def event(organizer):
    return factories.draft(organizer)


def send(client, event, **data):
    return client.post(step_of(event, "quand"), typed("quand", event, **data))


def days(event):
    return [str(each.first_day) for each in event.slots.all()]


def test_wrong_lines_are_explained_beside_their_field_and_nothing_typed_is_lost(client, event):
    data = typed("quand", event, **slots(*[line for line, _, _ in WRONG_LINES]))
    response = client.post(step_of(event, "quand"), data)
    page = response.content.decode()
    expected = {
        f"slots-{number}-{field}": [message] for number, (_, field, message) in enumerate(WRONG_LINES)
    }
    assert said(response) == expected
    assert {field: said_beside(page, field) for field in expected} == expected
    names = [name for name in data if name.startswith("slots-")]
    assert kept(page, names) == as_sent({name: data[name] for name in names})
    assert ActiveContent(page).found == []
    assert days(event) == ["2025-11-20"]


def test_overlapping_slots_are_explained(client, event):
    lines = [("2025-11-20", "09:00", "11:00"), ("2025-11-20", "10:00", "12:00")]
    assert said(send(client, event, **slots(*lines))) == {
        "slots": [
            "Deux créneaux se chevauchent le jeudi 20 novembre : corrigez leurs heures ou retirez-en un."
        ]
    }


@pytest.mark.parametrize(
    "line",
    [
        ("2025-03-30", "02:30", "03:15"),  # spring: 2:30 does not exist, the clock goes from 2:00 to 3:00
        ("2025-10-26", "00:00", "00:00"),  # autumn: the day lasts 25 hours
        ("2025-10-26", "02:10", "02:50"),  # autumn: 2:10 happens twice
    ],
)
def test_slot_on_the_day_the_clocks_change_is_saved_or_explained(client, event, line):
    response = send(client, event, **slots(line))
    explained = response.status_code == 200 and said(response) != {}
    assert days(event) == (["2025-11-20"] if explained else [line[0]])


def test_slots_that_overlap_only_by_the_change_of_clocks_are_explained(client, event):
    lines = [("2025-03-30", "02:00", "02:50"), ("2025-03-30", "03:00", "03:30")]
    assert list(said(send(client, event, **slots(*lines)))) == ["slots"]


@pytest.mark.parametrize(
    "tampering",
    [
        {"slots-TOTAL_FORMS": None},
        {"slots-INITIAL_FORMS": None},
        {"slots-TOTAL_FORMS": "abc"},
        {"slots-TOTAL_FORMS": "9" * 5000},
        {"slots-TOTAL_FORMS": "1.5"},
    ],
)
def test_damaged_count_of_slots_is_said_in_plain_words(client, event, tampering):
    assert said(send(client, event, **tampering)) == {"slots": [CUT_SLOTS]}
    assert days(event) == ["2025-11-20"]


def test_count_of_slots_out_of_all_proportion_draws_sixty_at_most(client, event):
    response = send(client, event, **slots(("2025-11-20", "09:00", "10:00"), total=100_000))
    assert len(response.context["slots"].forms) == 60
    assert said(response) == {
        "slots": ["Cette page reçoit 50 créneaux au plus : ajoutez les suivants en série."]
    }


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        (ALL_DAYS, ["2025-11-17", "2025-11-18", "2025-11-19", "2025-11-20", "2025-11-21"]),
        (["1", "3"], ["2025-11-18", "2025-11-20"]),
    ],
)
def test_series_adds_its_days_to_the_lines(client, organizer, weekdays, expected):
    event = factories.draft(organizer, slots=[])
    response = send(client, event, add_series="1", weekdays=weekdays, **SERIES, **slots())
    assert response.url == step_of(event, "quand")
    assert days(event) == expected
    starts = {each.starts_at.astimezone(ZoneInfo("Europe/Paris")).hour for each in event.slots.all()}
    assert starts == {9}


def test_series_is_in_the_time_of_the_place(client, organizer):
    event = factories.draft(organizer, commune_code="97411", slots=[])
    send(client, event, add_series="1", weekdays=["0"], **SERIES, **slots())
    assert event.slots.get().starts_at == datetime(2025, 11, 17, 5, tzinfo=ZoneInfo("UTC"))


def test_series_added_twice_adds_nothing(client, organizer):
    event = factories.draft(organizer, slots=[])
    for _ in range(2):
        lines = [(day, "09:00", "12:00") for day in days(event)]
        send(client, event, add_series="1", weekdays=ALL_DAYS, **SERIES, **slots(*lines))
    assert len(days(event)) == 5


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"first_day": ""}, "first_day", "Du : complétez la série, puis ajoutez-la."),
        ({"to_hour": ""}, "to_hour", "À : complétez la série, puis ajoutez-la."),
        (
            {"last_day": "2025-11-16"},
            "last_day",
            "Le dernier jour (16/11/2025) doit suivre le premier (17/11/2025).",
        ),
        ({"last_day": "2026-11-18"}, "last_day", "Une série dure un an au plus : vérifiez l’année (2026)."),
        ({"to_hour": "08:00"}, "to_hour", "La fin (08:00) doit suivre le début (09:00) le même jour."),
        (
            {"weekdays": ["5", "6"]},
            "weekdays",
            "Aucun de ces jours n’est dans la série : cochez-en d’autres.",
        ),
        ({"first_day": "hier"}, "first_day", BAD_DAY.format("hier")),
    ],
)
def test_wrong_series_is_explained_and_nothing_is_added(client, event, changes, field, message):
    data = SERIES | {"weekdays": ALL_DAYS} | changes
    response = send(client, event, add_series="1", **data)
    assert said_beside(response.content.decode(), field) == [message]
    assert days(event) == ["2025-11-20"]


def test_series_that_meets_a_line_is_explained(client, event):
    response = send(client, event, add_series="1", weekdays=ALL_DAYS, **SERIES)
    assert "Deux créneaux se chevauchent le jeudi 20 novembre" in said(response)["slots"][0]
    assert days(event) == ["2025-11-20"]


def test_line_ticked_to_go_goes_even_if_it_is_wrong(client, event):
    lines = slots(("2025-11-20", "09:00", "11:30"), ("2025-11-21", "11:00", "10:00"))
    send(client, event, **lines, **{"slots-1-remove": "on"})
    assert days(event) == ["2025-11-20"]


def many(number):
    first = date(2025, 11, 2)
    return [
        slot(str(first + timedelta(days=n // 24)), f"{n % 24:02}:00", f"{n % 24:02}:30")
        for n in range(number)
    ]


def test_long_lists_are_shown_by_pages_and_each_page_keeps_the_others(client, organizer):
    event = factories.draft(organizer, slots=many(120))
    response = client.get(f"{step_of(event, 'quand')}?page=2")
    page = response.content.decode()
    assert "Page 2 sur 3." in page
    state = form_pages.FormState(page).state
    assert state["slots-0-start"] == ["02:00"]
    state["slots-0-remove"] = ["on"]
    assert client.post(step_of(event, "quand"), state | {"save": "1"}).status_code == 302
    assert event.slots.count() == 119


def test_line_that_was_saved_as_typed_then_corrected_is_one_slot(client, organizer):
    event = factories.draft(organizer, slots=many(50))
    page = client.get(step_of(event, "quand")).content.decode()
    state = form_pages.FormState(page).state
    assert (state["slots-TOTAL_FORMS"], state["slots-50-day"]) == (["51"], [""])
    for start in ("09:00", "14:00"):
        state |= {
            "slots-50-day": "2025-12-06",
            "slots-50-start": start,
            "slots-50-end": "15:00",
            "partial": "1",
        }
        state |= client.post(step_of(event, "quand"), state).json()["state"]
    assert event.slots.count() == 51
    assert client.post(step_of(event, "quand"), state | {"slots-50-remove": "on"}).status_code == 200
    assert event.slots.count() == 50


def test_eight_hundred_slots_are_the_most(client, organizer):
    event = factories.draft(organizer, slots=many(799))
    last = kept(client.get(f"{step_of(event, 'quand')}?page=99").content.decode(), ["page"])
    assert last == {"page": ["16"]}
    series = SERIES | {"first_day": "2025-12-06", "last_day": "2025-12-07"}
    state = form_pages.FormState(client.get(f"{step_of(event, 'quand')}?page=16").content.decode()).state
    data = state | series | {"weekdays": ALL_DAYS, "add_series": "1"}
    response = client.post(step_of(event, "quand"), data)
    assert said(response) == {
        "slots": [
            (
                "Un événement compte 800 créneaux au plus, et il en aurait 801. Retirez-en, ou faites deux "
                "événements."
            )
        ]
    }
    with pytest.raises(WorkflowError, match="801"):
        drafting.revise(event, by=organizer, at=NOW, values={}, slots=many(801))
    assert event.slots.count() == 799


def test_calendar_shows_the_days_that_count_and_those_chosen(client, event):
    shown = window(
        LabelWindow(2025, date(2025, 11, 29), date(2025, 12, 2)), [date(2025, 12, 1), date(2025, 12, 9)]
    )
    assert [month.label for month in shown.months] == ["novembre 2025", "décembre 2025"]
    cells = [day for month in shown.months for week in month.weeks for day in week if day]
    assert len(cells) == 61
    assert [(day.label, day.is_chosen) for day in cells if day.is_open] == [
        ("samedi 29 novembre", False),
        ("dimanche 30 novembre", False),
        ("lundi 1er décembre", True),
        ("mardi 2 décembre", False),
    ]
    assert shown.outside == ["mardi 9 décembre 2025"]
    assert [len(week) for month in shown.months for week in month.weeks] == [7] * 10


def test_calendar_is_that_of_the_territorys_own_week(client, organizer):
    event = factories.draft(organizer, commune_code="97411")
    TerritoryWeek.objects.create(
        edition=event.edition, department=event.department, starts_on=date(2025, 11, 24),
        ends_on=date(2025, 11, 30), label_from=date(2025, 11, 24), label_until=date(2025, 11, 30),
    )  # fmt: skip
    page = plain(client.get(step_of(event, "quand")).content.decode().replace("&nbsp;", " "))
    assert "Jours labellisables : du 24 au 30 novembre 2025." in page
    assert "Hors des dates labellisables : jeudi 20 novembre 2025." in page
    assert "À l’heure du lieu (heure de La Réunion)." in page


def test_another_time_zone_keeps_the_hours_of_the_clock(client, event):
    data = typed("ou", event, city="Saint-Denis", postal_code="97400")
    assert client.post(step_of(event, "ou"), data).status_code == 302
    event = Event.objects.get()
    [only] = event.slots.all()
    there = only.starts_at.astimezone(ZoneInfo("Indian/Reunion"))
    assert (event.timezone, there.hour, str(only.first_day)) == ("Indian/Reunion", 9, "2025-11-20")
