"""The events of France Travail, to the cells of our columns and to events."""

import pytest
from hypothesis import given

from events.enums import Source
from events.imports import reading
from events.imports.france_travail import KEYS, cells_of
from events.imports.html import as_markdown, first_words
from events.imports.states import FileFormat, LineOutcome
from events.models import Event
from tests import factories
from tests.events.imports import files, travail
from tests.events.imports.test_openagenda import anything, st
from tests.factories import NOW
from tests.properties import patient

DESCRIPTION = """**Au programme**

Des **entretiens** courts\u00a0: venez\u00a0!

- CV
- [La fonderie](https://exemple.fr/fonderie)

**Déroulement**

Accueil, puis trois entretiens."""


def test_event_is_a_line_of_our_columns():
    table = reading.read(travail.export(travail.event()))
    [row] = table.rows
    assert (table.format, table.source) == (FileFormat.JSON, Source.FRANCE_TRAVAIL)
    assert {key: cell for key, cell in zip(KEYS, row.cells, strict=True) if cell} == {
        "external_id": "5001",
        "title": "Job dating de la fonderie",
        "summary": "Au programme Des entretiens courts : venez ! CV La fonderie",
        "description": DESCRIPTION,
        "format_code": "job-dating",
        "other_slots": "2025-11-20T09:00+01:00/2025-11-20T12:00+01:00",
        "attendance_mode": "sur-place",
        "postal_code": "90000",
        "city": "BELFORT",
        "commune_code": "90010",
        "latitude": "47.65",
        "longitude": "6.87",
        "audience_codes": "demandeurs-emploi ; jeunes",
        "is_free": "oui",
        "access_mode": "inscription",
        "registration": "https://mesevenementsemploi.exemple.fr/evenement/1",
        "more_info_url": "https://mesevenementsemploi.exemple.fr/evenement/1",
        "capacity": "40",
        "partners": "France Travail Belfort",
    }


@pytest.mark.parametrize(
    ("fields", "key", "cell"),
    [
        ({"modalites": ["A_DISTANCE"]}, "attendance_mode", "en-ligne"),
        ({"modalites": ["A_DISTANCE", "EN_PHYSIQUE"]}, "attendance_mode", "mixte"),
        ({"modalites": [{"code": "X", "libelle": "Par pigeon"}]}, "attendance_mode", "Par pigeon"),
        ({"modalites": None}, "attendance_mode", ""),
        ({"publics": ["Sorciers", "Tout public"]}, "audience_codes", "Sorciers ; grand-public"),
        ({"type": {"libelle": "Journée portes ouvertes"}}, "format_code", "portes-ouvertes"),
        ({"type": "Bal; masqué"}, "format_code", "Bal  masqué"),
        ({"nombrePlaceTotalDistance": 60}, "capacity", "100"),
        ({"nombrePlaceTotalDistance": "-3"}, "capacity", "-3"),
        ({"timezone": None}, "start", "09:00"),
        ({"timezone": "Mars/Base", "heureFin": "12h30"}, "end", "12:30"),
        ({"heureFin": None}, "day", "2025-11-20"),
        ({"dateEvenement": "demain"}, "day", "demain"),
        ({"urlDetailEvenement": ""}, "access_mode", ""),
    ],
)
def test_what_they_may_say_otherwise(fields, key, cell):
    assert cells_of(travail.event(**fields)).get(key) == cell


@patient
@given(st.dictionaries(st.sampled_from(list(travail.event())), anything))
def test_any_values_are_cells_of_text(fields):
    assert {type(cell) for cell in cells_of(travail.event(**fields)).values()} == {str}


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("Deux * trois < quatre", "Deux * trois < quatre"),
        ("Café &amp; thé", "Café & thé"),
        ("un<br>deux", "un\ndeux"),
        ('<p onclick="x()">a</p><p>b</p>', "a\n\nb"),
        ('<a href="javascript:alert(1)">lien</a>', "lien"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<style>p{}</style><table><tr><td>a</td></tr></table>", "a"),
    ],
)
def test_html_becomes_light_markdown(html, markdown):
    assert as_markdown(html) == markdown


def test_summary_is_the_first_sentences_that_fit():
    assert (
        first_words("**Une** phrase. Une [autre](https://a.fr) ! Et une bien trop longue.", 25)
        == "Une phrase. Une autre !"
    )
    assert first_words("Des mots sans fin ni point", 15) == "Des mots sans…"


@pytest.mark.django_db
def test_unknown_words_are_told_and_stop_nothing():
    organizer = factories.user()
    factories.organization(organizer)
    factories.commune("90010")
    wrong = travail.event(2, titre="é" * 141)
    odd = travail.event(1, publics=["Sorciers", "Jeune"], modalites=["Par pigeon"], type="Bal")
    event_import = files.received(organizer, travail.export(odd, wrong), factories.edition(), at=NOW)
    files.decided(files.worked(event_import, NOW), NOW)
    first, second = event_import.lines.all()
    assert (first.outcome, second.outcome) == (LineOutcome.CREATED, LineOutcome.REFUSED)
    told = [
        (each["column"], each["found"], each["is_error"]) for each in first.remarks if not each["is_lack"]
    ]
    assert told == [("Nature", "Bal", False), ("Mode", "Par pigeon", False), ("Publics", "Sorciers", False)]
    event = Event.objects.get()
    assert (event.source, event.external_id, event.audience_codes) == (
        Source.FRANCE_TRAVAIL,
        "5001",
        ["jeunes"],
    )
    assert (event.commune_id, event.attendance_mode) == ("90010", "sur-place")
