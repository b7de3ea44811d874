"""What a referent may answer to a file, and how each answer becomes a verb of the workflow."""

from datetime import datetime

from django import forms

from events import amending, permissions, workflow
from events.asking import BY_FIELD, FIELDS, TO_REVIEW
from events.enums import Rule, Transition
from events.models import Event
from events.notifications import QUIET
from events.snapshots import sealed
from semaine.forms import TextField, VersionField

# The answers in the order of their buttons, with the words on them.
ANSWERS = {
    Transition.ACCEPT_AMENDMENT: "Accepter la modification",
    Transition.REFUSE_AMENDMENT: "Refuser la modification",
    Transition.SEE: "J’ai vu les changements",
    Transition.LABEL: "Accorder le label",
    Transition.REQUEST_CHANGES: "Demander des compléments",
    Transition.REFUSE: "Refuser",
    Transition.TAKE_BACK: "Reprendre l’examen",
    Transition.REINSTATE: "Remettre à l’examen",
    Transition.WITHDRAW: "Retirer le label",
    Transition.CANCEL: "Annuler l’événement",
}


class DecisionForm(forms.Form):
    version = VersionField(required=False)
    # The contents that were read, sealed (see `snapshots`).
    read = forms.CharField(widget=forms.HiddenInput, required=False)
    purpose_confirmed = forms.BooleanField(
        label="Je confirme que l’événement fait connaître l’industrie.", required=False
    )
    rule = forms.ChoiceField(
        label="Règle qui n’est pas respectée (pour un refus)",
        choices=[("", "Choisissez…"), *Rule.choices],
        required=False,
        error_messages={"invalid_choice": "« %(value)s » n’est pas une règle : choisissez dans la liste."},
    )
    comment = TextField(
        label="Message à l’organisateur",
        help_text=(
            "Obligatoire pour demander, refuser, retirer ou annuler. L’organisateur le lira tel quel. La raison d’une "
            "annulation, le public la lira aussi."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        choices=[(answer.value, words) for answer, words in ANSWERS.items()],
        error_messages={
            "required": "Choisissez une décision.",
            "invalid_choice": "« %(value)s » n’est pas une décision : utilisez un des boutons.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in FIELDS.items():
            self.fields[f"on_{name}"] = forms.BooleanField(label=label, required=False)
            said = TextField(label=f"{label} : ce qui est à corriger", required=False, max_length=300)
            said.widget.attrs["aria-label"] = said.label
            self.fields[f"say_{name}"] = said

    # What was read before it changed under the reader's eyes.
    stale_read = ""

    def read_again(self, event: Event) -> None:
        """Answer for the version that is shown now, and remember which one was read."""
        self.stale_read = self.cleaned_data.get("read", "")
        self.data = self.data.copy()
        self.data["version"], self.data["read"] = event.version, sealed(event)

    @property
    def main_fields(self) -> list:
        """Return those whose errors are told above; the hidden ones tell their own."""
        return [each for each in self.visible_fields() if each.name != "decision"] + self.hidden_fields()

    @property
    def rows(self) -> list[tuple]:
        """Return the fields of the organizer's form, each with its box and its line."""
        return [(self[f"on_{name}"], self[f"say_{name}"]) for name in FIELDS]

    @property
    def asks_by_field(self) -> bool:
        return any(box.value() or line.value() for box, line in self.rows)

    def points(self) -> dict[str, str]:
        """Return what is asked for by field: a line stands for itself, a box alone says « À revoir »."""
        data = self.cleaned_data
        return {
            name: data.get(f"say_{name}") or TO_REVIEW
            for name in FIELDS
            if data.get(f"on_{name}") or data.get(f"say_{name}")
        }

    def decide(self, event: Event, *, by, at: datetime) -> Event:
        """Do what was chosen, on the version that was read; raises `WorkflowError`."""
        data = self.cleaned_data
        common = {"by": by, "at": at, "comment": data["comment"]}
        read = common | {"version": data["version"]}
        asked = read | {"comment": self.request(), "fields": self.points()}
        verbs = {
            Transition.ACCEPT_AMENDMENT: lambda: amending.accept_amendment(event, **read),
            Transition.REFUSE_AMENDMENT: lambda: amending.refuse_amendment(event, **read),
            Transition.SEE: lambda: amending.see(event, by=by, at=at, version=data["version"]),
            Transition.LABEL: lambda: workflow.label(
                event, **read, purpose_confirmed=data["purpose_confirmed"]
            ),
            Transition.REQUEST_CHANGES: lambda: workflow.request_changes(event, **asked),
            Transition.REFUSE: lambda: workflow.refuse(event, **read, rule=data["rule"]),
            Transition.TAKE_BACK: lambda: workflow.take_back(event, **common),
            Transition.REINSTATE: lambda: workflow.reinstate(event, **common),
            Transition.WITHDRAW: lambda: workflow.withdraw(event, **common),
            Transition.CANCEL: lambda: workflow.cancel(event, **common),
        }
        return verbs[Transition(data["decision"])]()

    def request(self) -> str:
        """Return the message of a request for changes, which its points explain well enough."""
        return self.cleaned_data.get("comment") or (BY_FIELD if self.points() else "")


def answers(event: Event, *, right: permissions.Allowed) -> list[dict]:
    """Return the buttons of the transitions that start where the event stands, each with the reason that closes it.

    `right`: what `may_decide_here` answers for a reader who may examine the event.
    """
    return [
        {
            "value": answer.value,
            "label": ANSWERS[answer],
            "why_not": "" if answer == Transition.CANCEL else right.reason,
            "mails": answer not in QUIET,
        }
        for answer in workflow.possible(event, ANSWERS)
    ]
