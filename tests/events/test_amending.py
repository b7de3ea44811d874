"""Changing a labelled event: what is proposed, what changes at once, and what a referent answers."""

from datetime import timedelta

import pytest

from events import amending, drafting, workflow
from events.enums import Rule
from events.models import Amendment, Event
from events.transitions import AlreadyDecided, StaleVersion, WorkflowError
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_workflow import LATER, REASON, standing
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


def amend(event, *, slots=None, version=None, at=LATER, **values):
    """As the form does: through the one door for contents."""
    return drafting.revise(event, by=event.created_by, at=at, values=values, slots=slots, version=version)


def accept(event, *, by=None, version=None):
    version = event.version if version is None else version
    return amending.accept_amendment(event, by=by or factories.national(), at=LATER, version=version)


def proposals():
    return list(Amendment.objects.order_by("pk").values_list("changes", "base_version", "state"))


def transitions(event):
    return [each.transition for each in event.decisions.all()]


def public_row(event):
    """Everything stored of the event but what a proposal may touch."""
    [row] = Event.objects.filter(pk=event.pk).values()
    return {name: value for name, value in row.items() if name not in ("version", "due_on")}


def test_label_fact_becomes_a_proposal_and_the_public_row_stays():
    event = factories.labelled()
    before, revision = public_row(event), SiteRevision.objects.number()
    returned = amend(event, title="Visite de nuit", slots=[slot("2025-11-21")])
    assert public_row(event) == before
    assert [row.starts_at for row in event.slots.all()] == [slot()[0]]
    starts, ends = slot("2025-11-21")
    changes = {"title": "Visite de nuit", "slots": [[starts.isoformat(), ends.isoformat()]]}
    assert proposals() == [(changes, 2, "open")]
    assert (returned.version, SiteRevision.objects.number()) == (2, revision)


def test_proposal_is_logged_mailed_and_due_in_four_working_days():
    event = factories.labelled()
    OutboxMessage.objects.all().delete()
    amend(event, title="Visite de nuit")
    decision = event.decisions.last()
    assert (decision.transition, decision.by, decision.office, decision.at) == (
        "amend",
        event.created_by,
        None,
        LATER,
    )
    assert Event.objects.get().due_on.isoformat() == "2025-10-07"
    mail = OutboxMessage.objects.get()
    assert mail.subject == f"Votre modification est proposée{NBSP}: Visite de la fonderie"
    assert [line for line in mail.text.splitlines() if "mardi 7 octobre" in line] == [
        f"Réponse attendue{NBSP}: au plus tard le mardi 7 octobre"
    ]


