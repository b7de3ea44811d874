"""CSV and XLSX files, as spreadsheets of all kinds write them, to rows of plain text."""

from datetime import date, datetime, time, timedelta

import pytest

from events.imports import reading, workbook, writers
from events.imports.limits import Refused
from events.imports.states import FileFormat
from tests.events.imports import files

HEADER = ["Titre", "Résumé", "Commune"]
ROW = ["Visite d’usine", "À l’œuvre : fonderie, forge", "L’Haÿ-les-Roses"]


def read(content: bytes):
    """(format, header, rows with their numbers)."""
    table = reading.read(content)
    return table.format, table.header, [(row.number, row.cells) for row in table.rows]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_its_separator_and_encoding(separator, encoding):
    content = files.as_csv([HEADER, ROW], separator=separator, encoding=encoding)
    assert read(content) == (FileFormat.CSV, HEADER, [(2, ROW)])


def test_xlsx_is_read():
    assert read(files.as_xlsx([HEADER, ROW])) == (FileFormat.XLSX, HEADER, [(2, ROW)])


@pytest.mark.parametrize("make", [files.as_csv, files.as_xlsx])
def test_lines_are_numbered_as_the_spreadsheet_shows_them(make):
    rows = [HEADER, ROW, ["", "", ""], ["Forum", "", ""]]
    assert read(make(rows))[2] == [(2, ROW), (4, ["Forum", "", ""])]


def test_csv_cell_may_hold_separators_quotes_and_lines():
    row = ['Visite « 1 ; 2 » et "3"', "Une ligne\nune autre", "Belfort"]
    assert read(files.as_csv([HEADER, row]))[2] == [(2, row)]


def test_short_lines_are_filled_and_long_ones_cut():
    content = "Titre;Résumé;Commune\nForum\nSalon;a;b;c;d\n".encode()
    assert read(content)[2] == [(2, ["Forum", "", ""]), (3, ["Salon", "a", "b"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("90000", "90000"),
        (25, "25"),
        (25.0, "25"),
        (47.64, "47.64"),
        (True, "oui"),
        (False, "non"),
        (datetime(2026, 11, 18), "2026-11-18"),  # noqa: DTZ001
        (datetime(2026, 11, 18, 9, 30), "2026-11-18 09:30"),  # noqa: DTZ001
        (date(2026, 11, 18), "2026-11-18"),
        (time(9, 0), "09:00"),
        (timedelta(hours=14, minutes=30), "14:30"),
    ],
)
def test_typed_cell_of_a_workbook_is_what_people_read(value, text):
    assert workbook.as_text(value) == text


def test_dates_and_hours_of_a_workbook_are_read():
    row = ["Forum", date(2026, 11, 18), time(9, 0)]
    content = files.as_xlsx([["Titre", "Date", "Début"], row])
    assert read(content)[2] == [(2, ["Forum", "2026-11-18", "09:00"])]


def test_formula_stays_a_text_that_is_never_evaluated():
    rows = read(files.as_xlsx([HEADER, ["=1+1", "Résumé", "Lille"]]))[2]
    assert rows == [(2, ["=1+1", "Résumé", "Lille"])]


@pytest.mark.parametrize(
    "text", ["+33 3 84 00 00 00", "-61,5", "@contact", "=SOMME(A1)", "texte", "'apostrophe"]
)
@pytest.mark.parametrize("make", [writers.as_csv, writers.as_xlsx])
def test_file_that_we_write_is_read_again_as_it_was(make, text):
    assert read(make([HEADER, ["Forum", text, "Lille"]]))[2] == [(2, ["Forum", text, "Lille"])]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a"])
def test_cell_that_a_spreadsheet_would_run_is_neutralised(text):
    assert writers.as_csv([["Titre"], [text]]).decode("utf-8-sig") == f"Titre\r\n'{text}\r\n"


@pytest.mark.parametrize(
    "header",
    [
        ["TITRE", "code_postal", "Heure de début", "Publics (plusieurs)"],
        ["titre", "CP", "debut", "publics"],
        ["Titre ", "Code  postal", "Début", "PUBLICS"],
    ],
)
def test_columns_are_known_by_many_names(header):
    keys = [column.key for column in reading.columns_of(header).values()]
    assert keys == ["title", "postal_code", "start", "audience_codes"]


def test_unknown_columns_are_kept_and_named():
    header = ["Titre", "Agence", "Remarques", ""]
    assert reading.ignored(header) == ["Agence"]


def test_lines_of_the_template_are_not_read():
    rows = [["Identifiant", "Titre"], ["EXEMPLE-1", "Exemple"], ["A-1", "Forum"]]
    assert read(files.as_csv(rows))[2] == [(3, ["A-1", "Forum"])]


REFUSED = {
    b"": "Ce fichier est vide : partez du modèle et remplissez une ligne par événement.",
    b"\xef\xbb\xbf \n": "Ce fichier est vide : partez du modèle et remplissez une ligne par événement.",
    b"Titre\n": "Ce fichier n’a aucune ligne sous ses titres de colonnes : remplissez-en une par événement.",
    b"Identifiant;Titre\nEXEMPLE-1;a\n": "Ce fichier n’a aucune ligne sous ses titres de colonnes : "
    "remplissez-en une par événement.",
    b"Nom;Ville\na;b\n": "Nous ne trouvons pas la colonne « Titre » dans la première ligne du fichier : "
    "partez du modèle.",
    b"Titre;titre\na;b\n": "La colonne « Titre » est là deux fois : gardez-en une.",
    b'Titre;Commune\n"a;b\n': "Ce fichier CSV ne se lit pas jusqu’au bout, près de la ligne 2 : un guillemet y est "
    "ouvert et jamais fermé, ou une cellule est trop longue.",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "Ce fichier est d’un ancien format d’Excel : enregistrez-le en « Classeur Excel "
    "(.xlsx) ».",
}


@pytest.mark.parametrize("content", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_table_of_events_is_refused_with_its_cure(content):
    with pytest.raises(Refused) as refused:
        read(content)
    assert str(refused.value) == REFUSED[content]
