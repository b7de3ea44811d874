"""The five steps by which an organizer proposes an event: their order, what each lacks, and what they show."""

from copy import copy
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from events import drafting
from events.amendments import as_proposed
from events.eligibility import assess, failed
from events.facts import facts_of
from events.findings import Finding
from events.models import Event
from events.places import settle
from events.step_forms.base import Contents, StepForm
from events.step_forms.what import WhatForm
from events.step_forms.when import WhenForm
from events.step_forms.where import WhereForm
from events.step_forms.who import WhoForm
from events.transitions import open_amendment
from events.workflow import StaleVersion

ELSEWHERE = (
    "Cet événement a été modifié ailleurs depuis que vous l’avez ouvert. Rien n’est perdu : votre saisie est "
    "ci-dessous. Comparez, corrigez si besoin, puis enregistrez de nouveau."
)


SAVED = "Votre événement est enregistré. Vous pouvez y revenir quand vous voulez."
PROPOSED = "Votre modification est proposée à votre référent. Jusqu’à sa réponse, le public voit ce qui est labellisé."
ON_PROGRAMME = "Vos changements sont enregistrés, et au programme."


class Step(NamedTuple):
    """`form` is None for the last one, which sends."""

    code: str
    label: str
    heading: str
    form: type[StepForm] | None

    @property
    def fields(self) -> set[str]:
        return {*self.form.base_fields, *(["slots"] if self.form is WhenForm else [])} if self.form else set()


STEPS = (
    Step("quoi", "L’événement", "Que proposez-vous ?", WhatForm),
    Step("quand", "Les dates", "Quand ?", WhenForm),
    Step("ou", "Le lieu", "Dans quel lieu ?", WhereForm),
    Step("qui", "Le public", "Pour qui, et comment ?", WhoForm),
    Step("envoyer", "Vérifier et envoyer", "Vérifier et envoyer", None),
)
FIRST, *_, LAST = STEPS
BY_CODE = {step.code: step for step in STEPS}
STEP_OF = {name: step for step in reversed(STEPS) for name in step.fields}


def contents(event: Event) -> Contents:
    """Return what the steps show and change of an event, read with `for_steps()`: with what is proposed, if any."""
    return Contents(*as_proposed(event)) if event.pk else Contents(event, [])


def address(event: Event, step: Step) -> str:
    """Return the address of a step; an event that is not written yet has the first one only."""
    if not event.pk:
        # A person may belong to several organizations.
        return f"{reverse('space_new')}?organisation={event.organization.slug}" if step is FIRST else ""
    return (
        reverse("space_send", args=[event.pk])
        if step is LAST
        else reverse("space_step", args=[event.pk, step.code])
    )


def field_address(event: Event, name: str) -> str:
    """Return the address of the field that mends a finding; nothing where there is none yet."""
    step = STEP_OF.get(name)
    there = address(event, step) if step else ""
    return f"{there}#id_{name}" if there else ""


def after(step: Step) -> Step:
    return STEPS[STEPS.index(step) + 1]


class Line(NamedTuple):
    """A step in the list of steps: where it is, and the rules that still lack something there."""

    number: int
    label: str
    url: str
    is_current: bool
    is_done: bool
    missing: list[str]


def lines(event: Event, current: Step, findings: tuple[Finding, ...]) -> list[Line]:
    missing = {step.code: [] for step in STEPS}
    for finding in failed(findings):
        names = missing[STEP_OF[finding.field].code]
        if finding.rule_label not in names:
            names.append(finding.rule_label)
    is_done = {step.code: not missing[step.code] and step is not LAST for step in STEPS}
    return [
        Line(
            number, step.label, address(event, step), step is current, is_done[step.code], missing[step.code]
        )
        for number, step in enumerate(STEPS, 1)
    ]


def as_typed(form: StepForm) -> Contents:
    """Return the contents with what was typed in the step's form, right so far, and nothing saved."""
    event = copy(form.contents.event)
    for name, value in form.values.items():
        if name != "image":
            setattr(event, name, value)
    settle(event)
    slots = form.slots()
    return Contents(event, form.contents.slots if slots is None else slots)


def findings_of(contents: Contents) -> tuple[Finding, ...]:
    event = contents.event
    return assess(facts_of(event, contents.slots), event.edition.label_window(event.department))


def save(form: StepForm, *, by, at: datetime, ask: bool = True) -> Event:
    """Write what was typed in a step, by the one door for contents; what is the same already writes nothing.

    `ask`: may the address service be asked, which takes up to two seconds? What was changed elsewhere since the page
    was read is never overwritten: `StaleVersion`.
    """
    event, values, slots = form.contents.event, form.located_values() if ask else form.values, form.slots()
    if event.pk is None:
        values = _own_contact(by) | values
        return drafting.draft(
            event.organization, event.edition, by=by, at=at, key=form.creation_key, values=values
        )
    if not _changes(form.contents, values, slots):
        return event
    if form.is_stale and form.differences():
        raise StaleVersion(ELSEWHERE)
    return drafting.revise(event, by=by, at=at, values=values, slots=slots, version=event.version)


def saved_words(event: Event) -> str:
    """Return what saving has done, in French: of a labelled event, is it public or only proposed?"""
    if not event.is_labelled:
        return SAVED
    return PROPOSED if open_amendment(event) else ON_PROGRAMME


def _changes(contents: Contents, values: dict, slots) -> bool:
    if slots is not None and slots != contents.slots:
        return True
    return any(getattr(contents.event, name) != value for name, value in values.items())


def _own_contact(user) -> dict:
    return {"contact_name": user.name[:100], "contact_email": user.email, "contact_phone": user.phone[:20]}
