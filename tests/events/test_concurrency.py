"""Two people at once: real threads, each with its own connection, started together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection, transaction

from events import amending, copying, drafting, merging, undoing, workflow
from events.enums import Rule
from events.group_decisions import FileForm, decide
from events.models import Amendment, Decision, Event, LabelCounter
from events.transitions import UNDO_WITHIN
from events.workflow import AlreadyDecided, StaleVersion, WorkflowError
from organizers.enums import OfficeKind
from semaine import outbox
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db(transaction=True)

NBSP = "\u00a0"
SECONDS = 30  # nothing here waits so long unless it is stuck


@pytest.fixture(autouse=True)
def _revision():
    """The row that a migration makes; these tests empty every table."""
    SiteRevision.objects.get_or_create(pk=SiteRevision.ONLY)


def together(*calls):
    """Run the calls at once; return what each one returned, or the WorkflowError that it raised."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(SECONDS)
            return call()
        except WorkflowError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(SECONDS) for future in [pool.submit(run, call) for call in calls]]


def label(event, by):
    return workflow.label(event, by=by, at=NOW, version=1, purpose_confirmed=True)


def refuse(event, by):
    return workflow.refuse(event, by=by, at=NOW, rule=Rule.PURPOSE, comment="Rien sur l’industrie.")


def revise(event):
    contents = {"values": factories.values(title="Corrigé"), "slots": [slot("2025-11-21")]}
    return drafting.revise(event, by=event.created_by, at=NOW, version=1, **contents)


def test_labels_of_eight_agents_are_numbered_without_gap_or_double():
    organizer = factories.user()
    events = [factories.submitted(organizer) for _ in range(24)]
    agents = [factories.referent() for _ in range(8)]
    shares = [events[each::8] for each in range(8)]
    together(
        *(
            lambda agent=agent, share=share: [label(event, agent) for event in share]
            for agent, share in zip(agents, shares, strict=True)
        )
    )
    numbers = Event.objects.order_by("label_number").values_list("label_number", flat=True)
    assert list(numbers) == [f"SI-2025-90-{number:04}" for number in range(1, 25)]
    assert Event.objects.values("slug").distinct().count() == 24
    assert list(LabelCounter.objects.values_list("territory", "last")) == [("90", 24)]
    assert SiteRevision.objects.number() == 24
    assert OutboxMessage.objects.filter(subject__startswith="Votre événement est labellisé").count() == 24


@pytest.mark.parametrize("verbs", [(label, label), (label, refuse), (refuse, refuse)])
def test_two_referents_decide_once_and_the_second_learns_who_was_first(verbs):
    event = factories.submitted()
    agents = [factories.referent(), factories.referent(OfficeKind.REGIONAL, "27")]
    outcomes = together(
        *(lambda verb=verb, by=by: verb(event, by) for verb, by in zip(verbs, agents, strict=True))
    )
    first = next(number for number, each in enumerate(outcomes) if isinstance(each, Event))
    done = {label: "labellisé", refuse: "refusé"}[verbs[first]]
    assert type(outcomes[1 - first]) is AlreadyDecided
    assert outcomes[1 - first].message == (
        f"Cet événement a été {done} par {agents[first].name} le mercredi 1er octobre 2025 à 10{NBSP}h."
    )
    assert [each.by for each in event.decisions.all()] == [event.created_by, agents[first]]
    assert OutboxMessage.objects.count() == 2


def test_event_sent_twice_at_once_is_sent_once():
    event = factories.draft()

    def submit():
        return workflow.submit(event, by=event.created_by, at=NOW)

    outcomes = together(submit, submit)
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided", "Event"]
    assert (Decision.objects.count(), OutboxMessage.objects.count()) == (1, 1)


@pytest.mark.parametrize("attempt", range(4))
def test_label_while_the_organizer_revises_lets_one_of_them_win(attempt):
    event = factories.submitted()
    agent = factories.referent()
    labelled, revised = together(lambda: label(event, agent), lambda: revise(event))
    stored = Event.objects.get()
    if isinstance(labelled, Event):
        # Once labelled, the same change is a proposal.
        assert (revised.version, Amendment.objects.get().changes["title"]) == (2, "Corrigé")
        assert (stored.status, stored.version, stored.title) == ("labelled", 2, "Visite de la fonderie")
    else:
        assert type(labelled) is StaleVersion
        assert (stored.status, stored.version, stored.title) == ("submitted", 2, "Corrigé")
        assert (revised.version, SiteRevision.objects.number()) == (2, 0)
    assert stored.slots.count() == 1


def amend(event, title, version=2):
    values = {"title": title}
    return drafting.revise(event, by=event.created_by, at=NOW, values=values, version=version)


