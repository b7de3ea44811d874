"""What a decision writes: its line in the history, one mail, the site's revision, a number for ever."""

import json
from datetime import timedelta

import pytest

from events import workflow
from events.enums import Rule, Status
from events.models import Event, LabelCounter
from events.transitions import UNDO_WITHIN, UNDOABLE
from semaine.models import Edition, OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_workflow import LATER, REASON, act, standing
from tests.factories import NOW

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "camille.roux@prive.example.org", "+33 6 98 76 54 32"


def last_decision(event):
    return event.decisions.order_by("-pk").first()


def test_submit_writes_its_decision_with_the_assessment():
    event = factories.submitted(at=LATER)
    decision = event.decisions.get()
    assert (decision.transition, decision.event_version, decision.by, decision.office, decision.at) == (
        "submit",
        1,
        event.created_by,
        None,
        LATER,
    )
    assert (decision.comment, decision.rule) == ("", "")
    assert [(each["rule"], each["verdict"]) for each in decision.findings] == [
        ("dates", "passed"),
        ("free", "passed"),
        ("audience", "passed"),
        ("purpose", "needs_review"),
        ("presentation", "passed"),
        ("place", "passed"),
        ("territory", "passed"),
        ("access", "passed"),
        ("contact", "passed"),
    ]


def test_label_writes_that_a_human_confirmed_the_purpose():
    event = factories.submitted()
    agent = factories.referent()
    event = workflow.label(event, by=agent, at=LATER, version=1, purpose_confirmed=True, comment=" Bravo ! ")
    decision = last_decision(event)
    assert (decision.by, decision.office, decision.at) == (agent, factories.office(), LATER)
    assert decision.comment == "Bravo !"
    assert [each for each in decision.findings if each["rule"] == "purpose"] == [
        {
            "rule": "purpose",
            "verdict": "passed",
            "message": "Le référent confirme que l’événement fait connaître l’industrie.",
            "found": event.summary,
            "wanted": "",
        }
    ]
    assert (event.labelled_at, event.office) == (LATER, factories.office())


def test_decision_keeps_no_contact_data():
    private = {"contact_name": "Camille Roux", "contact_email": EMAIL, "contact_phone": PHONE}
    event = factories.labelled(
        **private, access_mode="inscription", registration_kind="courriel", registration_value=EMAIL
    )
    logged = json.dumps([each.findings for each in event.decisions.all()], ensure_ascii=False)
    assert [value for value in private.values() if value in logged] == []


def test_refuse_writes_the_rule_and_the_reason():
    event = factories.submitted()
    workflow.refuse(event, by=factories.national(), at=LATER, rule=Rule.FREE, comment=" Entrée à 5 €. ")
    decision = last_decision(event)
    assert (decision.rule, decision.comment, decision.findings) == ("free", "Entrée à 5 €.", [])


def test_decision_names_the_version_that_was_read():
    event = factories.submitted()
    Event.objects.update(version=7)
    workflow.request_changes(event, by=factories.national(), at=LATER, comment=REASON, version=7)
    assert last_decision(event).event_version == 7


@pytest.mark.parametrize(
    ("transition", "status", "subject"),
    [
        ("submit", "draft", "Votre événement est envoyé"),
        ("take_back", "changes_requested", "L’examen de votre événement reprend"),
        ("request_changes", "submitted", "Votre événement est à compléter"),
        ("label", "submitted", "Votre événement est labellisé"),
        ("refuse", "submitted", "Votre événement n’a pas reçu le label"),
        ("withdraw", "labelled", "Votre événement n’a plus le label"),
        ("reinstate", "withdrawn", "Votre événement est de nouveau à l’examen"),
        ("cancel", "labelled", "Votre événement est annulé"),
        ("reopen", "cancelled:labelled", "Votre événement est rétabli"),
    ],
)
def test_decision_writes_one_mail_to_the_author(transition, status, subject):
    event = standing(status)
    OutboxMessage.objects.all().delete()
    act(transition, event)
    assert list(OutboxMessage.objects.values_list("recipient", "subject", "dedupe_key", "not_before")) == [
        (
            event.created_by.email,
            f"{subject} : Visite de la fonderie",
            f"decision-{last_decision(event).pk}",
            LATER + (UNDO_WITHIN if transition in UNDOABLE else timedelta()),
        )
    ]


def test_refusal_mail_says_the_rule_the_reason_and_where_to_mend_it():
    event = standing("refused")
    mail = OutboxMessage.objects.latest("pk")
    lines = [line for line in mail.text.splitlines() if line]
    assert lines[2:] == [
        "Événement : Visite de la fonderie",
        "Règle non respectée : Objet",
        "Message :",
        REASON,
        "Corriger l’événement :",
        f"http://testserver/espace/evenements/{event.pk}/",
        "Vous recevez ce message car votre organisation propose cet événement à la Semaine de l’industrie.",
    ]


