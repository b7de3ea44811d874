"""Who may do what: the organizer's verbs, the referents' verbs, and nobody on an event of their own."""

import pytest

from events import workflow
from events.enums import Rule
from events.models import Decision, Event
from events.workflow import WorkflowError
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership, OfficeMembership
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OTHERS = "Cet événement est celui d’une autre organisation."
ELSEWHERE = "Cet événement n’est pas dans votre territoire."
OWN = "Vous êtes membre de l’organisation : un collègue doit décider."
DEPARTMENTAL, REGIONAL, NATIONAL = OfficeKind.DEPARTMENTAL, OfficeKind.REGIONAL, OfficeKind.NATIONAL


def member_who_is_referent(event):
    OfficeMembership.objects.create(user=event.created_by, office=factories.office())
    return event.created_by


def colleague(event):
    """Another member of the same organization, who only edits."""
    other = factories.user()
    Membership.objects.create(user=other, organization=event.organization, role=MembershipRole.EDITOR)
    return other


def organizer_elsewhere(event):
    stranger = factories.user()
    factories.organization(stranger)
    return stranger


def retired(event):
    return factories.referent(is_active=False)


def locked_out(event):
    agent = factories.referent()
    agent.is_active = False
    agent.save()
    return agent


# The event is in Belfort: département 90, région 27. Who: (as organizer, as referent, to cancel).
ACTORS = [
    (lambda event: event.created_by, "", OWN, ""),
    (colleague, "", OWN, ""),
    (member_who_is_referent, "", OWN, ""),
    (organizer_elsewhere, OTHERS, ELSEWHERE, ELSEWHERE),
    (lambda event: factories.user(), OTHERS, ELSEWHERE, ELSEWHERE),
    (lambda event: factories.user(is_superuser=True, is_staff=True), OTHERS, ELSEWHERE, ELSEWHERE),
    (lambda event: factories.referent(DEPARTMENTAL, "90"), OTHERS, "", ""),
    (lambda event: factories.referent(DEPARTMENTAL, "59"), OTHERS, ELSEWHERE, ELSEWHERE),
    (lambda event: factories.referent(REGIONAL, "27"), OTHERS, "", ""),
    (lambda event: factories.referent(REGIONAL, "32"), OTHERS, ELSEWHERE, ELSEWHERE),
    (lambda event: factories.referent(NATIONAL, "France"), OTHERS, "", ""),
    (retired, OTHERS, ELSEWHERE, ELSEWHERE),
    (locked_out, OTHERS, ELSEWHERE, ELSEWHERE),
]
NAMES = [
    *("organizer", "colleague", "member who is referent", "organizer elsewhere", "anybody", "superuser"),
    *("departmental", "another departmental", "regional", "another regional", "national"),
    *("retired", "locked out"),
]
actors = pytest.mark.parametrize(("actor", "as_organizer", "as_referent", "to_cancel"), ACTORS, ids=NAMES)


def attempt(verb, event, actor, **arguments) -> str:
    """Return why the verb was refused; nothing when it was done. What is refused leaves the event as it was."""
    before = Event.objects.filter(pk=event.pk).values().get(), Decision.objects.count()
    try:
        getattr(workflow, verb)(event, by=actor, at=NOW, **arguments)
    except WorkflowError as error:
        assert (Event.objects.filter(pk=event.pk).values().get(), Decision.objects.count()) == before
        return error.message
    return ""


@actors
def test_organizers_verbs_ask_for_membership(actor, as_organizer, as_referent, to_cancel):
    drafted = factories.draft()
    assert attempt("submit", drafted, actor(drafted)) == as_organizer
    cancelled = workflow.cancel(factories.submitted(), by=factories.national(), at=NOW, comment="Doublon.")
    assert attempt("reopen", cancelled, actor(cancelled)) == as_organizer
    unsent = factories.draft()
    assert attempt("delete", unsent, actor(unsent)) == as_organizer


@actors
def test_label_asks_for_the_territory(actor, as_organizer, as_referent, to_cancel):
    event = factories.submitted()
    read = {"version": event.version, "purpose_confirmed": True}
    assert attempt("label", event, actor(event), **read) == as_referent


@actors
def test_refuse_asks_for_the_territory(actor, as_organizer, as_referent, to_cancel):
    event = factories.submitted()
    reason = {"rule": Rule.PURPOSE, "comment": "Rien sur l’industrie."}
    assert attempt("refuse", event, actor(event), **reason) == as_referent


@actors
def test_request_changes_then_take_back_ask_for_the_territory(actor, as_organizer, as_referent, to_cancel):
    event = factories.submitted()
    who = actor(event)
    assert attempt("request_changes", event, who, comment="À quelle heure ?") == as_referent
    if as_referent:
        workflow.request_changes(event, by=factories.national(), at=NOW, comment="À quelle heure ?")
    assert attempt("take_back", event, who, comment="Trouvé.") == as_referent


@actors
def test_withdraw_then_reinstate_ask_for_the_territory(actor, as_organizer, as_referent, to_cancel):
    event = factories.labelled()
    who = actor(event)
    assert attempt("withdraw", event, who, comment="Payant.") == as_referent
    if as_referent:
        workflow.withdraw(event, by=factories.national(), at=NOW, comment="Payant.")
    assert attempt("reinstate", event, who, comment="Gratuit.") == as_referent


@actors
def test_cancel_is_for_organizer_or_referent(actor, as_organizer, as_referent, to_cancel):
    event = factories.labelled()
    assert attempt("cancel", event, actor(event), comment="Grève.") == to_cancel


@pytest.mark.parametrize(
    ("kind", "territory"), [(DEPARTMENTAL, "90"), (REGIONAL, "27"), (NATIONAL, "France")]
)
def test_decision_names_the_office_that_decided(kind, territory):
    agent = factories.referent(kind, territory)
    event = factories.labelled(by=agent)
    assert event.office == factories.office(kind, territory)
    assert event.decisions.last().office == event.office


def test_decision_names_the_nearest_office_of_an_agent_of_two():
    agent = factories.referent(NATIONAL, "France")
    OfficeMembership.objects.create(user=agent, office=factories.office(DEPARTMENTAL, "90"))
    assert factories.labelled(by=agent).office == factories.office(DEPARTMENTAL, "90")


def test_decision_of_an_organizer_names_no_office():
    event = factories.draft()
    workflow.submit(event, by=member_who_is_referent(event), at=NOW)
    assert event.decisions.get().office is None
