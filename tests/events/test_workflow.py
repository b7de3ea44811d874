"""What may happen to an event: every status and every transition, and what each one writes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from events import amending, merging, undoing, workflow
from events.enums import Rule, Status, Transition
from events.models import Decision, Event, LabelCounter, TimeSlot
from events.workflow import AlreadyDecided, StaleVersion, WorkflowError
from semaine.models import Edition, OutboxMessage, SiteRevision, TerritoryWeek
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
SOON = timedelta(seconds=59)
NBSP = "\u00a0"
REASON = "Précisez l’heure d’accueil."
ORGANIZERS_OWN = {"submit", "reopen", "delete", "edit", "amend", "drop_amendment"}


def test_label_gives_a_number():
    event = factories.labelled()
    assert event.label_number == "SI-2025-90-0001"
    assert event.slug == "visite-de-la-fonderie"


def standing(status, **fields) -> Event:
    """An event brought to a status by the verbs; « cancelled from » one is written "cancelled:labelled".

    "labelled:amended" has a proposal that waits, "labelled:edited" a change that no referent has seen.
    """
    status, _, before = status.partition(":")
    if before in ("amended", "edited"):
        change = (
            {"title": "Visite de nuit"} if before == "amended" else {"description": "Une heure et demie."}
        )
        event = factories.labelled(**fields)
        return amending.amend(event, by=event.created_by, at=NOW, values=change)
    if before:
        event = standing(before, **fields)
        return workflow.cancel(event, by=event.created_by, at=NOW, comment=REASON)
    if status == "merged":
        kept = factories.submitted(title="kept", commune_code="59350")
        return merging.merge(factories.labelled(**fields), into=kept, by=factories.national(), at=NOW)
    makers = {"draft": factories.draft, "labelled": factories.labelled, "withdrawn": factories.labelled}
    event = makers.get(status, factories.submitted)(**fields)
    by = {"by": factories.national(), "at": NOW}
    if status == "changes_requested":
        return workflow.request_changes(event, comment=REASON, **by)
    if status == "refused":
        return workflow.refuse(event, rule=Rule.PURPOSE, comment=REASON, **by)
    if status == "withdrawn":
        return workflow.withdraw(event, comment=REASON, **by)
    return event


# What a verb needs, so that nothing but the status can stop it.
NEEDED = {
    "label": lambda event: {"version": event.version, "purpose_confirmed": True},
    "refuse": lambda event: {"rule": Rule.PURPOSE, "comment": REASON},
    "edit": lambda event: {"values": {"description": "Deux heures."}},
    "amend": lambda event: {"values": {"title": "Visite du matin"}},
    "accept_amendment": lambda event: {"version": event.version},
    "undo": lambda event: {"at": NOW + SOON},
    "merge": lambda event: {"into": Event.objects.exclude(pk=event.pk).latest("pk")},
} | dict.fromkeys(["submit", "reopen", "delete", "see", "drop_amendment"], lambda event: {})
# A change to what is labelled is one verb, whose history says which of the two it was.
VERBS = {"edit": amending.amend, "undo": undoing.undo, "merge": merging.merge} | {
    name: getattr(amending, name)
    for name in ("see", "amend", "accept_amendment", "refuse_amendment", "drop_amendment")
}


def act(transition, event, *, by=None, at=LATER, **arguments):
    """Do what a transition's name says."""
    actor = by or (event.created_by if transition in ORGANIZERS_OWN else factories.national())
    needed = NEEDED.get(transition, lambda event: {"comment": REASON})(event)
    verb = VERBS.get(transition) or getattr(workflow, transition)
    return verb(event, **{"by": actor, "at": at} | needed | arguments)


