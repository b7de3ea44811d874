"""An event written by the program of an organization: the same workflow as the form's, under a name of theirs."""

from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from events import drafting, workflow
from events.api.errors import WHOLE, Refusal
from events.api.judging import Judgement, judge
from events.enums import Source, Transition
from events.models import Amendment, Event
from events.workflow import WorkflowError
from organizers.models import Organization
from semaine.models import Edition

NO_TITLE = "« title » : trouvé vide ; attendu : un titre, même pour un brouillon."


class Written(NamedTuple):
    event: Event
    is_new: bool
    judgement: Judgement
    proposed: bool


def upsert(body: dict, name: str, organization: Organization, *, by, at: datetime, submit: bool) -> Written:
    """Create or update the event that an organization calls `name`; done twice, it is done once.

    Raises Refusal: 422 for what is to be corrected, 409 for what may not happen now.
    """
    edition = Edition.objects.current(at)
    if edition is None:
        raise Refusal(409, {WHOLE: ["Aucune édition n’est ouverte."]})
    event = _known(organization, name)
    if event and event.edition_id != edition.pk:
        reason = (
            f"« {name} » désigne un événement de l’édition {event.edition} : donnez-lui un autre identifiant."
        )
        raise Refusal(409, {WHOLE: [reason]})
    judgement = judge(body, organization, edition, event)
    errors = judgement.errors or ({} if judgement.values["title"] else {"title": [NO_TITLE]})
    if errors:
        raise Refusal(422, errors, judgement.findings)
    try:
        return _write(event, judgement, name, organization, edition, by=by, at=at, submit=submit)
    except WorkflowError as error:
        raise Refusal(422 if error.findings else 409, {WHOLE: [error.message]}, error.findings) from None


def _known(organization: Organization, name: str) -> Event | None:
    rows = Event.objects.for_steps().filter(organization=organization, source=Source.API, external_id=name)
    return rows.first()


@transaction.atomic
def _write(event, judgement: Judgement, name: str, organization, edition, *, by, at, submit: bool) -> Written:
    if event is None:
        event = drafting.draft(
            organization,
            edition,
            by=by,
            at=at,
            key=uuid5(NAMESPACE_URL, f"{organization.pk}/{edition.pk}/{name}"),
            values=judgement.values | {"external_id": name},
            slots=judgement.slots,
            source=Source.API,
        )
        return Written(_sent(event, by=by, at=at) if submit else event, True, judgement, False)
    # What was sent and answered is not sent again as it was: a program may call every night.
    submit = submit and (event.submitted_at is None or not judgement.is_same)
    if not judgement.is_same or _proposal(event):
        event = drafting.revise(event, by=by, at=at, values=judgement.values, slots=judgement.slots)
    elif reason := drafting.why_not_editable(event):
        raise WorkflowError(reason)
    event = _sent(event, by=by, at=at) if submit else event
    return Written(event, False, judgement, _proposal(event))


def _sent(event: Event, *, by, at: datetime) -> Event:
    """Send what is not sent yet; what was sent before stays where it is."""
    if workflow.possible(event, [Transition.SUBMIT]):
        return workflow.submit(event, by=by, at=at)
    return event


def _proposal(event: Event) -> bool:
    return Amendment.objects.open().filter(event=event).exists()