def test_the_rest_changes_at_once_is_logged_and_waits_to_be_seen():
    event = factories.labelled()
    OutboxMessage.objects.all().delete()
    revision = SiteRevision.objects.number()
    amend(event, description="Deux heures.", is_full=True, accessibility_codes=["mi"])
    stored = Event.objects.get()
    assert (stored.description, stored.is_full, stored.accessibility_codes) == ("Deux heures.", True, ["mi"])
    assert (stored.changed_since_label, stored.version, stored.updated_at) == (True, 2, LATER)
    assert SiteRevision.objects.number() == revision + 1
    decision = event.decisions.last()
    assert (decision.transition, decision.comment) == (
        "edit",
        f"Changé tout de suite{NBSP}: description, complet ou non et accessibilité.",
    )
    assert (Amendment.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_one_save_may_do_both():
    event = factories.labelled()
    amend(event, title="Visite de nuit", description="Deux heures.")
    stored = Event.objects.get()
    assert (stored.title, stored.description, stored.version) == ("Visite de la fonderie", "Deux heures.", 2)
    assert proposals() == [({"title": "Visite de nuit"}, 2, "open")]
    assert transitions(event) == ["submit", "label", "amend", "edit"]


def test_private_contact_changes_without_the_public_knowing():
    event = factories.labelled()
    revision = SiteRevision.objects.number()
    amend(event, contact_phone="03 84 00 00 00", expected_participants=30)
    stored = Event.objects.get()
    assert (stored.contact_phone, stored.changed_since_label) == ("03 84 00 00 00", True)
    assert (stored.updated_at, SiteRevision.objects.number()) == (NOW, revision)
    assert "03 84" not in event.decisions.last().comment


def test_saving_without_a_change_writes_nothing():
    event = factories.labelled()
    returned = amend(
        event, slots=[slot()], **factories.values(audience_codes=["demandeurs-emploi", "scolaires"])
    )
    assert (returned.version, proposals(), transitions(event)) == (1, [], ["submit", "label"])


def test_proposal_is_replaced_by_the_next_one_without_a_second_mail():
    event = factories.labelled()
    OutboxMessage.objects.all().delete()
    amend(event, title="Visite de nuit")
    amend(event, summary="Un autre résumé.", at=LATER + timedelta(days=1))
    both = {"title": "Visite de nuit", "summary": "Un autre résumé."}
    assert proposals() == [(both, 3, "open")]
    assert (OutboxMessage.objects.count(), transitions(event)) == (1, ["submit", "label", "amend"])


def test_proposal_goes_when_all_is_as_labelled_again():
    event = factories.labelled()
    amend(event, title="Visite de nuit")
    event = amend(event, title="Visite de la fonderie")
    assert proposals() == [({"title": "Visite de nuit"}, 2, "dropped")]
    assert (event.version, transitions(event)[-1]) == (3, "drop_amendment")


def test_change_at_once_keeps_the_open_proposal_on_the_version_it_makes():
    event = factories.labelled()
    amend(event, title="Visite de nuit")
    event = amend(event, description="Deux heures.")
    assert proposals() == [({"title": "Visite de nuit"}, 3, "open")]
    assert accept(event).title == "Visite de nuit"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"is_free": False}, Rule.FREE),
        ({"slots": [slot("2025-12-08")]}, Rule.DATES),
        ({"slots": []}, Rule.DATES),
        ({"audience_codes": []}, Rule.AUDIENCE),
        ({"summary": " "}, Rule.PRESENTATION),
        ({"attendance_mode": "mixte"}, Rule.LINK),
        ({"postal_code": "59000"}, Rule.TERRITORY),
    ],
)
def test_proposal_that_would_fail_a_rule_is_refused_with_the_findings(change, rule):
    event = factories.labelled()
    factories.commune("59350")
    with pytest.raises(WorkflowError) as caught:
        amend(event, description="Deux heures.", **change)
    assert caught.value.message == f"Il reste 1{NBSP}point à corriger."
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [rule]
    assert (proposals(), Event.objects.get().version) == ([], 1)
    assert Event.objects.get().description == "Un parcours d’une heure dans les ateliers."


@pytest.mark.parametrize(
    ("slots", "message"),
    [
        (
            [slot(start="09:00", end="11:00"), slot(start="10:00", end="12:00")],
            f"Deux créneaux se chevauchent{NBSP}: corrigez leurs heures ou supprimez-en un.",
        ),
        ([(slot()[1], slot()[0])], "Un créneau finit après son début et dure 24 heures au plus."),
    ],
)
def test_proposal_of_slots_that_cannot_be_is_refused(slots, message):
    event = factories.labelled()
    with pytest.raises(WorkflowError) as caught:
        amend(event, slots=slots)
    assert (caught.value.message, proposals()) == (message, [])


BY_LINK = {
    "access_mode": "inscription",
    "registration_kind": "lien",
    "registration_value": "https://example.org/i",
}


def test_way_to_register_goes_with_the_access_that_is_proposed():
    event = factories.labelled()
    amend(event, **BY_LINK)
    assert proposals() == [(BY_LINK, 2, "open")]
    assert Event.objects.get().registration_value == ""
    event = accept(Event.objects.get())
    assert (event.access_mode, event.registration_value) == ("inscription", "https://example.org/i")


def test_registration_link_alone_changes_at_once():
    event = factories.labelled(**BY_LINK)
    amend(event, registration_value="https://example.org/ici")
    assert (Event.objects.get().registration_value, proposals()) == ("https://example.org/ici", [])


def test_what_changes_at_once_may_not_break_what_the_label_asks():
    event = factories.labelled(**BY_LINK)
    with pytest.raises(WorkflowError) as caught:
        amend(event, registration_value="")
    assert caught.value.message == "Un événement labellisé doit rester complet."
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [Rule.ACCESS]
    assert Event.objects.get().registration_value == "https://example.org/i"


def test_fault_that_was_there_before_does_not_stop_another_change():
    event = factories.labelled(**BY_LINK)
    Event.objects.update(registration_value="")
    amend(event, description="Deux heures.")
    assert Event.objects.get().description == "Deux heures."


BY_HAND = {"latitude": 47.641, "longitude": 6.861, "precision": "address", "point_source": "hand"}


def test_point_alone_is_put_right_at_once():
    event = factories.labelled()
    amend(event, **BY_HAND)
    stored = Event.objects.get()
    assert (stored.latitude, stored.point_source, proposals()) == (47.641, "hand", [])
    assert stored.tile_x != event.tile_x
    assert event.decisions.last().comment == f"Changé tout de suite{NBSP}: point sur la carte."