# Every pair that is not here is refused with AlreadyDecided.
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("draft", "delete"): None,
    ("submitted", "request_changes"): "changes_requested",
    ("submitted", "label"): "labelled",
    ("submitted", "refuse"): "refused",
    ("submitted", "cancel"): "cancelled",
    ("submitted", "merge"): "merged",
    ("changes_requested", "submit"): "submitted",
    ("changes_requested", "take_back"): "submitted",
    ("changes_requested", "cancel"): "cancelled",
    ("changes_requested", "undo"): "submitted",
    ("labelled", "undo"): "submitted",
    ("labelled", "merge"): "merged",
    ("labelled", "withdraw"): "withdrawn",
    ("labelled", "cancel"): "cancelled",
    ("labelled", "edit"): "labelled",
    ("labelled", "amend"): "labelled",
    ("labelled:amended", "merge"): "merged",
    ("labelled:amended", "withdraw"): "withdrawn",
    ("labelled:amended", "cancel"): "cancelled",
    ("labelled:amended", "edit"): "labelled",
    ("labelled:amended", "amend"): "labelled",
    ("labelled:amended", "accept_amendment"): "labelled",
    ("labelled:amended", "refuse_amendment"): "labelled",
    ("labelled:amended", "drop_amendment"): "labelled",
    ("labelled:edited", "merge"): "merged",
    ("labelled:edited", "withdraw"): "withdrawn",
    ("labelled:edited", "cancel"): "cancelled",
    ("labelled:edited", "edit"): "labelled",
    ("labelled:edited", "amend"): "labelled",
    ("labelled:edited", "see"): "labelled",
    ("refused", "submit"): "submitted",
    ("refused", "reinstate"): "submitted",
    ("refused", "undo"): "submitted",
    ("withdrawn", "reinstate"): "submitted",
    ("cancelled:submitted", "reopen"): "submitted",
    ("cancelled:changes_requested", "reopen"): "changes_requested",
    ("cancelled:labelled", "reopen"): "labelled",
}
STATUSES = [
    *("draft", "submitted", "changes_requested", "labelled", "refused", "withdrawn", "merged"),
    *("labelled:amended", "labelled:edited"),
    *("cancelled:submitted", "cancelled:changes_requested", "cancelled:labelled"),
]


def test_matrix_covers_every_status_and_transition():
    assert sorted({status.partition(":")[0] for status in STATUSES}) == sorted(Status.values)
    assert sorted({transition for _, transition in ALLOWED}) == sorted(Transition.values)


@pytest.mark.parametrize("transition", Transition.values)
@pytest.mark.parametrize("status", STATUSES)
def test_transition_leads_from_status_to_target_or_is_refused(status, transition):
    event = standing(status)
    factories.submitted(title="Le même")
    before = Decision.objects.count(), OutboxMessage.objects.count(), event.updated_at
    if (status, transition) not in ALLOWED:
        with pytest.raises(WorkflowError) as caught:
            act(transition, event)
        assert caught.type is AlreadyDecided
        event.refresh_from_db()
        assert event.status == status.partition(":")[0]
        assert (Decision.objects.count(), OutboxMessage.objects.count(), event.updated_at) == before
        return
    returned = act(transition, event)
    target = ALLOWED[status, transition]
    stored = Event.objects.filter(pk=event.pk).values_list("status", "cancelled_from").first()
    before = status.partition(":")[0]
    assert stored == (target and (target, before if target == "cancelled" else ""))
    assert (returned and returned.status) == target


@pytest.mark.parametrize(
    ("status", "done", "author"),
    [
        ("submitted", "envoyé", "organizer"),
        ("changes_requested", "renvoyé à l’organisateur", "agent"),
        ("labelled", "labellisé", "agent"),
        ("refused", "refusé", "agent"),
        ("withdrawn", "retiré du programme", "agent"),
        ("cancelled:labelled", "annulé", "organizer"),
        ("merged", "regroupé avec un autre", "agent"),
    ],
)
def test_already_decided_says_who_did_what_and_when_in_paris(status, done, author):
    event = standing(status)
    name = {"organizer": event.created_by, "agent": factories.national()}[author].name
    with pytest.raises(AlreadyDecided) as caught:
        act("label" if status != "submitted" else "withdraw", event)
    assert caught.value.message == (
        f"Cet événement a été {done} par {name} le mercredi 1er octobre 2025 à 10{NBSP}h."
    )


