"""What every step does: it reads an event's contents, gives back what was typed, and tells both apart."""

import hashlib
from typing import NamedTuple

from django import forms

from events.models import Event
from semaine.forms import PortalForm, TextField
from semaine.models import Commune
from semaine.text import join_words

NOTHING = "(vide)"


class Contents(NamedTuple):
    """What the steps show of an event: its fields, and its slots as (start, end) pairs in their order."""

    event: Event
    slots: list


class Difference(NamedTuple):
    """A field that was changed elsewhere meanwhile: « Titre », what was typed here, what is stored."""

    label: str
    mine: str
    theirs: str


class StepForm(PortalForm):
    # Names what the page showed of this step, so that a change elsewhere is noticed.
    base = TextField(label="Version lue", max_length=64, required=False, widget=forms.HiddenInput)

    # What a draft may leave empty, and the label asks.
    for_label = ()
    # The fields that are not the event's own columns.
    not_stored = ("base",)
    # May what is right be written while the rest is not?
    saves_partly = True
    # Set by the steps that have one: they are drawn apart.
    lines = None

    def __init__(self, *args, contents: Contents, **kwargs):
        self.contents = contents
        stored = self.initial_of(contents) | {"base": self.digest(contents)}
        kwargs["initial"] = stored | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for name in self.for_label:
            self.fields[name].is_for_label = True

    @classmethod
    def stored_names(cls) -> list[str]:
        return [name for name in cls.base_fields if name not in cls.not_stored]

    @classmethod
    def initial_of(cls, contents: Contents) -> dict:
        """Return the form's values for what is stored."""
        return {name: getattr(contents.event, name) for name in cls.stored_names()}

    @classmethod
    def stored_state(cls, contents: Contents) -> str:
        return str(sorted((name, str(value or "")) for name, value in cls.initial_of(contents).items()))

    @classmethod
    def digest(cls, contents: Contents) -> str:
        """Return a name of what this step has stored; it changes with any of it."""
        return hashlib.sha256(cls.stored_state(contents).encode()).hexdigest()[:32]

    @property
    def values(self) -> dict:
        """Return the contents to write, by the names of the event's fields: those that are right so far."""
        return {
            name: list(dict.fromkeys(value)) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name not in self.not_stored
        }

    def located_values(self) -> dict:
        """Return `values` with what a service of elsewhere knows, where the step has one to ask."""
        return self.values

    def slots(self) -> list | None:
        """Return the slots to write; None leaves them as they are."""
        return None

    @property
    def is_stale(self) -> bool:
        """Did what this step stores change since the page was read?"""
        return self.cleaned_data.get("base") != self.digest(self.contents)

    def differences(self) -> list[Difference]:
        """Return the fields in which what was typed and what is stored are not the same."""
        event, values = self.contents.event, self.values
        return [
            Difference(
                self.fields[name].label,
                self.words(name, values[name]),
                self.words(name, getattr(event, name)),
            )
            for name in self.stored_names()
            if name in values and values[name] != getattr(event, name)
        ]

    def words(self, name: str, value) -> str:
        """Return a value as a person reads it."""
        if value in (None, "", []):
            return NOTHING
        if isinstance(value, bool):
            return "Oui" if value else "Non"
        if isinstance(value, Commune):
            return value.name
        choices = dict(getattr(self.fields.get(name), "choices", ()))
        if isinstance(value, list):
            return join_words(str(choices.get(each, each)) for each in value)
        return str(choices.get(value, value))

    def typed(self) -> dict:
        """Return what was typed, right or wrong, to draw the step again before it is judged."""
        return {field.name: field.data for field in self}

    @property
    def state(self) -> dict[str, str]:
        """Return what the page is to carry in hidden fields once this was saved and the page stays."""
        return {}

    def read_again(self) -> None:
        """Take note that the person has now read what is stored: saving once more replaces it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("base")] = self.digest(self.contents)