def test_place_is_proposed_with_its_point_and_moves_with_it():
    event = factories.labelled()
    lille = factories.commune("59350")
    amend(event, commune=lille, postal_code="59000", slots=[slot()])
    assert proposals() == [
        ({"commune": "59350", "postal_code": "59000", "latitude": 50.63, "longitude": 3.06}, 2, "open")
    ]
    event = accept(Event.objects.get())
    stored = Event.objects.get()
    assert (stored.commune_id, stored.department_id, stored.place_name) == ("59350", "59", "Lille Nord")
    assert (stored.latitude, stored.precision, stored.label_number) == (50.63, "commune", "SI-2025-90-0001")


def test_move_to_another_departement_is_accepted_by_the_office_that_it_leaves():
    event = factories.labelled()
    amend(event, commune=factories.commune("59350"), postal_code="59000")
    event = accept(Event.objects.get(), by=factories.referent())
    assert (event.department_id, event.decisions.last().office) == ("59", factories.office())


def test_becoming_an_online_event_is_proposed_whole():
    event = factories.labelled(venue="Halle aux forges")
    amend(event, attendance_mode="en-ligne", online_url="https://visio.example.org")
    event = accept(Event.objects.get())
    assert (event.commune, event.venue, event.latitude, event.department_id) == (None, "", None, "90")


def test_spell_of_small_changes_is_one_line_of_history():
    event = factories.labelled()
    for minutes, text in ((0, "Une"), (10, "Une heure"), (69, "Une heure."), (130, "Deux heures.")):
        amend(event, description=text, at=LATER + timedelta(minutes=minutes))
    assert Event.objects.get().description == "Deux heures."
    assert transitions(event) == ["submit", "label", "edit", "edit", "edit"]
    assert (Event.objects.get().version, SiteRevision.objects.number()) == (5, 5)


def test_change_of_another_version_changes_nothing():
    event = factories.labelled()
    amend(event, title="Visite de nuit", version=1)
    with pytest.raises(StaleVersion):
        amend(event, title="Trop tard", description="Trop tard.", version=1)
    assert proposals() == [({"title": "Visite de nuit"}, 2, "open")]


def test_accept_puts_the_proposal_in_the_place_of_what_was_labelled():
    event = factories.labelled()
    amend(event, title="Visite de nuit", slots=[slot("2025-11-21")])
    OutboxMessage.objects.all().delete()
    revision, agent = SiteRevision.objects.number(), factories.referent()
    event = accept(Event.objects.get(), by=agent)
    stored = Event.objects.get()
    assert (stored.title, stored.slug, stored.label_number) == (
        "Visite de nuit",
        "visite-de-la-fonderie",
        "SI-2025-90-0001",
    )
    assert (stored.status, stored.version, stored.updated_at) == ("labelled", 3, LATER)
    assert (stored.first_starts_at, stored.trigram_key[:14]) == (slot("2025-11-21")[0], "visite de nuit")
    assert [row.starts_at for row in stored.slots.all()] == [slot("2025-11-21")[0]]
    decision = event.decisions.last()
    assert (decision.transition, decision.by, decision.office) == (
        "accept_amendment",
        agent,
        factories.office(),
    )
    assert {each["verdict"] for each in decision.findings} == {"passed"}
    assert Amendment.objects.get().decision == decision
    assert Amendment.objects.get().state == "accepted"
    assert SiteRevision.objects.number() == revision + 1
    assert OutboxMessage.objects.get().subject == f"Votre modification est acceptée{NBSP}: Visite de nuit"


def test_accept_of_another_version_than_the_one_read_changes_nothing():
    event = factories.labelled()
    amend(event, title="Visite de nuit")
    amend(event, title="Visite gratuite de nuit")
    with pytest.raises(StaleVersion):
        accept(event, version=2)
    assert (Event.objects.get().title, Amendment.objects.get().state) == ("Visite de la fonderie", "open")


def test_accept_of_a_proposal_made_on_another_version_says_what_to_do():
    event = factories.labelled()
    amend(event, title="Visite de nuit")
    Event.objects.update(version=5)
    with pytest.raises(StaleVersion) as caught:
        accept(event, version=5)
    assert caught.value.message == (
        f"L’événement a changé depuis que cette modification est proposée{NBSP}: refusez-la, et demandez à "
        "l’organisateur de la proposer de nouveau."
    )
    assert (Event.objects.get().title, Amendment.objects.get().state) == ("Visite de la fonderie", "open")


