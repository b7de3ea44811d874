"""The template that people fill in, made from the table of the columns: examples, help, lists of allowed values."""

from datetime import timedelta

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from events.imports import cells, columns, writers
from events.imports.columns import COLUMNS, Column, Lists
from events.imports.limits import MOST_ROWS
from semaine.models import Edition

LIST_NAMES = {
    "format": "Nature",
    "sector": "Filières",
    "topic": "Thèmes",
    "mode": "Mode",
    "audience": "Publics",
    "yes_no": "Gratuit",
    "access": "Accès",
    "accessibility": "Accessibilité",
}
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def examples(edition: Edition) -> list[list[str]]:
    """Return the names of the columns, then two lines that can be imported as they are, but for their identifier."""
    days = {
        "day": f"{edition.starts_on:%d/%m/%Y}",
        "next_day": f"{edition.starts_on + timedelta(days=1):%d/%m/%Y}",
    }
    first = {column.key: column.example.format(**days) for column in COLUMNS}
    second = first | {
        "external_id": "EXEMPLE-2",
        "title": "Les métiers de l’usine, en visioconférence",
        "format_code": "Webinaire",
        "attendance_mode": "En ligne",
        "online_url": "https://visio.exemple.fr/usine",
        "other_slots": "",
        "registration": "visites@exemple.fr",
        **dict.fromkeys(("venue", "address", "postal_code", "city", "typed_department", "typed_region"), ""),
        **dict.fromkeys(("latitude", "longitude"), ""),
    }
    return [[column.name for column in COLUMNS], *([row[c.key] for c in COLUMNS] for row in (first, second))]


def as_csv(edition: Edition) -> bytes:
    return writers.as_csv(examples(edition))


def as_xlsx(edition: Edition) -> bytes:
    """Return the workbook: the events, how to fill each column in, and the lists from which cells choose."""
    book, lists = Workbook(), columns.lists()
    sheet = book.active
    sheet.title = "Événements"
    for row in examples(edition):
        sheet.append([writers.neutral(cell) for cell in row])
    _head(sheet)
    _write_help(book.create_sheet("Mode d’emploi"), lists)
    _write_lists(book.create_sheet("Listes"), lists)
    for place, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(14, len(column.name) + 4)
        if column.list and column.read is not cells.some_of:
            _offer(sheet, place, column, lists)
    return writers.saved(book)


def _head(sheet) -> None:
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = BOLD


def help_rows(lists: Lists) -> list[tuple[str, str, str, str, list[str]]]:
    """Return what to know of each column: name, whether the label asks for it, help, example, allowed values."""
    return [
        (
            column.name,
            "demandé pour le label" if column.for_label else "facultatif",
            column.help,
            column.example.format(day="16/11/2026", next_day="17/11/2026"),
            [label for _, label in lists.get(column.list, [])],
        )
        for column in COLUMNS
    ]


def _write_help(sheet, lists: Lists) -> None:
    sheet.append(["Colonne", "Faut-il la remplir ?", "Aide", "Exemple", "Valeurs possibles"])
    for *texts, values in help_rows(lists):
        sheet.append([writers.neutral(text) for text in (*texts, " ; ".join(values))])
    _head(sheet)
    for letter, width in zip("ABCDE", (24, 22, 60, 40, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = WRAPPED


def _write_lists(sheet, lists: Lists) -> None:
    for place, (name, title) in enumerate(LIST_NAMES.items(), 1):
        for line, value in enumerate([title, *(label for _, label in lists[name])], 1):
            sheet.cell(line, place, value)
        sheet.column_dimensions[get_column_letter(place)].width = 36
    _head(sheet)


def _offer(sheet, place: int, column: Column, lists: Lists) -> None:
    """Let the cells of a column choose in its list."""
    letter = get_column_letter(list(LIST_NAMES).index(column.list) + 1)
    last = len(lists[column.list]) + 1
    choice = DataValidation(
        "list", f"Listes!${letter}$2:${letter}${last}", allow_blank=True, showErrorMessage=True
    )
    choice.errorTitle, choice.error = column.name, "Choisissez une valeur de la liste."
    letter = get_column_letter(place)
    choice.add(f"{letter}2:{letter}{MOST_ROWS + 3}")
    sheet.add_data_validation(choice)
