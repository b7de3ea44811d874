"""The report after an event: when it opens and closes, what it asks, what it keeps."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from events import attendance, workflow
from events.attendance_forms import AttendanceForm
from events.models import AttendanceReport, Event
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

# The slot of `factories` is the 20th of November, from 9:00 to 11:30 in Paris.
END = datetime(2025, 11, 20, 10, 30, tzinfo=UTC)
AFTER = END + timedelta(hours=1)
MILLION = "1\u00a0000\u00a0000"
TOTAL_WRONG = f"Personnes venues, en tout : « {{}} » n’est pas un nombre de 0 à {MILLION}, par exemple 25."
LAST_EVENING = datetime(2026, 1, 19, 22, 59, tzinfo=UTC)
ANSWERS = {
    "total": "120",
    "public_scolaires": "80",
    "public_demandeurs-emploi": "25",
    "women_share": "45",
    "follow_up_codes": ["stages", "visites"],
    "comment": "Très bonnes questions.",
}


@pytest.fixture
def owner(client):
    person = factories.user()
    factories.organization(person)
    client.force_login(person)
    return person


def path(event) -> str:
    return f"/espace/evenements/{event.pk}/bilan/"


def at(moment):
    return time_machine.travel(moment, tick=False)


def kept() -> list[tuple]:
    return list(
        AttendanceReport.objects.values_list(
            "total", "by_audience", "women_share", "follow_up_codes", "comment"
        )
    )


def errors_of(answers, *, report=None) -> dict:
    form = AttendanceForm(answers, event=factories.draft(), report=report)
    return {name: list(errors) for name, errors in form.errors.items()}


def test_report_is_kept_and_comes_back_to_be_corrected(client, owner):
    event = factories.labelled(owner)
    with at(AFTER):
        answer = client.post(path(event), ANSWERS)
        assert (answer.status_code, answer.url) == (302, f"/espace/evenements/{event.pk}/")
        publics = {"scolaires": 80, "demandeurs-emploi": 25}
        assert kept() == [(120, publics, 45, ["stages", "visites"], "Très bonnes questions.")]
        form = client.get(path(event)).context["form"]
        assert {name: form[name].value() for name in ANSWERS} == {
            "total": 120,
            "public_scolaires": 80,
            "public_demandeurs-emploi": 25,
            "women_share": 45,
            "follow_up_codes": ["stages", "visites"],
            "comment": "Très bonnes questions.",
        }
    with at(LAST_EVENING):
        client.post(path(event), {"total": "0"})
    assert kept() == [(0, {}, None, [], "")]
    report = AttendanceReport.objects.get()
    assert (report.by, report.created_at, report.updated_at) == (owner, AFTER, LAST_EVENING)


def test_report_asks_for_the_publics_of_the_event_only(client, owner):
    event = factories.labelled(owner, audience_codes=["etudiants"])
    with at(AFTER):
        page = client.get(path(event)).content.decode()
    assert re.findall(r'name="(public_[^"]+)"', page) == ["public_etudiants"]
    assert "jusqu’au lundi 19 janvier 2026" in page


def test_public_that_was_counted_is_asked_again_though_the_event_changed(client, owner):
    event = factories.labelled(owner, audience_codes=["etudiants"])
    with at(AFTER):
        client.post(path(event), {"total": "10", "public_etudiants": "7"})
        Event.objects.filter(pk=event.pk).update(audience_codes=["scolaires"])
        form = client.get(path(event)).context["form"]
    assert [(field.name, field.value()) for field in form.audiences] == [
        ("public_scolaires", None),
        ("public_etudiants", 7),
    ]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "Le bilan s’ouvre à la fin du premier créneau, jeudi 20 novembre 2025 à 11\u00a0h\u00a030."),
        (
            END - timedelta(microseconds=1),
            "Le bilan s’ouvre à la fin du premier créneau, jeudi 20 novembre 2025 à 11\u00a0h\u00a030.",
        ),
        (END, ""),
        (LAST_EVENING, ""),
        (LAST_EVENING + timedelta(minutes=1), "Le bilan est fermé depuis le lundi 19 janvier 2026 au soir."),
    ],
)
def test_report_is_open_from_the_end_of_the_first_slot_for_sixty_days_after_the_last(moment, said):
    assert attendance.why_closed(factories.labelled(), moment) == said


def test_report_opens_after_the_first_slot_and_closes_after_the_last():
    slots = [factories.slot("2025-11-18"), factories.slot("2025-12-05")]
    event = factories.labelled(slots=slots)
    assert attendance.why_closed(event, datetime(2025, 11, 18, 12, tzinfo=UTC)) == ""
    assert f"{attendance.closes_on(event)}" == "2026-02-03"


def test_hour_of_opening_is_that_of_the_place():
    event = factories.labelled(commune_code="97411")
    assert attendance.why_closed(event, NOW).endswith("jeudi 20 novembre 2025 à 11\u00a0h\u00a030.")
    assert attendance.why_closed(event, datetime(2025, 11, 20, 7, 30, tzinfo=UTC)) == ""


def test_page_says_when_it_opens_and_what_was_counted_once_closed(client, owner):
    event = factories.labelled(owner)
    with at(NOW):
        early = client.get(path(event))
    with at(AFTER):
        client.post(path(event), {"total": "12"})
    with at(LAST_EVENING + timedelta(days=1)):
        late = client.get(path(event))
    assert (early.status_code, late.status_code) == (200, 200)
    assert "s’ouvre à la fin du premier créneau" in early.content.decode()
    assert "Vous aviez compté 12 participants." in late.content.decode()


def test_answers_sent_too_late_are_shown_again_and_not_kept(client, owner):
    event = factories.labelled(owner)
    with at(LAST_EVENING + timedelta(days=1)):
        form = client.post(path(event), ANSWERS).context["form"]
    assert form.non_field_errors() == ["Le bilan est fermé depuis le lundi 19 janvier 2026 au soir."]
    assert (form["total"].value(), form["comment"].value()) == ("120", "Très bonnes questions.")
    assert kept() == []


def test_event_without_label_has_no_report(client, owner):
    by = factories.national()
    events = [
        factories.draft(owner, slots=[]),
        factories.submitted(owner),
        workflow.withdraw(factories.labelled(owner), by=by, at=NOW, comment="Payante."),
        workflow.cancel(factories.labelled(owner), by=owner, at=NOW, comment="Travaux."),
    ]
    with at(AFTER):
        answers = [client.get(path(event)) for event in events]
        posted = [client.post(path(event), ANSWERS) for event in events]
    assert [(each.status_code, attendance.NO_LABEL in each.content.decode()) for each in answers] == [
        (404, True)
    ] * 4
    assert [each.context["form"].non_field_errors() for each in posted] == [[attendance.NO_LABEL]] * 4
    assert kept() == []


def test_report_changes_nothing_that_the_public_sees(client, owner):
    event = factories.labelled(owner)
    before = SiteRevision.objects.values_list("number").get(), event.version
    with at(AFTER):
        client.post(path(event), ANSWERS)
    event.refresh_from_db()
    assert (SiteRevision.objects.values_list("number").get(), event.version) == before


@pytest.mark.parametrize("number", [1, 3])
def test_report_asks_as_much_whatever_the_publics(client, owner, django_assert_num_queries, number):
    codes = ["scolaires", "etudiants", "demandeurs-emploi"][:number]
    event = factories.labelled(owner, audience_codes=codes)
    with at(AFTER), django_assert_num_queries(6):
        client.get(path(event))


# What is typed.


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, {"total": ["Écrivez un nombre, 0 si personne n’est venu."]}),
        (
            {"total": "beaucoup"},
            {"total": [TOTAL_WRONG.format("beaucoup")]},
        ),
        (
            {"total": "10", "women_share": "101"},
            {
                "women_share": [
                    "Part de filles et de femmes (%) : « 101 » n’est pas un nombre de 0 à 100, par exemple 25."
                ]
            },
        ),
        (
            {"total": "10", "public_scolaires": "-3"},
            {
                "public_scolaires": [
                    f"Scolaires (collégiens, lycéens) : « -3 » n’est pas un nombre de 0 à {MILLION}, par exemple 25."
                ]
            },
        ),
        (
            {"total": "10", "public_scolaires": "8", "public_demandeurs-emploi": "5"},
            {"total": ["10 est moins que les 13 comptés par public : corrigez l’un ou l’autre."]},
        ),
        (
            {"total": "0", "women_share": "50"},
            {"women_share": ["50\u00a0% de personne : laissez vide, ou corrigez le total."]},
        ),
        (
            {"total": "10", "follow_up_codes": ["fortune"]},
            {"follow_up_codes": ["« fortune » n’est pas dans la liste : cochez une case."]},
        ),
        (
            {"total": "10", "comment": "a" * 2001},
            {
                "comment": [
                    "« Voulez-vous ajouter quelque chose ? » compte 2001 caractères : gardez-en 2000 au plus."
                ]
            },
        ),
        ({"total": "1 200", "public_scolaires": "1200", "women_share": "0"}, {}),
        ({"total": "0", "women_share": "0"}, {}),
    ],
)
def test_each_error_names_the_field_what_was_found_and_the_cure(answers, errors):
    assert errors_of(answers) == errors


@pytest.mark.parametrize(
    "text", ["\0", "🏭" * 500, "\u202e", "<script>", "{{ x }}", "1e9", "NaN", "٣", "9" * 400]
)
def test_any_answer_is_kept_or_told(client, owner, text):
    event = factories.labelled(owner)
    answers = dict.fromkeys(ANSWERS, text)
    with at(AFTER):
        answer = client.post(path(event), answers)
        again = client.post(path(event), {"total": "3", "comment": text})
    assert (answer.status_code, again.status_code) == (200, 302)
    shown = text.strip().replace("\0", "")[:40]
    assert [shown in error for error in answer.context["form"].errors["total"]] == [True]
