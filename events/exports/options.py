"""What the address of a CSV says of the file itself, beside the filters."""

from typing import Any

from django import forms

from events.exports.csv import COMMA, SEMICOLON
from events.filter_fields import ChoiceField
from events.filters import YES

SEPARATORS = {"virgule": COMMA, "point-virgule": SEMICOLON}


class SheetForm(forms.Form):
    """`separateur`: a comma, unless told otherwise; `bom`: begin with the mark that older spreadsheets need."""

    separateur = ChoiceField(
        label="Séparateur", required=False, choices=[(each, each) for each in SEPARATORS]
    )
    bom = ChoiceField(label="Marque d’ordre des octets (bom)", required=False, choices=[(YES, YES)])

    @property
    def settings(self) -> dict[str, Any]:
        separator = SEPARATORS.get(self.cleaned_data["separateur"], COMMA)
        return {"separator": separator, "mark": self.cleaned_data["bom"] == YES}
