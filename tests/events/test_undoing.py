"""A decision undone within a minute: by its author only, before its mail leaves, without a trace for the public."""

from datetime import timedelta

import pytest
from django.core import mail

from events import amending, undoing, workflow
from events.enums import Rule
from events.models import Event
from events.transitions import UNDO_WITHIN
from events.workflow import AlreadyDecided, WorkflowError
from organizers.enums import MembershipRole
from organizers.models import Membership
from semaine import outbox
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_workflow import REASON, standing
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
SOON, TOO_LATE = NOW + UNDO_WITHIN - SECOND, NOW + UNDO_WITHIN


def undo(event, *, by=None, at=SOON):
    return undoing.undo(event, by=by or factories.national(), at=at)


def reason(event, **arguments):
    with pytest.raises(WorkflowError) as caught:
        undo(event, **arguments)
    return caught.value.message.replace("\u00a0", " ")


def subjects():
    found = OutboxMessage.objects.order_by("pk").values_list("subject", flat=True)
    return [each.replace("\u00a0", " ") for each in found]


@pytest.mark.parametrize("status", ["labelled", "refused", "changes_requested"])
def test_undo_gives_the_event_back_and_deletes_the_mail(status):
    event = standing(status)
    due_on = event.due_on
    assert len(subjects()) == 2
    event = undo(event)
    assert (event.status, event.due_on) == ("submitted", due_on)
    assert subjects() == ["Votre événement est envoyé : Visite de la fonderie"]
    outbox.send_due(NOW + timedelta(hours=1))
    assert [each.subject.replace("\u00a0", " ") for each in mail.outbox] == subjects()
    last = event.decisions.last()
    assert (last.transition, last.by, last.office, last.at) == (
        "undo",
        factories.national(),
        factories.national().offices.get(),
        SOON,
    )


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        ("labelled", "retirez le label"),
        ("refused", "remettez l’événement à l’examen"),
        ("changes_requested", "reprenez l’examen"),
    ],
)
def test_undo_is_over_after_a_minute_and_says_the_way_back(status, cure):
    event = standing(status)
    assert reason(event, at=TOO_LATE) == f"La minute pour annuler cette décision est passée : {cure}."
    assert (Event.objects.get().status, len(subjects())) == (status, 2)


def test_mail_of_a_decision_waits_as_long_as_the_decision_may_be_undone():
    standing("labelled")
    outbox.send_due(SOON)
    assert len(mail.outbox) == 1
    outbox.send_due(TOO_LATE)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("status", ["withdrawn", "cancelled:submitted", "labelled:amended"])
def test_mail_of_what_cannot_be_undone_leaves_at_once(status):
    standing(status)
    last = OutboxMessage.objects.latest("pk")
    assert last.not_before == last.created_at == NOW


def test_undo_is_its_authors_only():
    event = standing("refused")
    assert reason(event, by=factories.referent()) == "Seul l’auteur d’une décision peut l’annuler."
    assert reason(event, by=event.created_by) == "Seul l’auteur d’une décision peut l’annuler."


def test_undo_needs_the_right_to_decide():
    event = standing("refused")
    agent = factories.national()
    agent.office_memberships.update(is_active=False)
    assert reason(event, by=agent) == "Cet événement n’est pas dans votre territoire."
    agent.office_memberships.update(is_active=True)
    Membership.objects.create(user=agent, organization=event.organization, role=MembershipRole.EDITOR)
    assert reason(event, by=agent) == "Vous êtes membre de l’organisation : un collègue doit décider."


def test_undo_after_the_mail_left_says_so():
    event = standing("refused")
    OutboxMessage.objects.update(sent_at=NOW)
    assert reason(event) == "Le courriel de cette décision est déjà parti : elle ne s’annule plus."
    assert Event.objects.get().status == "refused"


def test_undo_of_what_the_organizer_has_answered_is_refused():
    event = standing("labelled")
    amending.amend(event, by=event.created_by, at=NOW, values={"description": "Autrement."})
    with pytest.raises(AlreadyDecided):
        undo(event)


def test_undone_label_leaves_the_public_at_once_and_keeps_its_number_and_address(client):
    event = standing("labelled")
    address, number, before = event.get_absolute_url(), event.label_number, SiteRevision.objects.number()
    event = undo(event)
    assert (SiteRevision.objects.number(), event.label_number) == (before + 1, number)
    assert Event.objects.public().count() == 0
    event = workflow.label(
        event, by=factories.national(), at=SOON, version=event.version, purpose_confirmed=True
    )
    assert (event.label_number, event.get_absolute_url()) == (number, address)
    assert subjects()[1:] == ["Votre événement est labellisé : Visite de la fonderie"]


def test_undo_of_the_second_decision_leaves_the_mail_of_the_first():
    event = standing("refused")
    event = undo(event)
    workflow.refuse(event, by=factories.national(), at=SOON, rule=Rule.FREE, comment=REASON)
    assert len(subjects()) == 2
    undo(event, at=SOON + SECOND)
    assert len(subjects()) == 1


def test_undoable_is_ones_own_last_decision_of_the_minute():
    agent = factories.national()
    assert undoing.undoable(agent, NOW) is None
    event = standing("refused")
    assert undoing.undoable(agent, SOON) == event.decisions.last()
    assert undoing.undoable(agent, TOO_LATE) is None
    assert undoing.undoable(event.created_by, SOON) is None
    undo(event)
    assert undoing.undoable(agent, SOON) is None


def test_organizer_who_answers_within_the_minute_reads_the_mails_in_order():
    event = standing("changes_requested")
    workflow.submit(event, by=event.created_by, at=SOON)
    outbox.send_due(SOON)
    assert [each.subject.split("\u00a0")[0] for each in mail.outbox] == [
        "Votre événement est envoyé",
        "Votre événement est à compléter",
        "Votre événement est envoyé",
    ]
    with pytest.raises(AlreadyDecided):
        undo(event)