@pytest.mark.parametrize("attempt", range(4))
def test_accept_while_the_organizer_changes_the_proposal_lets_one_of_them_win(attempt):
    event = amend(factories.labelled(), "Visite de nuit", version=1)
    agent = factories.referent()
    accepted, changed = together(
        lambda: amending.accept_amendment(event, by=agent, at=NOW, version=2),
        lambda: amend(event, "Visite payante de nuit"),
    )
    stored = Event.objects.get()
    if isinstance(accepted, Event):
        assert type(changed) is StaleVersion
        assert (stored.title, stored.version) == ("Visite de nuit", 3)
        assert list(Amendment.objects.values_list("state", flat=True)) == ["accepted"]
    else:
        assert type(accepted) is StaleVersion
        assert (stored.title, stored.version) == ("Visite de la fonderie", 3)
        assert list(Amendment.objects.values_list("changes", "state")) == [
            ({"title": "Visite payante de nuit"}, "open")
        ]


@pytest.mark.parametrize("attempt", range(4))
def test_accept_while_the_event_is_cancelled_leaves_it_cancelled(attempt):
    event = amend(factories.labelled(), "Visite de nuit", version=1)
    agent = factories.referent()
    accepted, cancelled = together(
        lambda: amending.accept_amendment(event, by=agent, at=NOW, version=2),
        lambda: workflow.cancel(event, by=event.created_by, at=NOW, comment="Panne."),
    )
    stored = Event.objects.get()
    assert (type(cancelled), stored.status, stored.cancelled_from) == (Event, "cancelled", "labelled")
    if isinstance(accepted, Event):
        assert (stored.title, Amendment.objects.get().state) == ("Visite de nuit", "accepted")
    else:
        assert type(accepted) is AlreadyDecided
        assert (stored.title, Amendment.objects.get().state) == ("Visite de la fonderie", "closed")


def test_two_proposals_at_once_make_one():
    event = factories.labelled()
    outcomes = together(*(lambda title=title: amend(event, title, version=1) for title in ("Un", "Deux")))
    assert sorted(type(each).__name__ for each in outcomes) == ["Event", "StaleVersion"]
    assert Amendment.objects.filter(state="open").count() == 1


