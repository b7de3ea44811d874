"""The dry run: a verdict for every line, and nothing of the events written."""

from datetime import timedelta

import pytest

from events import workflow
from events.imports.states import ImportState, LinePlan, LineVerdict
from events.models import Event
from tests import factories
from tests.events.imports import agenda, files
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TERGNIER = (
    "Vous indiquez « Saint-Pierre-et-Miquelon », mais Tergnier se trouve dans le département « Aisne ». "
    "Corrigez la commune ou le territoire."
)


@pytest.fixture
def organizer():
    person = factories.user()
    factories.organization(person)
    for code in ("90010", "02738", "59350", "97101", "97411", "93066"):
        factories.commune(code)
    return person


def checked(organizer, content):
    return files.worked(files.received(organizer, content, factories.edition(), at=NOW), NOW)


def remarks(event_import):
    """(verdict, remarks as (column, found, wanted)) of each line."""
    return [
        (line.verdict, [(each["column"], each["found"], each["wanted"]) for each in line.remarks])
        for line in event_import.lines.all()
    ]


def test_right_lines_are_right_and_nothing_is_written(organizer):
    event_import = checked(organizer, files.csv_of(*map(files.line, range(4))))
    assert (event_import.state, event_import.total, event_import.done) == (ImportState.CHECKED, 4, 4)
    lines = event_import.lines.values_list("number", "external_id", "title", "verdict", "plan", "remarks")
    assert list(lines) == [
        (number + 2, f"FT-000{number}", f"Job dating numéro {number}", LineVerdict.OK, LinePlan.CREATE, [])
        for number in range(4)
    ]
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("cells", "verdict", "said"),
    [
        ({"day": "31/02/2025"}, LineVerdict.ERROR, [("Date", "31/02/2025", "une date comme 18/11/2026")]),
        (
            {"day": "20/01/2026"},
            LineVerdict.INCOMPLETE,
            [("Date", "mardi 20 janvier 2026", "du 2 novembre au 7 décembre 2025")],
        ),
        ({"is_free": "non"}, LineVerdict.INCOMPLETE, [("Gratuit", "payant", "gratuit")]),
        ({"is_free": "peut-être"}, LineVerdict.ERROR, [("Gratuit", "peut-être", "oui ou non")]),
        (
            {"city": "Belfort", "postal_code": "59000"},
            LineVerdict.ERROR,
            [("Code postal", "59000", "90000")],
        ),
        (
            {"start": ""},
            LineVerdict.INCOMPLETE,
            [("Début", "vide", "une réponse : le créneau a besoin de « Début »")],
        ),
        ({"title": ""}, LineVerdict.ERROR, [("Titre", "vide", "un titre")]),
        ({"city": "Belford"}, LineVerdict.ERROR, [("Commune", "Belford", "une commune de France")]),
        (
            {"city": "Tergnier", "postal_code": "02700", "typed_department": "Saint-Pierre-et-Miquelon"},
            LineVerdict.ERROR,
            [("Commune", "Saint-Pierre-et-Miquelon", "Aisne")],
        ),
        (
            {"city": "Belfort", "postal_code": "90099"},
            LineVerdict.WARNING,
            [("Code postal", "90099", "90000")],
        ),
        (
            {"city": "Belfort", "postal_code": "90000", "latitude": "48,86", "longitude": "2,35"},
            LineVerdict.WARNING,
            [("Commune", "360 km", "20 km au plus")],
        ),
        (
            {"access_mode": "Réservé"},
            LineVerdict.INCOMPLETE,
            [("Réservé à", "vide", "le public concerné")],
        ),
        (
            {"access_mode": "Sur inscription"},
            LineVerdict.INCOMPLETE,
            [("Inscription", "vide", "un moyen de s’inscrire")],
        ),
        (
            {"attendance_mode": "En ligne", "online_url": ""},
            LineVerdict.INCOMPLETE,
            [("Lien de connexion", "aucun lien", "une adresse https://…")],
        ),
        (
            {"contact_email": ""},
            LineVerdict.INCOMPLETE,
            [("Courriel du contact", "vide", "un courriel ou un téléphone")],
        ),
    ],
)  # fmt: skip
def test_line_says_its_column_what_was_found_and_what_is_wanted(organizer, cells, verdict, said):
    event_import = checked(organizer, files.csv_of(files.line(0), files.line(1, **cells)))
    assert remarks(event_import) == [(LineVerdict.OK, []), (verdict, said)]


def test_territory_that_is_not_the_communes_is_said_with_both(organizer):
    cells = {"city": "Tergnier", "postal_code": "02700", "typed_department": "Saint-Pierre-et-Miquelon"}
    [line] = checked(organizer, files.csv_of(files.line(1, **cells))).lines.all()
    assert [each["message"] for each in line.remarks] == [TERGNIER]


def test_identifier_given_twice_is_an_error_on_the_second_line(organizer):
    event_import = checked(organizer, files.csv_of(files.line(1), files.line(2, external_id="FT-0001")))
    assert remarks(event_import) == [
        (LineVerdict.OK, []),
        (LineVerdict.ERROR, [("Identifiant", "FT-0001", "un identifiant par ligne")]),
    ]


