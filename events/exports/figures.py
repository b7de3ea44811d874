"""The published figures as files: each table as CSV, the whole as a PDF for the press."""

from events.exports.letters import drawable
from events.exports.pdf import pdf
from events.figures_page import BY_DAY, FiguresPage
from events.figures_reported import COLUMNS
from events.imports.writers import as_csv
from events.public_figures import CAME, NUMBERS, TABLES
from semaine.models import Department
from semaine.outlines import view_box

WHOLE = "ensemble"
FILES = (WHOLE, *TABLES)
HEADS = {
    "events": "Événements",
    "cancelled": "Annulés",
    "organizations": "Organisateurs",
    "expected": "Participants attendus",
    "unlikely": "Événements au nombre de participants invraisemblable",
    "expected_likely": "Participants attendus, sans les nombres invraisemblables",
    "reports": "Bilans reçus",
    "reported": "Participants venus",
    "unlikely_reports": "Bilans au nombre de participants invraisemblable",
    "reported_likely": "Participants venus, sans les nombres invraisemblables",
}
# By the names of a snapshot: of the reports that give a share of girls and women.
WOMEN = {"women_reports": "reports", "women_of": "of", "women": "women"}
HEADS |= {
    "women_reports": "Bilans qui donnent la part de filles et de femmes",
    "women_of": "Participants venus, dans ces bilans",
    "women": "Filles et femmes, dans ces bilans",
}
FILE_COLUMNS = {"jours": BY_DAY, CAME: COLUMNS}
# Of paper, as on the pages: from nothing to the most.
TINTS = ("#fdfaf3", "#f6dcc8", "#efbc9a", "#e2946a", "#cc6537", "#a3380e")


def table_file(page: FiguresPage, code: str) -> bytes:
    """Return a table as CSV, one line each, with its code; `WHOLE` is the line of all."""
    columns = FILE_COLUMNS.get(code, tuple(NUMBERS))
    lines = page.lines(code)
    if code == WHOLE:
        women = page.data.get("women") or dict.fromkeys(WOMEN.values(), 0)
        whole = page.total | {name: women[key] for name, key in WOMEN.items()}
        columns, lines = (*columns, *WOMEN), [{"code": "", "label": "Ensemble"} | whole]
    heads = ["Code", "Ligne", *(HEADS[each] for each in columns)]
    rows = ([line["code"], line["label"], *(f"{line[each]}" for each in columns)] for line in lines)
    return as_csv([heads, *rows])


def press_pdf(page: FiguresPage, departments: list[Department]) -> bytes:
    """Return the whole as PDF/UA-1: what is counted, the key figures, a map, every table."""
    return pdf("figures", _data(page, departments), at=page.at)


def _data(page: FiguresPage, departments: list[Department]) -> dict:
    """Return the data of templates/pdf/figures.typ."""
    title = f"Semaine de l’industrie {page.edition}"
    return {
        "document": f"Chiffres – {title}",
        "title": title,
        "week": page.edition.week,
        "definition": page.definition[:1].upper() + page.definition[1:],
        "figures": [{"label": label, "number": number} for label, number in page.key_figures],
        "warnings": [page.reports_words, *page.warnings],
        "map": map_svg(page.maps(departments)["departements"].drawn),
        "tables": [
            {
                "caption": table.caption,
                "heads": [table.head, *table.heads],
                "rows": [[drawable(row.label), *map(_words, row.cells)] for row in table.rows],
                "hint": table.hint,
            }
            for table in page.tables
        ],
    }


def _words(cell) -> str:
    return f"{cell.words} (vraisemblables : {cell.without})" if cell.without else cell.words


def map_svg(territories) -> str:
    """Return a drawing of territories, each tinted by its number; nothing when none of them can be drawn."""
    box = view_box(each.code for each in territories)
    if not box:
        return ""
    line = float(box.split()[2]) / 600
    paths = "".join(f'<path fill="{TINTS[each.tint]}" d="{each.path}"/>' for each in territories)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<g stroke="#1d1a17" stroke-width="{line}">{paths}</g></svg>'
    )
