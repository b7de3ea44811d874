"""The form of the report after an event: two minutes, one number is enough."""

from django import forms

from events.enums import Audience, FollowUp
from events.models import AttendanceReport, Event
from semaine.forms import CountField, PortalForm, TextField, required
from semaine.text import NBSP

PUBLIC = "public_"


class AttendanceForm(PortalForm):
    total = CountField(
        label="Personnes venues, en tout",
        smallest=0,
        help_text="Toutes dates confondues. Un ordre de grandeur suffit.",
        error_messages=required("Écrivez un nombre, 0 si personne n’est venu."),
    )
    women_share = CountField(
        label="Part de filles et de femmes (%)",
        smallest=0,
        largest=100,
        required=False,
        help_text="De 0 à 100. Par exemple : 40.",
    )
    follow_up_codes = forms.MultipleChoiceField(
        label="Qu’en est-il sorti ?",
        required=False,
        choices=FollowUp.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez ce qui convient.",
        error_messages={"invalid_choice": "« %(value)s » n’est pas dans la liste : cochez une case."},
    )
    comment = TextField(
        label="Voulez-vous ajouter quelque chose ?",
        max_length=2000,
        required=False,
        help_text="Ce qui a marché, ce qui a manqué, une autre suite.",
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, event: Event, report: AttendanceReport | None):
        super().__init__(data, initial=_initial(report) if report else None)
        counted = report.by_audience if report else {}
        for code in dict.fromkeys([*event.audience_codes, *counted]):
            field = CountField(label=Audience(code).label, smallest=0, required=False)
            self.fields[PUBLIC + code] = field

    @property
    def audiences(self) -> list:
        """The fields of the publics, which the page shows together."""
        return [self[name] for name in self.fields if name.startswith(PUBLIC)]

    def clean(self):
        cleaned = super().clean()
        total, counted = cleaned.get("total"), sum(self._by_audience(cleaned).values())
        if total is not None and counted > total:
            self.add_error(
                "total", f"{total} est moins que les {counted} comptés par public : corrigez l’un ou l’autre."
            )
        if total == 0 and cleaned.get("women_share"):
            self.add_error(
                "women_share",
                f"{cleaned['women_share']}{NBSP}% de personne : laissez vide, ou corrigez le total.",
            )
        return cleaned

    @property
    def values(self) -> dict:
        """What was typed, as columns of the report."""
        cleaned = self.cleaned_data
        kept = {name: cleaned[name] for name in ("total", "women_share", "follow_up_codes", "comment")}
        return kept | {"by_audience": self._by_audience(cleaned)}

    @staticmethod
    def _by_audience(cleaned: dict) -> dict[str, int]:
        publics = {
            name.removeprefix(PUBLIC): number for name, number in cleaned.items() if name.startswith(PUBLIC)
        }
        return {code: number for code, number in publics.items() if number is not None}


def _initial(report: AttendanceReport) -> dict:
    publics = {PUBLIC + code: number for code, number in report.by_audience.items()}
    return publics | {
        name: getattr(report, name) for name in ("total", "women_share", "follow_up_codes", "comment")
    }
