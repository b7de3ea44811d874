"""The table of what may happen to an event, and the reasons why something may not happen now.

`workflow`, `undoing`, `merging` and `amending` hold one verb for each line of the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from events import permissions
from events.enums import Status, Transition
from events.models import Amendment, Event
from semaine.dates import HOME_ZONE, day_words, hour_words, last_local_day, local, today


class WorkflowError(Exception):
    """What may not happen, with the reason as a French sentence."""

    def __init__(self, message: str, findings: tuple = ()):
        super().__init__(message)
        self.message = message
        self.findings = findings


class AlreadyDecided(WorkflowError):
    """The event is no longer where this transition starts: somebody was first, and nothing is written twice."""


class StaleVersion(WorkflowError):
    """The event was changed after it was read."""


@dataclass(frozen=True)
class Step:
    sources: frozenset[Status]
    target: Status | None  # None: the row goes, or returns to the status it had before
    who: Callable
    explained: bool = False


def _from(*sources: Status, to: Status | None, who: Callable, explained: bool = False) -> Step:
    return Step(frozenset(sources), to, who, explained)


_organizer, _referent = permissions.may_edit, permissions.may_decide


def _on_label(who: Callable, explained: bool = False) -> Step:
    return _from(Status.LABELLED, to=Status.LABELLED, who=who, explained=explained)


TRANSITIONS = {
    Transition.DELETE: _from(Status.DRAFT, to=None, who=_organizer),
    Transition.SUBMIT: _from(
        Status.DRAFT, Status.CHANGES_REQUESTED, Status.REFUSED, to=Status.SUBMITTED, who=_organizer
    ),
    Transition.TAKE_BACK: _from(Status.CHANGES_REQUESTED, to=Status.SUBMITTED, who=_referent, explained=True),
    Transition.REQUEST_CHANGES: _from(
        Status.SUBMITTED, to=Status.CHANGES_REQUESTED, who=_referent, explained=True
    ),
    Transition.LABEL: _from(Status.SUBMITTED, to=Status.LABELLED, who=_referent),
    Transition.REFUSE: _from(Status.SUBMITTED, to=Status.REFUSED, who=_referent, explained=True),
    Transition.UNDO: _from(
        Status.LABELLED,
        Status.REFUSED,
        Status.CHANGES_REQUESTED,
        to=Status.SUBMITTED,
        who=permissions.may_undo,
    ),
    Transition.MERGE: _from(Status.SUBMITTED, Status.LABELLED, to=Status.MERGED, who=_referent),
    Transition.WITHDRAW: _from(Status.LABELLED, to=Status.WITHDRAWN, who=_referent, explained=True),
    Transition.REINSTATE: _from(
        Status.WITHDRAWN, Status.REFUSED, to=Status.SUBMITTED, who=_referent, explained=True
    ),
    Transition.CANCEL: _from(
        Status.SUBMITTED,
        Status.CHANGES_REQUESTED,
        Status.LABELLED,
        to=Status.CANCELLED,
        who=permissions.may_cancel,
        explained=True,
    ),
    Transition.REOPEN: _from(Status.CANCELLED, to=None, who=_organizer),
    Transition.EDIT: _on_label(_organizer),
    Transition.SEE: _on_label(_referent),
    Transition.AMEND: _on_label(_organizer),
    Transition.ACCEPT_AMENDMENT: _on_label(_referent),
    Transition.REFUSE_AMENDMENT: _on_label(_referent, explained=True),
    Transition.DROP_AMENDMENT: _on_label(_organizer),
}
# These answer a proposal, and start where there is one.
ANSWERS_PROPOSAL = frozenset(
    {Transition.ACCEPT_AMENDMENT, Transition.REFUSE_AMENDMENT, Transition.DROP_AMENDMENT}
)

# What their author may undo, and for how long: their mail waits as long.
UNDOABLE = frozenset({Transition.LABEL, Transition.REFUSE, Transition.REQUEST_CHANGES})
UNDO_WITHIN = timedelta(minutes=1)
# Afterwards, the way back.
_WAY_BACK = {
    Status.LABELLED: "retirez le label",
    Status.REFUSED: "remettez l’événement à l’examen",
    Status.CHANGES_REQUESTED: "reprenez l’examen",
}

_EVENT, _PROPOSAL = "Cet événement a été", "La modification proposée a été"
# As the sentence begins that says by whom and when.
DONE = {
    Transition.SUBMIT: f"{_EVENT} envoyé",
    Transition.TAKE_BACK: f"{_EVENT} repris à l’examen",
    Transition.REQUEST_CHANGES: f"{_EVENT} renvoyé à l’organisateur",
    Transition.LABEL: f"{_EVENT} labellisé",
    Transition.REFUSE: f"{_EVENT} refusé",
    Transition.UNDO: f"{_EVENT} rendu à l’examen",
    Transition.MERGE: f"{_EVENT} regroupé avec un autre",
    Transition.WITHDRAW: f"{_EVENT} retiré du programme",
    Transition.REINSTATE: f"{_EVENT} remis à l’examen",
    Transition.CANCEL: f"{_EVENT} annulé",
    Transition.REOPEN: f"{_EVENT} rétabli",
    Transition.SEE: "Les changements ont été vus",
    Transition.ACCEPT_AMENDMENT: f"{_PROPOSAL} acceptée",
    Transition.REFUSE_AMENDMENT: f"{_PROPOSAL} refusée",
    Transition.DROP_AMENDMENT: f"{_PROPOSAL} abandonnée",
}
# Who changed an event does not say where it stands.
_SAYS_WHERE = [each for each in DONE if TRANSITIONS[each].sources != {Status.LABELLED}] + [
    Transition.WITHDRAW
]


def why_not(
    event: Event, transition: Transition, *, by, at: datetime, may: permissions.Allowed | None = None
) -> str:
    """Return the French reason why `by` may not do this to the event at `at`; nothing when they may.

    `may`: what `permissions` answers, where it was asked once for many events of one organization.
    """
    step = TRANSITIONS[transition]
    if not starts(event, transition):
        return what_happened(event, transition, reader=by)
    answer = step.who(by, event) if may is None else may
    if not answer:
        return answer.reason
    return _too_late(event, transition, at)


def _too_late(event: Event, transition: Transition, at: datetime) -> str:
    edition = event.edition
    if transition == Transition.UNDO:
        return _too_late_to_undo(event, at)
    if transition == Transition.SUBMIT and event.status != Status.CHANGES_REQUESTED:
        if edition.accepts_submissions(at):
            return ""
        opens = day_words(today(edition.submissions_open_at), year=True)
        closes = day_words(last_local_day(edition.submissions_close_at, HOME_ZONE), year=True)
        return f"Les propositions sont reçues du {opens} au {closes}."
    if transition not in (Transition.SUBMIT, Transition.REOPEN):
        return ""
    last = edition.label_window(event.department).last
    if today(at) > last:
        return f"L’édition {edition.year} est terminée depuis le {day_words(last)}."
    return ""


def _too_late_to_undo(event: Event, at: datetime) -> str:
    if at < event.decisions.last().at + UNDO_WITHIN:
        return ""
    return f"La minute pour annuler cette décision est passée : {_WAY_BACK[Status(event.status)]}."


def starts(event: Event, transition: Transition) -> bool:
    """Does the transition start where the event stands? One query for those that answer a proposal."""
    if event.status not in TRANSITIONS[transition].sources:
        return False
    if transition == Transition.SEE:
        return event.changed_since_label
    if transition == Transition.UNDO:
        last = event.decisions.last()
        return last is not None and last.transition in UNDOABLE
    return transition not in ANSWERS_PROPOSAL or open_amendment(event) is not None


def possible(event: Event, transitions) -> list[Transition]:
    """Return those of the transitions that start where the event stands."""
    return [each for each in transitions if starts(event, each)]


def open_amendment(event: Event) -> Amendment | None:
    """Return the proposal that waits for the referent's answer."""
    return Amendment.objects.open().filter(event=event).first()


