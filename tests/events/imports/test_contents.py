"""One line to the contents of an event: every cell is a value, or a fault with its column, found and wanted."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events.imports import columns, contents, reading
from events.imports.columns import BY_KEY, COLUMNS
from events.imports.contents import Remark
from semaine.models import Commune
from tests.events.imports.files import line
from tests.properties import patient

LISTS = {
    "format": [("visite", "Visite"), ("job-dating", "Job dating")],
    "sector": [("communication", "Communication, industries graphiques"), ("bois", "Bois")],
    "topic": [("mixite", "Mixité : femmes et industrie")],
    "mode": [("sur-place", "Sur place"), ("en-ligne", "En ligne"), ("mixte", "Sur place et en ligne")],
    "audience": [("scolaires", "Scolaires (collégiens, lycéens)"), ("grand-public", "Grand public")],
    "access": [("libre", "Entrée libre"), ("reserve", "Réservé à un public précis")],
    "accessibility": [("mi", "Handicap moteur")],
}
PARSE = contents.parser(columns.choices(LISTS))
BELFORT = Commune(code="90010", name="Belfort", place_key="belfort", timezone="Europe/Paris")
FATU_HIVA = Commune(code="98718", name="Fatu-Hiva", place_key="fatu hiva", timezone="Pacific/Marquesas")
UNKNOWN = "Nous ne trouvons pas la commune."


def resolve(name, postal_code, code):
    for commune in (BELFORT, FATU_HIVA):
        if name == commune.name or code == commune.code:
            return commune
    raise ValidationError(UNKNOWN)


def read(cells, **options):
    return contents.read(cells, PARSE, resolve, **options)


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("title", "Visite\nd’usine", "Visite d’usine"),
        ("description", "Une ligne\nune autre", "Une ligne\nune autre"),
        ("format_code", "JOB-DATING", "job-dating"),
        ("format_code", "Visite", "visite"),
        ("sector_codes", "Communication, industries graphiques ; bois", ["communication", "bois"]),
        ("sector_codes", "bois\nBois", ["bois"]),
        ("audience_codes", "scolaires, grand public", ["scolaires", "grand-public"]),
        ("audience_codes", "", []),
        ("attendance_mode", "", "sur-place"),
        ("attendance_mode", "sur place et en ligne", "mixte"),
        ("access_mode", "Réservé", "reserve"),
        ("is_free", "OUI", True),
        ("is_free", "payant", False),
        ("is_free", "", None),
        ("capacity", "1 200", 1200),
        ("capacity", "1\u202f200", 1200),
        ("age_min", "0", 0),
        ("postal_code", "1000", "01000"),
        ("postal_code", "90 000", "90000"),
        ("online_url", "visio.exemple.fr/usine", "https://visio.exemple.fr/usine"),
        ("contact_phone", "+33 3 84 00 00 00", "+33 3 84 00 00 00"),
    ],
)
def test_cell_is_read(key, cell, value):
    said = read({key: cell})
    assert (said.values[key], said.remarks) == (value, [])


@pytest.mark.parametrize(
    ("key", "cell", "found", "wanted"),
    [
        ("title", "a" * 141, "141 caractères", "140 caractères au plus"),
        ("title", "=A1", "=A1", "une valeur, pas une formule"),
        ("description", "a" * 12_001, "a" * 80 + "…", "12\xa0000 caractères au plus"),
        ("format_code", "Concert", "Concert", "une valeur de la liste"),
        (
            "sector_codes",
            "Bois ; Plomb ; Zinc",
            "Plomb et Zinc",
            "des valeurs de la liste, séparées par « ; »",
        ),
        ("is_free", "5 €", "5 €", "oui ou non"),
        ("capacity", "vingt", "vingt", "un nombre de 1 à 1\xa0000\xa0000"),
        ("capacity", "0", "0", "un nombre de 1 à 1\xa0000\xa0000"),
        ("age_max", "121", "121", "un nombre de 0 à 120"),
        ("postal_code", "9000A", "9000A", "cinq chiffres, comme 90000"),
        ("online_url", "demain", "demain", "une adresse comme https://www.exemple.fr/page"),
        ("contact_email", "camille", "camille", "une adresse comme contact@exemple.fr"),
        ("contact_phone", "le matin", "le matin", "un numéro comme 03 84 00 00 00"),
        ("latitude", "91", "91", "des degrés de -90 à 90, comme 47,64"),
        (
            "registration",
            "à l’accueil",
            "à l’accueil",
            "un lien, un courriel, un téléphone ou « France Travail »",
        ),
        ("day", "31/02/2026", "31/02/2026", "une date comme 18/11/2026"),
        ("start", "neuf heures", "neuf heures", "une heure comme 14:30"),
    ],
)
def test_wrong_cell_says_its_column_what_was_found_and_what_is_wanted(key, cell, found, wanted):
    assert read({key: cell}).remarks[0] == Remark(BY_KEY[key].name, found, wanted)


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("", "", ""),
        ("https://exemple.fr/inscription", "lien", "https://exemple.fr/inscription"),
        ("www.exemple.fr", "lien", "https://www.exemple.fr"),
        ("visites@exemple.fr", "courriel", "visites@exemple.fr"),
        ("03 84 00 00 00", "telephone", "03 84 00 00 00"),
        ("Auprès de France Travail", "france-travail", ""),
    ],
)
def test_registration_tells_by_itself_what_it_is(cell, kind, value):
    found = read({"registration": cell}).values
    assert found == {"registration_kind": kind, "registration_value": value}


def moments(*pairs):
    return [tuple(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in pair) for pair in pairs]


@pytest.mark.parametrize(
    ("cells", "slots"),
    [
        (
            {"day": "18/11/2026", "start": "9h", "end": "12 h 30"},
            [("2026-11-18T08:00", "2026-11-18T11:30")],
        ),
        (
            {"day": "2026-11-18", "start": "18:00", "end": "00:00"},
            [("2026-11-18T17:00", "2026-11-18T23:00")],
        ),
        (
            {"other_slots": "2026-11-19 14:00-17:00 ; 18/11/2026 9h à 12h"},
            [("2026-11-18T08:00", "2026-11-18T11:00"), ("2026-11-19T13:00", "2026-11-19T16:00")],
        ),
        (
            {"day": "18/11/2026", "start": "09:00", "end": "12:00", "other_slots": "18/11/2026 09:00-12:00"},
            [("2026-11-18T08:00", "2026-11-18T11:00")],
        ),
        (
            {"other_slots": "2026-11-18T09:00-05:00/2026-11-18T12:00-05:00"},
            [("2026-11-18T14:00", "2026-11-18T17:00")],
        ),
    ],
)
def test_slots_are_read_in_the_time_of_paris_or_as_they_say(cells, slots):
    said = read(cells)
    assert (said.slots, said.remarks) == (moments(*slots), [])


def test_slots_are_in_the_time_of_the_place():
    cells = {"city": "Fatu-Hiva", "day": "18/11/2026", "start": "09:00", "end": "12:00"}
    assert read(cells).slots == moments(("2026-11-18T18:30", "2026-11-18T21:30"))


@pytest.mark.parametrize(
    ("cells", "remarks"),
    [
        (
            {"day": "18/11/2026", "start": "12:00", "end": "09:00"},
            [("Fin", "12:00-09:00", "une fin après le début, le même jour")],
        ),
        (
            {"day": "18/11/2026", "start": "09:00", "end": ""},
            [("Fin", "vide", "une réponse : le créneau a besoin de « Fin »")],
        ),
        (
            {"day": "18/11/2026", "start": "9h", "end": "12h", "other_slots": "18/11/2026 11:00-13:00"},
            [
                (
                    "Autres créneaux",
                    "mercredi 18 novembre 2026 11:00-13:00",
                    "des créneaux qui ne se chevauchent pas",
                )
            ],
        ),
        (
            {"other_slots": "mercredi matin"},
            [
                (
                    "Autres créneaux",
                    "mercredi matin",
                    "des créneaux comme « 18/11/2026 9:00-12:00 ; 19/11/2026 14:00-17:00 »",
                )
            ],
        ),
        (
            {"other_slots": "2026-11-18T09:00+01:00/2026-11-20T09:00+01:00"},
            [
                (
                    "Autres créneaux",
                    "mercredi 18 novembre 2026 09:00-09:00",
                    "24 heures au plus, la fin après le début",
                )
            ],
        ),
    ],
)
def test_slots_that_do_not_hold_are_said(cells, remarks):
    said = read(cells)
    assert ([remark[:3] for remark in said.remarks], said.slots) == (remarks, [])


def test_point_needs_both_its_numbers():
    assert read({"latitude": "47,64", "longitude": ""}).remarks == [
        Remark("Longitude", "vide", "la latitude et la longitude, ou aucune des deux")
    ]
    point = read({"latitude": "47,64", "longitude": "-6.86"}).values
    assert (point["latitude"], point["longitude"], point["point_source"]) == (47.64, -6.86, "hand")


def test_unknown_commune_is_said_in_the_words_of_the_territories():
    said = read({"city": "Belford", "postal_code": "90000"})
    assert said.remarks == [Remark("Commune", "Belford", "une commune de France", UNKNOWN)]


def test_ages_in_the_wrong_order_are_said():
    said = read({"age_min": "18", "age_max": "13"})
    assert said.remarks == [Remark("Âge maximum", "13", "au moins l’âge minimum, 18")]


def test_columns_that_the_file_has_not_are_left_alone():
    said = read({"title": "Forum"})
    assert (said.values, said.slots, said.typed) == ({"title": "Forum"}, None, {})


def test_complete_line_has_no_fault():
    said = read(line(0) | {"city": "Belfort", "access_mode": "libre", "audience_codes": "grand public"})
    assert (said.remarks, said.values["commune"]) == ([], BELFORT)


@patient
@given(st.dictionaries(st.sampled_from([column.key for column in COLUMNS]), st.text(max_size=200)))
def test_any_cells_are_values_or_faults(cells):
    cleaned = {key: reading.clean(cell) for key, cell in cells.items()}
    said = read(cleaned)
    assert all(remark.column and remark.found and remark.wanted for remark in said.remarks)
    assert "\0" not in repr(said.values)


@patient
@given(st.text(max_size=100))
def test_any_slots_are_slots_or_one_fault(cell):
    said = read({"other_slots": reading.clean(cell)})
    assert (said.slots == []) or all(starts_at < ends_at for starts_at, ends_at in said.slots)
    assert len(said.remarks) < 2


def test_lists_of_another_site_are_told_and_kept_as_far_as_they_go():
    cells = line(0, audience_codes="Sorciers ; Grand public", access_mode="Par la fenêtre", day="demain")
    said = read(cells, lenient=True)
    assert (said.values["audience_codes"], said.values["access_mode"]) == (["grand-public"], "")
    assert [(each.column, each.found, each.is_error) for each in said.remarks] == [
        ("Date", "demain", True),
        ("Publics", "Sorciers", False),
        ("Accès", "Par la fenêtre", False),
    ]


def test_code_of_the_commune_counts_more_than_its_name():
    said = read({"city": "Fatu Hiva", "commune_code": "90010"})
    assert said.values["commune"] == BELFORT
    message = "Le code INSEE 90010 est celui de Belfort : c’est la commune retenue."
    assert said.remarks == [Remark("Commune", "Fatu Hiva", "Belfort", message, is_error=False)]
    assert read({"city": "Belfort", "commune_code": "90010"}).remarks == []
    assert read({"city": "", "commune_code": "98718"}).values["commune"] == FATU_HIVA
