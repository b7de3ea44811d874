"""What a referent may answer to a file, and how each answer becomes a verb of the workflow."""

from datetime import datetime

from django import forms

from events import amending, workflow
from events.enums import Rule, Transition
from events.models import Event
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

    def decide(self, event: Event, *, by, at: datetime) -> Event:
        """Do what was chosen, on the version that was read; raises `WorkflowError`."""
        data = self.cleaned_data
        common = {"by": by, "at": at, "comment": data["comment"]}
        read = common | {"version": data["version"]}
        verbs = {
            Transition.ACCEPT_AMENDMENT: lambda: amending.accept_amendment(event, **read),
            Transition.REFUSE_AMENDMENT: lambda: amending.refuse_amendment(event, **read),
            Transition.SEE: lambda: amending.see(event, by=by, at=at, version=data["version"]),
            Transition.LABEL: lambda: workflow.label(
                event, **read, purpose_confirmed=data["purpose_confirmed"]
            ),
            Transition.REQUEST_CHANGES: lambda: workflow.request_changes(event, **read),
            Transition.REFUSE: lambda: workflow.refuse(event, **read, rule=data["rule"]),
            Transition.TAKE_BACK: lambda: workflow.take_back(event, **common),
            Transition.REINSTATE: lambda: workflow.reinstate(event, **common),
            Transition.WITHDRAW: lambda: workflow.withdraw(event, **common),
            Transition.CANCEL: lambda: workflow.cancel(event, **common),
        }
        return verbs[Transition(data["decision"])]()


def answers(event: Event, *, by, at: datetime) -> list[dict]:
    """Return the buttons of the transitions that start where the event stands, each with the reason that closes it."""
    return [
        {"value": answer.value, "label": words, "why_not": reason}
        for answer in workflow.possible(event, ANSWERS)
        for words, reason in [(ANSWERS[answer], workflow.why_not(event, answer, by=by, at=at))]
    ]