def test_mail_escapes_what_people_typed():
    event = factories.submitted(title="<b>Forge</b> & Cie")
    comment = "<script>alert(1)</script>"
    workflow.request_changes(event, by=factories.national(), at=LATER, comment=comment)
    mail = OutboxMessage.objects.latest("pk")
    assert [tag for tag in ("<script>", "<b>") if tag in mail.html] == []
    assert mail.text.count("<script>alert(1)</script>") == 1
    assert mail.subject == "Votre événement est à compléter : <b>Forge</b> & Cie"


def test_decision_writes_no_mail_to_a_closed_account():
    event = factories.submitted()
    event.created_by.is_active = False
    event.created_by.save()
    OutboxMessage.objects.all().delete()
    act("label", event)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("transition", "status", "steps"),
    [
        ("submit", "draft", 0),
        ("submit", "changes_requested", 0),
        ("submit", "refused", 0),
        ("take_back", "changes_requested", 0),
        ("request_changes", "submitted", 0),
        ("refuse", "submitted", 0),
        ("reinstate", "refused", 0),
        ("cancel", "submitted", 0),
        ("reopen", "cancelled:submitted", 0),
        ("delete", "draft", 0),
        ("label", "submitted", 1),
        ("withdraw", "labelled", 1),
        ("cancel", "labelled", 1),
        ("reopen", "cancelled:labelled", 1),
        # Its page said 410 and now says 404.
        ("reinstate", "withdrawn", 1),
    ],
)
def test_revision_counts_what_the_public_sees(transition, status, steps):
    event = standing(status)
    before = SiteRevision.objects.number()
    act(transition, event)
    assert SiteRevision.objects.number() - before == steps


def test_label_numbers_follow_each_other_in_a_territory_and_edition():
    later = factories.edition(2026)
    events = [
        factories.labelled(),
        factories.labelled(commune_code="97411"),
        factories.labelled(),
        factories.labelled(
            in_edition=later, at=NOW + timedelta(days=365), slots=[factories.slot("2026-11-20")]
        ),
    ]
    assert [event.label_number for event in events] == [
        "SI-2025-90-0001",
        "SI-2025-974-0001",
        "SI-2025-90-0002",
        "SI-2026-90-0001",
    ]


def test_label_number_of_an_online_event_without_headquarters_is_the_nation_s():
    organizer = factories.user()
    factories.organization(organizer, headquarters=None)
    online = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org"}
    event = factories.labelled(organizer, commune_code=None, **online)
    assert (event.department, event.label_number) == (None, "SI-2025-FR-0001")


def test_label_number_and_address_stay_through_withdrawal_and_cancellation():
    event = factories.labelled()
    kept = event.label_number, event.slug
    for transition in ("withdraw", "reinstate", "label", "cancel", "reopen"):
        event = act(transition, event)
        assert (event.label_number, event.slug) == kept
    assert event.status == Status.LABELLED
    assert factories.labelled().label_number == "SI-2025-90-0002"
    assert list(LabelCounter.objects.values_list("territory", "last")) == [("90", 2)]


def test_label_given_again_keeps_its_address_under_another_title():
    event = act("reinstate", act("withdraw", factories.labelled()))
    Event.objects.update(title="Portes ouvertes")
    assert act("label", event).slug == "visite-de-la-fonderie"


@pytest.mark.parametrize(
    ("titles", "slugs"),
    [
        (["Visite", "Visite"], ["visite", "visite-si-2025-90-0002"]),
        (["L’été à l'usine"], ["l-ete-a-l-usine"]),
        (["🏭🏭"], ["evenement"]),
        (["a" * 140], ["a" * 120]),
        (["b" * 140, "b" * 140], ["b" * 120, f"{'b' * 120}-si-2025-90-0002"]),
    ],
)
def test_address_comes_from_the_title_and_is_unique(titles, slugs):
    assert [factories.labelled(title=title).slug for title in titles] == slugs


def test_address_is_free_again_in_another_edition():
    factories.labelled()
    later = Edition.objects.get(pk=factories.edition(2026).pk)
    at = NOW + timedelta(days=365)
    event = factories.labelled(in_edition=later, at=at, slots=[factories.slot("2026-11-20")])
    assert event.slug == "visite-de-la-fonderie"


def test_submit_is_due_four_working_days_later():
    assert factories.submitted().due_on.isoformat() == "2025-10-07"


@pytest.mark.parametrize(
    ("transition", "status"), [("take_back", "changes_requested"), ("reinstate", "refused")]
)
def test_examination_taken_up_again_has_four_working_days(transition, status):
    event = act(transition, standing(status), at=NOW + timedelta(days=9))
    assert (event.due_on.isoformat(), event.submitted_at) == ("2025-10-16", NOW)
