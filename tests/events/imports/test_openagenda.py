"""The JSON export of OpenAgenda, to the cells of our columns; whatever it holds, cells are text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.imports import reading
from events.imports.columns import BY_KEY
from events.imports.openagenda import KEYS, cells_of
from events.imports.states import FileFormat
from tests.events.imports import agenda
from tests.properties import patient


def test_event_of_an_agenda_is_a_line_of_our_columns():
    table = reading.read(agenda.export(agenda.event()))
    [row] = table.rows
    assert (table.format, table.header) == (FileFormat.JSON, [BY_KEY[key].name for key in KEYS])
    assert (row.number, {key: cell for key, cell in zip(KEYS, row.cells, strict=True) if cell}) == (
        1,
        {
            "external_id": "75991871",
            "title": "Visite des ateliers Exemple",
            "summary": "Découverte des métiers de la fonderie.",
            "description": "**Programme**\n\nLa moulerie.",
            "other_slots": "2025-11-20T09:00+01:00/2025-11-20T11:30+01:00 ; "
            "2025-11-21T09:00+01:00/2025-11-21T11:30+01:00",
            "attendance_mode": "Sur place",
            "venue": "Fonderie Exemple",
            "address": "1 rue de l'Usine",
            "postal_code": "90000",
            "city": "Belfort",
            "commune_code": "90010",
            "typed_department": "Territoire de Belfort",
            "typed_region": "Bourgogne-Franche-Comté",
            "latitude": "47.65",
            "longitude": "6.87",
            "audience_codes": "Grand public",
            "is_free": "oui",
            "access_mode": "Sur inscription",
            "registration": "https://exemple.fr/inscription",
            "age_min": "13",
            "accessibility_codes": "Handicap visuel ; Handicap moteur",
            "contact_email": "visites@exemple.fr",
        },
    )


@pytest.mark.parametrize("wrap", [lambda events: {"events": events}, lambda events: events])
def test_export_may_be_the_list_alone_and_begin_with_a_mark(wrap):
    content = b"\xef\xbb\xbf" + json.dumps(wrap([agenda.event(7)])).encode()
    [row] = reading.read(content).rows
    assert row.cells[0] == "7"


AS_GIVEN = "2025-11-20T09:00+01:00/2025-11-20T11:30+01:00 ; 2025-11-21T08:00+00:00/2025-11-21T10:30+00:00"


@pytest.mark.parametrize(
    ("fields", "key", "cell"),
    [
        ({"attendanceMode": 2, "onlineAccessLink": "https://visio.exemple.fr"}, "attendance_mode", "En ligne"),
        ({"attendanceMode": 3}, "attendance_mode", "Sur place et en ligne"),
        ({"attendanceMode": [1]}, "attendance_mode", ""),
        ({"conditions": {"fr": "5 € par personne"}}, "is_free", "non"),
        ({"conditions": {"fr": "Gratuit, ou 5 € avec le repas"}}, "is_free", ""),
        ({"conditions": {}}, "is_free", ""),
        ({"title": {"en": "Visit"}}, "title", "Visit"),
        ({"title": "Visite"}, "title", "Visite"),
        ({"registration": ["a@exemple.fr"]}, "registration", "a@exemple.fr"),
        ({"registration": None}, "registration", ""),
        ({"location": None}, "city", ""),
        ({"timings": None}, "other_slots", ""),
        ({"timezone": "../../etc/passwd"}, "other_slots", AS_GIVEN),
        ({"timings": [{"begin": "demain", "end": None}]}, "other_slots", "demain/"),
        ({"publics": [3, 4]}, "audience_codes", ""),
        ({"nombre-de-places": 25}, "capacity", "25"),
        ({"uid": True}, "external_id", ""),
        ({"location": {"longitude": -5e-05}}, "longitude", "-0.00005"),
    ],
)  # fmt: skip
def test_what_an_agenda_may_say_otherwise(fields, key, cell):
    assert cells_of(agenda.event(**fields))[key] == cell


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@patient
@given(st.dictionaries(st.sampled_from(list(agenda.event())), anything))
def test_any_values_are_cells_of_text(fields):
    assert {type(cell) for cell in cells_of(agenda.event(**fields)).values()} == {str}