def test_accept_checks_the_rules_again():
    event = factories.labelled()
    event = amend(event, slots=[slot("2025-12-07")])
    type(event.edition).objects.update(label_until="2025-12-06")
    with pytest.raises(WorkflowError) as caught:
        accept(event)
    assert [each.rule for each in workflow.failed(caught.value.findings)] == [Rule.DATES]


def test_refuse_says_why_and_the_label_stands():
    event = factories.labelled()
    amend(event, title="Visite de nuit")
    OutboxMessage.objects.all().delete()
    before, revision = public_row(event), SiteRevision.objects.number()
    amending.refuse_amendment(event, by=factories.national(), at=LATER, comment=REASON, version=2)
    assert (public_row(event), SiteRevision.objects.number()) == (before, revision)
    assert proposals() == [({"title": "Visite de nuit"}, 2, "refused")]
    mail = OutboxMessage.objects.get()
    assert mail.subject == f"Votre modification n’est pas acceptée{NBSP}: Visite de la fonderie"
    assert [line for line in mail.text.splitlines() if line == REASON] == [REASON]


def test_refused_proposal_can_be_made_again():
    event = standing("labelled:amended")
    amending.refuse_amendment(event, by=factories.national(), at=LATER, comment=REASON)
    amend(event, title="Visite du soir")
    assert [each[2] for each in proposals()] == ["refused", "open"]


def test_drop_gives_the_proposal_up_without_a_mail():
    event = standing("labelled:amended")
    OutboxMessage.objects.all().delete()
    before = public_row(event)
    amending.drop_amendment(event, by=event.created_by, at=LATER)
    assert ([each[2] for each in proposals()], public_row(event)) == (["dropped"], before)
    assert (OutboxMessage.objects.count(), transitions(event)[-1]) == (0, "drop_amendment")


@pytest.mark.parametrize("verb", [workflow.cancel, workflow.withdraw])
def test_proposal_ends_with_what_ends_the_label(verb):
    event = standing("labelled:amended")
    verb(event, by=factories.national(), at=LATER, comment=REASON)
    assert [each[2] for each in proposals()] == ["closed"]
    assert Amendment.objects.get().decision == event.decisions.last()
    with pytest.raises(AlreadyDecided):
        accept(Event.objects.get())


def test_second_answer_learns_who_was_first():
    event = standing("labelled:amended")
    agent = factories.referent()
    event = accept(event, by=agent)
    with pytest.raises(AlreadyDecided) as caught:
        accept(event)
    assert caught.value.message == (
        f"La modification proposée a été acceptée par {agent.name} le mercredi 1er octobre 2025 à 13{NBSP}h."
    )


def test_answer_without_a_proposal_says_that_nothing_waits():
    with pytest.raises(AlreadyDecided) as caught:
        accept(factories.labelled())
    assert caught.value.message == (
        f"Rien n’attend de réponse{NBSP}: l’organisateur ne propose aucune modification."
    )


def test_status_is_told_by_what_changed_it_last():
    event = standing("labelled:edited")
    with pytest.raises(AlreadyDecided) as caught:
        workflow.refuse(event, by=factories.national(), at=LATER, rule=Rule.FREE, comment=REASON)
    assert caught.value.message.startswith("Cet événement a été labellisé par ")


def test_see_clears_the_mark_in_the_version_that_was_read():
    event = standing("labelled:edited")
    amend(event, description="Autre chose encore.")
    with pytest.raises(StaleVersion):
        amending.see(event, by=factories.national(), at=LATER, version=2)
    assert Event.objects.get().changed_since_label is True
    before = Event.objects.get().updated_at
    amending.see(event, by=factories.national(), at=LATER, version=3)
    assert (Event.objects.get().changed_since_label, Event.objects.get().updated_at) == (False, before)


def test_label_given_again_has_nothing_left_to_see():
    event = standing("labelled:edited")
    by = {"by": factories.national(), "at": LATER}
    workflow.withdraw(event, comment=REASON, **by)
    event = workflow.reinstate(event, comment=REASON, **by)
    event = workflow.label(event, version=event.version, purpose_confirmed=True, **by)
    assert Event.objects.get().changed_since_label is False


def test_queue_of_the_referent_holds_what_is_proposed_and_what_is_unseen():
    amended, edited = standing("labelled:amended"), standing("labelled:edited")
    waiting = factories.submitted()
    factories.labelled()
    assert set(Event.objects.waiting()) == {amended, waiting}
    assert list(Event.objects.amended()) == [amended]
    assert list(Event.objects.changed_since_label()) == [edited]
    workflow.cancel(edited, by=edited.created_by, at=LATER, comment=REASON)
    assert list(Event.objects.changed_since_label()) == []
