"""The description of the CSV for programs: a Table Schema (Frictionless Data), made from the columns themselves."""

from events.exports.columns import CODES, COLUMNS, STRING, Column

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
CODE = "[a-z0-9]+(-[a-z0-9]+)*"
NEUTRALISED = (
    "Un texte qui commence par = + - @ est précédé d’une apostrophe, pour qu’un tableur ne le prenne pas pour "
    "une formule."
)


def table_schema() -> dict:
    return {
        "$schema": PROFILE,
        "name": "programme",
        "title": "Programme de la Semaine de l’industrie",
        "description": f"Un événement par ligne. {NEUTRALISED}",
        "fields": [_field(column) for column in COLUMNS],
        "missingValues": [""],
        "primaryKey": ["uid"],
    }


def _field(column: Column) -> dict:
    field = {
        "name": column.name,
        "type": STRING if column.kind == CODES else column.kind,
        "title": column.title,
        "description": column.description,
    }
    if column.kind == CODES:
        field["description"] += " Plusieurs sont séparés par une virgule."
    return field | ({"constraints": found} if (found := _constraints(column)) else {})


def _constraints(column: Column) -> dict:
    found = {"required": True} if column.required else {}
    if column.name == "uid":
        found["unique"] = True
    if column.kind == CODES:
        one = f"({'|'.join(column.choices)})" if column.choices else CODE
        found["pattern"] = f"^{one}(,{one})*$"
    elif column.choices:
        found["enum"] = list(column.choices)
    return found