def test_line_repeated_without_identifier_is_worth_a_look(organizer):
    event_import = checked(organizer, files.csv_of(*[files.line(1, external_id="")] * 2))
    assert remarks(event_import) == [
        (LineVerdict.OK, []),
        (LineVerdict.WARNING, [("Titre", "comme la ligne 2", "un autre événement")]),
    ]


def test_title_date_and_commune_are_enough_for_a_draft(organizer):
    cells = ("title", "day", "city")
    line = {key: cell for key, cell in files.line(0).items() if key in cells}
    event_import = files.decided(checked(organizer, files.csv_of(line)), NOW, submits=True)
    [line] = event_import.lines.all()
    assert (line.verdict, line.was_sent, line.event.title, line.event.commune.name) == (
        LineVerdict.INCOMPLETE,
        False,
        "Job dating numéro 0",
        "Belfort",
    )
    assert [each["column"] for each in line.remarks] == [
        "Début", "Fin", "Gratuit", "Publics", "Résumé", "Accès", "Courriel du contact",
    ]  # fmt: skip


def test_agenda_without_fields_of_ours_is_kept_as_a_draft(organizer):
    fields = {"publics": None, "acces": None, "contact-email": None}
    [line] = checked(organizer, agenda.export(agenda.event(1, **fields))).lines.all()
    assert (line.verdict, [each["column"] for each in line.remarks]) == (
        LineVerdict.INCOMPLETE,
        ["Publics", "Accès", "Courriel du contact"],
    )


def test_what_was_sent_may_not_come_to_lack_anything(organizer):
    known(organizer, submits=True)
    other = checked(organizer, files.csv_of(files.line(1, title="Autre titre", contact_email="")))
    assert remarks(other) == [
        (LineVerdict.ERROR, [("Courriel du contact", "vide", "un courriel ou un téléphone")])
    ]


def test_half_a_slot_leaves_the_slots_of_a_known_event(organizer):
    event = known(organizer)
    again = checked(organizer, files.csv_of(files.line(1, title="Autre titre", end="")))
    files.decided(again, NOW)
    event.refresh_from_db()
    assert (event.title, event.slots.count()) == ("Autre titre", 1)


def known(organizer, number=1, **fields):
    """An event that an import of line `number` has already made."""
    event_import = checked(organizer, files.csv_of(files.line(number)))
    files.decided(event_import, NOW, **fields)
    return Event.objects.get(external_id=f"FT-{number:04}")


def test_line_of_a_known_event_is_unchanged_or_an_update(organizer):
    event = known(organizer)
    again = checked(organizer, files.csv_of(files.line(1), files.line(2)))
    other = checked(organizer, files.csv_of(files.line(1, title="Autre titre")))
    assert list(again.lines.values_list("plan", "event")) == [
        (LinePlan.SAME, event.pk),
        (LinePlan.CREATE, None),
    ]
    assert list(other.lines.values_list("plan", "event")) == [(LinePlan.UPDATE, event.pk)]


def test_event_that_is_closed_to_changes_is_said_unless_unchanged(organizer):
    event = known(organizer)
    event = workflow.submit(event, by=organizer, at=NOW)
    workflow.cancel(event, by=organizer, at=NOW, comment="Panne.")
    again = checked(organizer, files.csv_of(files.line(1)))
    other = checked(organizer, files.csv_of(files.line(1, title="Autre titre")))
    assert remarks(again) == [(LineVerdict.OK, [])]
    assert remarks(other) == [(LineVerdict.ERROR, [("Identifiant", "FT-0001", "un autre identifiant")])]


def test_identifier_of_last_years_event_is_an_error(organizer):
    known(organizer)
    factories.edition(2026)
    event_import = files.received(
        organizer, files.csv_of(files.line(1, day="18/11/2026")), factories.edition(2026), at=NOW
    )
    [line] = files.worked(event_import, NOW).lines.all()
    message = (
        "« FT-0001 » désigne déjà un événement de l’édition 2025 : donnez-lui un autre identifiant, par exemple "
        "FT-0001-2026."
    )
    assert [each["message"] for each in line.remarks] == [message]


def test_export_of_an_agenda_is_checked_as_a_spreadsheet_is(organizer):
    wrong = agenda.event(
        2, timings=[{"begin": "2025-12-20T09:00:00+01:00", "end": "2025-12-20T10:00:00+01:00"}]
    )
    event_import = checked(organizer, agenda.export(agenda.event(1), wrong))
    assert remarks(event_import) == [
        (LineVerdict.OK, []),
        (LineVerdict.INCOMPLETE, [("Date", "samedi 20 décembre 2025", "du 2 novembre au 7 décembre 2025")]),
    ]


def test_check_that_begins_again_makes_no_double(organizer):
    event_import = checked(organizer, files.csv_of(files.line(1), files.line(2)))
    files.decided(event_import, NOW + timedelta(1), state=ImportState.RECEIVED)
    assert (event_import.state, event_import.lines.count()) == (ImportState.CHECKED, 2)


@pytest.mark.parametrize("number", [1, 3])
def test_check_takes_as_many_queries_for_one_line_as_for_three(organizer, number, django_assert_num_queries):
    lines = [files.line(4 * each) for each in range(number)]
    files.decided(checked(organizer, files.csv_of(*lines)), NOW)
    event_import = files.received(organizer, files.csv_of(*lines), factories.edition(), at=NOW)
    with django_assert_num_queries(16):
        files.worked(event_import, NOW)