def what_happened(event: Event, transition: Transition, *, reader) -> str:
    """Return what made the transition impossible: who was first, and when."""
    if event.status not in TRANSITIONS[transition].sources or transition == Transition.UNDO:
        return where_it_stands(event, reader=reader)
    first = {transition} if transition == Transition.SEE else ANSWERS_PROPOSAL
    nothing = "Rien n’attend de réponse : l’organisateur ne propose aucune modification."
    return _last_done(event, first, reader) or nothing


def where_it_stands(event: Event, *, reader) -> str:
    """Return « Cet événement a été labellisé par Camille Roux à 14 h 02. »; organizers read the office, no name."""
    never_sent = "Cet événement est un brouillon : il n’a pas encore été envoyé."
    return _last_done(event, _SAYS_WHERE, reader) or never_sent


def is_repeat(event: Event, transition: Transition, *, by) -> bool:
    """Is it the last thing that happened to the event, done by the same person? A double click asks for it twice."""
    last = event.decisions.last()
    return last is not None and (last.transition, last.by_id) == (transition, by.pk)


def _last_done(event: Event, transitions, reader) -> str:
    decisions = event.decisions.select_related("by", "office").filter(transition__in=transitions)
    last = decisions.last()
    if last is None:
        return ""
    when = local(last.at, HOME_ZONE)
    day = day_words(when.date(), year=True)
    author = last.office if last.office and permissions.may_edit(reader, event) else last.by
    return f"{DONE[Transition(last.transition)]} par {author} le {day} à {hour_words(when)}."