def test_accepted_by_one_and_refused_by_another_at_once_is_answered_once():
    event = amend(factories.labelled(), "Visite de nuit", version=1)
    agents = [factories.referent(), factories.referent()]
    outcomes = together(
        lambda: amending.accept_amendment(event, by=agents[0], at=NOW, version=2),
        lambda: amending.refuse_amendment(event, by=agents[1], at=NOW, version=2, comment="Non."),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided", "Event"]
    assert OutboxMessage.objects.filter(subject__startswith="Votre modification").count() == 2


def test_event_renewed_by_two_colleagues_at_once_is_renewed_once():
    event, edition = factories.labelled(), factories.edition(2026)

    def renew():
        return copying.renew(event, edition, by=event.created_by, at=NOW)

    outcomes = together(*[renew] * 4)
    assert [each.pk for each in outcomes] == [event.renewals.get().pk] * 4


def test_same_title_labelled_in_two_territories_at_once_has_two_addresses():
    agent = factories.national()
    events = [factories.submitted(commune_code=code) for code in ("90010", "59350")]
    together(*(lambda event=event: label(event, agent) for event in events))
    slugs = sorted(Event.objects.values_list("slug", flat=True))
    loser = Event.objects.exclude(slug="visite-de-la-fonderie").get()
    assert slugs == ["visite-de-la-fonderie", f"visite-de-la-fonderie-{loser.label_number.lower()}"]
    assert sorted(Event.objects.values_list("label_number", flat=True)) == [
        "SI-2025-59-0001",
        "SI-2025-90-0001",
    ]


def test_two_creations_with_one_key_make_one_event():
    organizer = factories.user()
    home, edition = factories.organization(organizer), factories.edition()
    contents = {"values": factories.values(), "slots": [slot()]}

    def create():
        return drafting.draft(home, edition, by=organizer, at=NOW, key=UUID(int=1), **contents)

    outcomes = together(*[create] * 4)
    assert [each.pk for each in outcomes] == [Event.objects.get().pk] * 4
    assert (Event.objects.get().title, Event.objects.get().slots.count()) == ("Visite de la fonderie", 1)


def test_delete_while_it_is_sent_lets_one_of_them_win():
    event = factories.draft()
    by = {"by": event.created_by, "at": NOW}
    deleted, sent = together(lambda: workflow.delete(event, **by), lambda: workflow.submit(event, **by))
    if deleted is None:
        assert sent.message == "Cet événement n’existe plus : il a été supprimé."
        assert (Event.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    else:
        assert type(deleted) is AlreadyDecided
        assert (Event.objects.get().status, Decision.objects.count()) == ("submitted", 1)


def test_label_rolled_back_leaves_no_gap():
    agent = factories.referent()
    abandoned, kept = factories.submitted(), factories.submitted()
    numbered = Signal()

    class Outage(WorkflowError):
        pass

    def give_up():
        with transaction.atomic():
            numbers.append(label(abandoned, agent).label_number)
            numbered.set()
            raise Outage("La machine s’arrête.")

    def go_on():
        numbered.wait(SECONDS)
        return label(kept, agent).label_number

    numbers = []
    assert together(give_up, go_on)[1] == "SI-2025-90-0001"
    assert numbers == ["SI-2025-90-0001"]
    assert label(abandoned, agent).label_number == "SI-2025-90-0002"
    assert SiteRevision.objects.number() == 2


@pytest.mark.parametrize("attempt", range(4))
def test_undo_and_the_sender_of_mails_never_both_win(attempt):
    event, agent = factories.submitted(), factories.referent()
    refuse(event, agent)
    # Due already: the clocks of two machines may differ.
    OutboxMessage.objects.update(not_before=NOW)
    undone, _ = together(
        lambda: undoing.undo(event, by=agent, at=NOW), lambda: outbox.send_due(NOW + UNDO_WITHIN)
    )
    sent = [each.subject for each in mail.outbox if "pas reçu" in each.subject]
    if isinstance(undone, Event):
        assert (Event.objects.get().status, sent) == ("submitted", [])
    else:
        assert undone.message == f"Le courriel de cette décision est déjà parti{NBSP}: elle ne s’annule plus."
        assert Event.objects.get().status == "refused"
        outbox.send_due(NOW + UNDO_WITHIN)
        assert sum("pas reçu" in each.subject for each in mail.outbox) == 1


def test_mail_that_is_leaving_holds_the_decision():
    event, agent = factories.submitted(), factories.referent()
    refuse(event, agent)
    taken, over = Signal(), Signal()

    def hold():
        with transaction.atomic():
            list(OutboxMessage.objects.select_for_update())
            taken.set()
            over.wait(SECONDS)

    def undo():
        taken.wait(SECONDS)
        try:
            return undoing.undo(event, by=agent, at=NOW)
        finally:
            over.set()

    assert type(together(hold, undo)[1]) is WorkflowError
    assert (Event.objects.get().status, OutboxMessage.objects.count()) == ("refused", 2)


def test_undo_twice_at_once_undoes_once():
    event, agent = factories.submitted(), factories.referent()
    refuse(event, agent)
    outcomes = together(*[lambda: undoing.undo(event, by=agent, at=NOW)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyDecided", "Event"]
    assert Decision.objects.filter(transition="undo").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_merge_against_label_of_the_same_event_lets_one_of_them_be_first(attempt):
    event, kept, agent = factories.submitted(), factories.submitted(), factories.referent()
    merged, labelled = together(
        lambda: merging.merge(event, into=kept, by=agent, at=NOW), lambda: label(event, agent)
    )
    stored = Event.objects.get(pk=event.pk)
    assert (type(merged), stored.status, stored.merged_into) == (Event, "merged", kept)
    if isinstance(labelled, Event):
        assert stored.label_number == "SI-2025-90-0001"
    else:
        assert (type(labelled), stored.label_number) == (AlreadyDecided, None)


def test_each_of_two_kept_by_two_agents_at_once_merges_once():
    first, second = factories.submitted(), factories.submitted()
    agents = [factories.referent(), factories.referent()]
    outcomes = together(
        lambda: merging.merge(first, into=second, by=agents[0], at=NOW),
        lambda: merging.merge(second, into=first, by=agents[1], at=NOW),
    )
    assert sorted(isinstance(each, Event) for each in outcomes) == [False, True]
    assert Event.objects.filter(status="merged").count() == 1


def test_eight_agents_deciding_on_the_same_files_decide_each_of_them_once():
    organizer = factories.user()
    events = [factories.submitted(organizer) for _ in range(50)]
    agents = [factories.referent() for _ in range(8)]

    def decide_on_all(agent, number):
        # Each begins at another file, so that every one of them is first somewhere.
        read = list(Event.objects.for_examination(agent).order_by("pk"))
        files = [FileForm(event, _read(event)) for event in read[number * 6 :] + read[: number * 6]]
        return decide(files, {"decision": "label", "comment": "", "rule": ""}, by=agent, at=NOW)

    told = together(*(lambda pair=pair: decide_on_all(*pair) for pair in zip(agents, range(8), strict=True)))
    done = [each for outcomes in told for each in outcomes if each.is_done]
    losers = [each.message for outcomes in told for each in outcomes if not each.is_done]
    assert sorted(each.file.event.pk for each in done) == sorted(event.pk for event in events)
    assert Decision.objects.filter(transition="label").count() == 50
    numbers = Event.objects.order_by("label_number").values_list("label_number", flat=True)
    assert list(numbers) == [f"SI-2025-90-{number:04}" for number in range(1, 51)]
    assert len(losers) == 350
    assert [
        each for each in losers if not each.startswith("Cet événement a été labellisé par Personne")
    ] == []
    assert OutboxMessage.objects.filter(subject__startswith="Votre événement est labellisé").count() == 50


def _read(event):
    return {f"dossier-{event.pk}-version": "1", f"dossier-{event.pk}-purpose_confirmed": "on"}
