"""Files that mean harm, each with the beginning of the one sentence that refuses it."""

import json
import zipfile
from io import BytesIO

from tests.events.imports import files

NAMES = ["Titre", "Commune"]
NO_TABLE = "Ce fichier n’est pas un tableau que nous savons lire"
TOO_BIG = "Ce classeur est trop gros une fois ouvert"
BROKEN_BOOK = "Ce classeur Excel est abîmé ou protégé"
TOO_MANY_ROWS = "Le tableau compte plus de 5\xa0000 lignes"
TOO_MANY_COLUMNS = "Le tableau compte plus de 60 colonnes"
BROKEN_JSON = "Ce fichier JSON est abîmé"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = f"<worksheet {SPACE}><sheetData>{{}}</sheetData></worksheet>"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256)) * 40
TEXT_CELL = '<c r="A1" t="inlineStr"><is><t>Titre</t></is></c>'


SHARED = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def workbook_with(sheet: str, *, prolog: str = "", strings: str = "", **parts: bytes) -> bytes:
    """A workbook whose sheet, and the texts that its cells share, are written by hand."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(files.as_xlsx([NAMES]))) as honest:
        own = {name: honest.read(name) for name in honest.namelist()}
    own["xl/worksheets/sheet1.xml"] = prolog + sheet
    own["xl/sharedStrings.xml"] = f"<sst {SPACE}>{strings}</sst>"
    types = own["[Content_Types].xml"].decode()
    if "/xl/sharedStrings.xml" not in types:
        own["[Content_Types].xml"] = types.replace("</Types>", SHARED)
    own |= {f"xl/media/{name}": content for name, content in parts.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in own.items():
            made.writestr(name, content)
    return file.getvalue()


def rows(number: int, cells: str) -> str:
    return "".join(f'<row r="{line}">{cells}</row>' for line in range(1, number + 1))


def bomb() -> bytes:
    """Ten kilobytes that hold ten million characters."""
    return workbook_with(SHEET.format(""), image=b"0" * 10_000_000)


def lying_bomb() -> bytes:
    """The same, whose directory says that it is small."""
    content = bytearray(workbook_with(SHEET.format(""), image=b"0" * 10_000_000))
    true, false = (10_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    return bytes(content.replace(true, false))


def many_small_tags() -> bytes:
    """One row of more than a million empty cells, stored so that no ratio tells."""
    return workbook_with(SHEET.format(f'<row r="1">{TEXT_CELL}{"<c/>" * 2_600_000}</row>'))


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
    return workbook_with(SHEET.format(cell), prolog=f'<!DOCTYPE w [<!ENTITY l0 "ha">{entities}]>')


def far_row() -> bytes:
    last = TEXT_CELL.replace("A1", "A999999999")
    return workbook_with(SHEET.format(f'<row r="1">{TEXT_CELL}</row><row r="999999999">{last}</row>'))


def repeated_text() -> bytes:
    """One long text that thousands of cells share."""
    strings = f"<si><t>Titre</t></si><si><t>{'a' * 11_000}</t></si>"
    first = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    others = "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>1</v></c></row>' for line in range(2, 2_500))
    return workbook_with(SHEET.format(first + others), strings=strings)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def nested_publics(depth: int) -> bytes:
    """An event whose field is a list in a list in a list: read without a murmur, and too deep to walk through."""
    return b'{"events": [{"uid": 1, "title": "A", "publics": %s}]}' % nested(depth)


# name: a function that makes it, and how the refusal begins
FILES = {
    "zip bomb": (bomb, TOO_BIG),
    "zip bomb that lies": (lying_bomb, BROKEN_BOOK),
    "a million cells": (many_small_tags, TOO_BIG),
    "a billion laughs": (laughs, BROKEN_BOOK),
    "a row far away": (far_row, "Ce fichier n’a aucune ligne"),
    "a text repeated": (repeated_text, "Le tableau compte plus de 20\xa0000\xa0000 caractères"),
    "200 000 rows of CSV": (lambda: b"Titre\n" + b"a\n" * 200_000, TOO_MANY_ROWS),
    "200 000 rows of XLSX": (
        lambda: workbook_with(SHEET.format(rows(200_000, "<c t='inlineStr'><is><t>Titre</t></is></c>"))),
        TOO_MANY_ROWS,
    ),
    "6 000 rows of XLSX": (lambda: files.as_xlsx([NAMES, *[["a", "b"]] * 6_000]), TOO_MANY_ROWS),
    "1 000 columns of CSV": (
        lambda: files.as_csv([[*NAMES, *["x"] * 1_000], ["a"] * 1_002]),
        TOO_MANY_COLUMNS,
    ),
    "1 000 columns of XLSX": (
        lambda: files.as_xlsx([[*NAMES, *["x"] * 1_000], ["a"] * 1_002]),
        TOO_MANY_COLUMNS,
    ),
    "1 000 columns below": (lambda: files.as_csv([NAMES, ["a"] * 1_002]), TOO_MANY_COLUMNS),
    "null bytes": (lambda: b"Titre;Commune\na\0;b\n", NO_TABLE),
    "a picture": (lambda: PNG, NO_TABLE),
    "a picture without its mark": (lambda: PNG[8:], NO_TABLE),
    "a PDF": (lambda: b"%PDF-1.7 abc", NO_TABLE),
    "no encoding": (lambda: b"Titre;Commune\n\x81\x8d\x90;b\n", "Nous n’arrivons pas à lire les lettres"),
    "half of UTF-16": (lambda: b"\xff\xfeT\x00i", "Nous n’arrivons pas à lire les lettres"),
    "a zip of something else": (lambda: b"PK\x03\x04" + b"a" * 100, BROKEN_BOOK),
    "nested JSON": (lambda: nested(100_000), BROKEN_JSON),
    "nested audiences": (lambda: nested_publics(900), "Ce fichier JSON s’emboîte sans fin"),
    "wide JSON": (lambda: b"[" + b"[]," * 1_000_000 + b"[]]", "Ce fichier JSON est trop gros"),
    "endless number": (lambda: b'{"events": [{"uid": ' + b"9" * 5_000 + b"}]}", BROKEN_JSON),
    "JSON cut short": (lambda: b'{"events": [', BROKEN_JSON),
    "JSON of something else": (
        lambda: json.dumps({"data": []}).encode(),
        "Ce fichier JSON n’est pas un export",
    ),
    "JSON of numbers": (lambda: b"[1, 2]", "Ce fichier JSON n’est pas un export"),
}
