"""What an organizer may do with an event: each action with its address, or with the reason that closes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.urls import reverse

from events import attendance, copying, drafting, steps, workflow
from events.enums import Transition
from events.models import Event
from events.querysets import is_seen
from organizers.models import Office
from semaine.models import Edition


@dataclass(frozen=True)
class Action:
    """A link, or a button that posts; `why_not` says why it is closed."""

    label: str
    url: str
    why_not: str = ""
    posts: bool = False
    tone: str = "secondary"
    key: str = ""


def actions(event: Event, edition: Edition | None, *, by, at: datetime) -> list[Action]:
    """Return what may be done now, the most useful first, then what may not and why."""
    found = [
        _edit(event),
        *_transitions(event, by, at),
        *_with_label(event, at),
        *_copies(event, edition, by),
    ]
    return sorted(found, key=lambda action: bool(action.why_not))


def _edit(event: Event) -> Action:
    return Action("Modifier", steps.address(event, steps.FIRST), drafting.why_not_editable(event), tone="")


_TRANSITIONS = {
    Transition.SUBMIT: ("Vérifier et envoyer", "space_send", False, ""),
    Transition.REOPEN: ("Rétablir l’événement", "space_reopen", True, "secondary"),
    Transition.CANCEL: ("Annuler l’événement", "space_cancel", False, "danger"),
    Transition.DELETE: ("Supprimer le brouillon", "space_delete", False, "danger"),
}


def _transitions(event: Event, by, at: datetime) -> list[Action]:
    found = []
    for transition in workflow.possible(event, _TRANSITIONS):
        label, name, posts, tone = _TRANSITIONS[transition]
        reason = workflow.why_not(event, transition, by=by, at=at)
        found.append(Action(label, reverse(name, args=[event.pk]), reason, posts, tone))
    return found


def _with_label(event: Event, at: datetime) -> list[Action]:
    if not is_seen(event):
        return []
    reason = attendance.why_closed(event, at)
    if reason == attendance.NO_LABEL:
        return []
    report = Action("Faire le bilan", reverse("space_report", args=[event.pk]), reason)
    return [Action("Kit de communication", reverse("space_kit", args=[event.pk])), report]


def _copies(event: Event, edition: Edition | None, by) -> list[Action]:
    url = reverse("space_duplicate", args=[event.pk])
    copies = [Action("Dupliquer", url, posts=True, key=f"{uuid4()}")]
    if edition is None or event.edition_id == edition.pk:
        return copies
    if found := copying.already_renewed(event, edition):
        return [*copies, Action(f"Voir l’événement {edition.year}", reverse("space_event", args=[found.pk]))]
    label, url = f"Reconduire en {edition.year}", reverse("space_renew", args=[event.pk])
    return [*copies, Action(label, url, copying.why_not_renew(event, edition, by=by), posts=True)]


def competent_office(event: Event, at: datetime) -> Office | None:
    """Return the nearest office where somebody is at work, else the nearest; it answers the organizer."""
    offices = Office.objects.for_department(event.department)
    return offices.with_active_agent(at).first() or offices.first()