def test_already_decided_on_a_draft_says_it_was_never_sent():
    with pytest.raises(AlreadyDecided) as caught:
        act("label", factories.draft())
    assert caught.value.message == "Cet événement est un brouillon : il n’a pas encore été envoyé."


EXPLAINED = [
    ("take_back", "changes_requested"),
    ("request_changes", "submitted"),
    ("refuse", "submitted"),
    ("withdraw", "labelled"),
    ("reinstate", "withdrawn"),
    ("reinstate", "refused"),
    ("cancel", "submitted"),
    ("cancel", "labelled"),
    ("refuse_amendment", "labelled:amended"),
]


@pytest.mark.parametrize("comment", ["", " \n\t "])
@pytest.mark.parametrize(("transition", "status"), EXPLAINED)
def test_transition_needs_an_explanation(transition, status, comment):
    event = standing(status)
    with pytest.raises(WorkflowError) as caught:
        act(transition, event, comment=comment)
    assert caught.value.message == "Écrivez une explication : l’organisateur la lira."
    event.refresh_from_db()
    assert event.status == status.partition(":")[0]


@pytest.mark.parametrize("rule", ["", "météo"])
def test_refuse_needs_a_rule(rule):
    event = factories.submitted()
    with pytest.raises(WorkflowError) as caught:
        act("refuse", event, rule=rule)
    assert caught.value.message == "Choisissez la règle qui n’est pas respectée."


@pytest.mark.parametrize("transition", ["label", "refuse", "request_changes"])
@pytest.mark.parametrize("version", [0, 2])
def test_decision_on_another_version_is_stale(transition, version):
    event = factories.submitted()
    with pytest.raises(StaleVersion) as caught:
        act(transition, event, version=version)
    assert caught.value.message == (
        "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
    )
    event.refresh_from_db()
    assert event.status == Status.SUBMITTED


def test_label_needs_the_purpose_confirmed():
    event = factories.submitted()
    with pytest.raises(WorkflowError) as caught:
        act("label", event, purpose_confirmed=False)
    assert caught.value.message == "Confirmez que l’événement fait connaître l’industrie."
    event.refresh_from_db()
    assert (event.status, event.label_number) == (Status.SUBMITTED, None)


def test_submit_incomplete_says_how_much_and_carries_the_findings():
    event = factories.draft(is_free=False, title="")
    with pytest.raises(WorkflowError) as caught:
        act("submit", event)
    assert caught.value.message == f"Il reste 2{NBSP}points à corriger."
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [Rule.FREE, Rule.PRESENTATION]
    event.refresh_from_db()
    assert (event.status, event.submitted_at) == (Status.DRAFT, None)


def test_label_checks_the_rules_again():
    event = factories.submitted()
    Edition.objects.update(label_until=event.edition.ends_on, starts_on=event.edition.ends_on)
    Edition.objects.update(label_from=event.edition.ends_on)
    with pytest.raises(WorkflowError) as caught:
        act("label", event)
    assert caught.value.message == f"Il reste 1{NBSP}point à corriger."
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [Rule.DATES]
    assert Event.objects.get(pk=event.pk).status == Status.SUBMITTED


