"""The choices of the programme's filters: what the database holds of them, read once for a structure of the site."""

from dataclasses import dataclass, field

from events.enums import TermKind
from events.models import Term
from semaine import structure
from semaine.models import Department

TERMS = {"nature": TermKind.FORMAT, "filiere": TermKind.SECTOR, "theme": TermKind.TOPIC}
REGION = ("region__sort_key", "region__code", "region__name")


@dataclass(frozen=True)
class FilterChoices:
    """`by_field`: (value, label) by parameter. `formats`: the labels of all, those no longer proposed included.

    `forms`: what has been made with these choices, by class of filterset.
    """

    by_field: dict[str, list[tuple[str, str]]]
    formats: dict[str, str]
    forms: dict[type, type] = field(default_factory=dict)


@structure.kept
def filter_choices() -> FilterChoices:
    """Two queries the first time."""
    departments = list(Department.objects.values_list("code", "name", *REGION))
    regions = sorted({tuple(region) for _, _, *region in departments if region[0]})
    terms = list(Term.objects.values_list("kind", "code", "label", "is_active"))
    by_field = {
        "region": [(code, name) for _, code, name in regions],
        "departement": [(code, f"{name} ({code})") for code, name, *_ in departments],
    }
    for name, wanted in TERMS.items():
        by_field[name] = [(code, label) for kind, code, label, active in terms if kind == wanted and active]
    return FilterChoices(by_field, {code: label for kind, code, label, _ in terms if kind == TermKind.FORMAT})
