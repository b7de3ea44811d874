"""What the offices say to each other of a file: notes, handing over, whose turn that makes it."""

from datetime import timedelta

import pytest
import time_machine

from events import drafting, handing
from events.models import Event, Note
from events.workflow import WorkflowError
from organizers.enums import OfficeKind
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_workflow import LATER
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def agents():
    """One in each office that may examine what happens in Belfort, nearest first."""
    return [
        factories.referent(),
        factories.referent(OfficeKind.REGIONAL, "27"),
        factories.referent(OfficeKind.NATIONAL, "France"),
    ]


def offices(agents):
    return [agent.offices.get() for agent in agents]


def hand_over(event, to, by, text="Vous connaissez le site."):
    return handing.hand_over(event, to=to, by=by, at=LATER, text=text)


def turns(agents, at=LATER):
    return [Event.objects.my_turn(agent, at).count() for agent in agents]


def reason(*arguments, **more):
    with pytest.raises(WorkflowError) as caught:
        hand_over(*arguments, **more)
    return caught.value.message.replace("\u00a0", " ")


@pytest.mark.parametrize(("to", "expected"), [(0, [1, 0, 0]), (1, [0, 1, 0]), (2, [0, 0, 1])])
def test_hand_over_gives_the_turn_and_takes_no_right(agents, to, expected):
    event = factories.submitted()
    assert turns(agents) == [1, 0, 0]
    if to:
        hand_over(event, offices(agents)[to], agents[0])
    assert turns(agents) == expected
    assert [Event.objects.examinable_by(agent).count() for agent in agents] == [1, 1, 1]


def test_late_file_goes_up_as_any_other_and_stays_with_whom_it_was_handed_to(agents):
    event = hand_over(factories.submitted(), offices(agents)[2], agents[0])
    due = LATER.replace(year=event.due_on.year, month=event.due_on.month, day=event.due_on.day)
    assert turns(agents, due) == [0, 0, 1]
    assert turns(agents, due + timedelta(days=1)) == [0, 1, 1]


def test_hand_over_writes_a_note_and_tells_the_agents_at_work(agents):
    event, region = factories.submitted(), offices(agents)[1]
    factories.referent(OfficeKind.REGIONAL, "27", is_active=False)
    OutboxMessage.objects.all().delete()
    hand_over(event, region, agents[0])
    note = Note.objects.get()
    assert (note.by, note.office, note.handed_to, note.text) == (
        agents[0],
        offices(agents)[0],
        region,
        "Vous connaissez le site.",
    )
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, mail.subject.replace("\u00a0", " ")) == (
        agents[1].email,
        "Un dossier vous est transmis : Visite de la fonderie",
    )
    assert f"{QUEUE}{event.pk}/examiner/" in mail.text
    assert event.decisions.count() == 1


def test_hand_over_says_what_stops_it(agents):
    event, region = factories.submitted(), offices(agents)[1]
    elsewhere = "Ce service ne peut pas examiner ce dossier, ou l’a déjà."
    assert reason(event, factories.office(territory="59"), agents[0]) == elsewhere
    assert reason(event, region, agents[0], text="  ") == (
        "Écrivez pourquoi vous transmettez le dossier : l’autre service le lira."
    )
    hand_over(event, region, agents[0])
    assert reason(event, region, agents[0]) == elsewhere
    assert Note.objects.count() == 1


def test_event_that_moves_elsewhere_is_nobodys_who_had_it(agents):
    event = hand_over(factories.submitted(), offices(agents)[1], agents[0])
    values = factories.values("59350")
    drafting.revise(
        event, by=event.created_by, at=LATER, values=values, slots=[factories.slot()], version=event.version
    )
    assert (Event.objects.get().handed_to, turns(agents)) == (None, [0, 0, 1])


def test_pages_hand_over_and_note(client, agents):
    event, region = factories.submitted(), offices(agents)[1]
    sign_in(client, agents[0])
    there = f"{QUEUE}{event.pk}/"
    page = client.get(f"{there}transmettre/")
    assert list(page.context["form"].fields["office"].queryset) == offices(agents)
    page = client.post(f"{there}transmettre/", {"office": "999999", "text": "Pour vous."})
    assert page.context["form"].errors == {
        "office": ["Ce service ne peut pas examiner ce dossier\u00a0: choisissez dans la liste."]
    }
    assert page.context["form"]["text"].value() == "Pour vous."
    client.post(f"{there}transmettre/", {"office": region.pk, "text": "Pour vous."})
    page = client.post(f"{there}note/", {"text": " J’ai appelé\nl’usine. "}, follow=True)
    assert [each.text for each in page.context["notes"]] == ["J’ai appelé\nl’usine.", "Pour vous."]
    page = client.post(f"{there}note/", {"text": " "}, follow=True)
    assert [str(each) for each in page.context["messages"]] == ["Écrivez la note avant de l’ajouter."]
    page = client.post(f"{there}note/", {"text": "a" * 2001}, follow=True)
    assert (Note.objects.count(), len(page.context["messages"])) == (2, 1)


def test_organizer_never_reads_a_note(client, agents):
    event = factories.submitted()
    handing.note(event, by=agents[0], at=NOW, text="Note secrète")
    hand_over(event, offices(agents)[1], agents[0], text="Raison secrète")
    sign_in(client, event.created_by)
    for path in ("/espace/", f"/espace/evenements/{event.pk}/", "/compte/mes-donnees.json"):
        assert "secrète" not in client.get(path).content.decode()