OPENS, CLOSES = datetime(2025, 9, 17, tzinfo=UTC), datetime(2025, 11, 24, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize("status", ["draft", "refused"])
@pytest.mark.parametrize(
    ("at", "is_open"),
    [(OPENS - MICROSECOND, False), (OPENS, True), (CLOSES - MICROSECOND, True), (CLOSES, False)],
)
def test_submit_waits_for_submissions_to_be_open(status, at, is_open):
    event = standing(status)
    if is_open:
        assert act("submit", event, at=at).status == Status.SUBMITTED
        return
    with pytest.raises(WorkflowError) as caught:
        act("submit", event, at=at)
    assert caught.value.message == (
        "Les propositions sont reçues du mercredi 17 septembre 2025 au lundi 24 novembre 2025."
    )


def test_submissions_closed_at_midnight_were_received_until_the_day_before():
    event = factories.draft()
    midnight = datetime(2025, 11, 23, 23, tzinfo=UTC)
    Edition.objects.update(submissions_close_at=midnight)
    event = Event.objects.get(pk=event.pk)
    assert workflow.why_not(event, Transition.SUBMIT, by=event.created_by, at=midnight) == (
        "Les propositions sont reçues du mercredi 17 septembre 2025 au dimanche 23 novembre 2025."
    )


def test_submit_to_an_unpublished_edition_is_refused():
    event = factories.draft(in_edition=factories.edition(is_published=False))
    with pytest.raises(WorkflowError):
        act("submit", event)
    assert Event.objects.get(pk=event.pk).status == Status.DRAFT


LAST_EVENING = datetime(2025, 12, 7, 22, 59, tzinfo=UTC)
OVER = "L’édition 2025 est terminée depuis le dimanche 7 décembre."


@pytest.mark.parametrize(
    ("transition", "status"), [("submit", "changes_requested"), ("reopen", "cancelled:labelled")]
)
def test_changes_are_received_until_the_window_ends(transition, status):
    event = standing(status)
    with pytest.raises(WorkflowError) as caught:
        act(transition, event, at=LAST_EVENING + timedelta(minutes=1))
    assert caught.value.message == OVER
    expected = {"submit": Status.SUBMITTED, "reopen": Status.LABELLED}[transition]
    assert act(transition, event, at=LAST_EVENING).status == expected


def test_changes_are_received_until_the_territory_s_own_window_ends():
    late = {"starts_on": "2025-12-10", "ends_on": "2025-12-12"}
    late |= {"label_from": "2025-12-10", "label_until": "2025-12-12"}
    region = factories.region("04")
    TerritoryWeek.objects.create(edition=factories.edition(), region=region, **late)
    slots = [factories.slot("2025-12-11", zone="Indian/Reunion")]
    event = standing("changes_requested", commune_code="97411", slots=slots)
    assert act("submit", event, at=LAST_EVENING + timedelta(days=4)).status == Status.SUBMITTED


def test_refused_event_is_corrected_and_sent_again():
    event = standing("refused")
    event = act("submit", event, at=LATER)
    assert (event.status, event.submitted_at, event.due_on.isoformat()) == ("submitted", LATER, "2025-10-07")
    assert [each.transition for each in event.decisions.all()] == ["submit", "refuse", "submit"]


def test_delete_leaves_nothing():
    event = factories.draft()
    assert TimeSlot.objects.count() == 1
    assert act("delete", event) is None
    rows = [model.objects.count() for model in (Event, TimeSlot, Decision, OutboxMessage)]
    assert rows == [0, 0, 0, 0]


def test_verb_on_a_deleted_event_says_so():
    event = factories.draft()
    Event.objects.filter(pk=event.pk).delete()
    with pytest.raises(WorkflowError) as caught:
        act("submit", event)
    assert caught.value.message == "Cet événement n’existe plus : il a été supprimé."


@pytest.mark.parametrize(
    ("transition", "status"),
    [("submit", "draft"), ("label", "submitted"), ("cancel", "labelled"), ("withdraw", "labelled")],
)
def test_transition_whose_mail_cannot_be_written_writes_nothing(transition, status):
    event = standing(status)
    before = snapshot(event)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE semaine_outboxmessage ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    with pytest.raises(IntegrityError):
        act(transition, event)
    assert snapshot(event) == before


def snapshot(event):
    return (
        Event.objects.filter(pk=event.pk).values().get(),
        Decision.objects.count(),
        OutboxMessage.objects.count(),
        SiteRevision.objects.number(),
        list(LabelCounter.objects.values_list("territory", "last")),
    )
