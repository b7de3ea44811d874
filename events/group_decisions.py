"""One decision on several files, each in its own transaction: what was done, what was not, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django import forms

from events import workflow
from events.enums import Rule, Transition
from events.models import Event
from events.permissions import may_decide_here
from semaine.forms import TextField, VersionField

MOST = 200
DECISIONS = {
    Transition.LABEL: "Accorder le label",
    Transition.REQUEST_CHANGES: "Demander des compléments",
    Transition.REFUSE: "Refuser",
}
DONE = {
    Transition.LABEL: "Label accordé",
    Transition.REQUEST_CHANGES: "Compléments demandés",
    Transition.REFUSE: "Refusé",
}


class GroupForm(forms.Form):
    """What is said once for all files of the selection."""

    rule = forms.ChoiceField(
        label="Règle qui n’est pas respectée (pour un refus)",
        choices=[("", "Choisissez…"), *Rule.choices],
        required=False,
        error_messages={"invalid_choice": "« %(value)s » n’est pas une règle : choisissez dans la liste."},
    )
    comment = TextField(
        label="Message aux organisateurs",
        help_text="Obligatoire pour demander ou refuser. Chaque organisateur le lira tel quel.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        choices=[(decision.value, words) for decision, words in DECISIONS.items()],
        error_messages={
            "required": "Choisissez une décision.",
            "invalid_choice": "« %(value)s » n’est pas une décision : utilisez un des boutons.",
        },
    )

    def clean(self):
        data = super().clean()
        decision = data.get("decision")
        explained = decision and workflow.TRANSITIONS[Transition(decision)].explained
        if explained and "comment" in data and not data["comment"].strip():
            self.add_error("comment", "Écrivez une explication : chaque organisateur la lira.")
        if decision == Transition.REFUSE and "rule" in data and not data["rule"]:
            self.add_error("rule", "Choisissez la règle qui n’est pas respectée.")
        return data


class FileForm(forms.Form):
    """What is said of one file: the version that was read, and that it makes industry known."""

    version = VersionField(required=False)
    purpose_confirmed = forms.BooleanField(required=False)

    def __init__(self, event: Event, data=None):
        super().__init__(data, prefix=f"dossier-{event.pk}", initial={"version": event.version})
        self.event = event

    def read_again(self) -> None:
        """Take the event as it now is: what was confirmed of another version is to be confirmed again."""
        self.data = {self.add_prefix("version"): self.event.version}


class Outcome(NamedTuple):
    """What became of one file. `is_open`: it still waits, and may be decided again from the same page."""

    file: FileForm
    is_done: bool
    message: str
    is_open: bool = False


def decide(files: Sequence[FileForm], said: dict, *, by, at: datetime) -> list[Outcome]:
    """Decide on each file in a transaction of its own; one that may not be decided keeps no other from it.

    Their events were read by the agent's right, with `for_examination`.
    `said` is what a `GroupForm` holds. The mails, decisions and numbers are those of the workflow's verbs.
    """
    return [_outcome(file, said, by=by, at=at) for file in files]


def _outcome(file: FileForm, said: dict, *, by, at: datetime) -> Outcome:
    try:
        _decide(file, said, by=by, at=at)
    except workflow.AlreadyDecided as error:
        return Outcome(file, False, error.message)
    except workflow.StaleVersion as error:
        file.read_again()
        return Outcome(file, False, error.message, is_open=True)
    except workflow.WorkflowError as error:
        return Outcome(file, False, error.message, is_open=True)
    return Outcome(file, True, DONE[Transition(said["decision"])])


def _decide(file: FileForm, said: dict, *, by, at: datetime) -> None:
    file.full_clean()
    read = file.cleaned_data
    common = {
        "by": by,
        "at": at,
        "comment": said["comment"],
        "version": read["version"],
        # Their right is asked for all files at once: what leaves their territory meanwhile has another version.
        "may": may_decide_here(file.event),
    }
    match Transition(said["decision"]):
        case Transition.LABEL:
            workflow.label(file.event, **common, purpose_confirmed=read["purpose_confirmed"])
        case Transition.REQUEST_CHANGES:
            workflow.request_changes(file.event, **common)
        case Transition.REFUSE:
            workflow.refuse(file.event, **common, rule=said["rule"])
