"""What the national team writes to organizers: to whom, once, and as many as were counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from events import workflow
from events.enums import Rule, Stage
from events.messages import MessageError, recipients, send
from events.models import OrganizerMessage
from organizers.enums import MembershipRole, OfficeKind
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW, slot
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=70)
LIST = "/admin/events/organizermessage/"


def a_message(stage=Stage.SENT, **fields):
    values = {"edition": factories.edition(), "subject": "Préparez le bilan", "text": "Bonjour à tous."}
    return OrganizerMessage.objects.create(
        **values | {"stage": stage, "created_by": factories.national(), "created_at": NOW} | fields
    )


def changes_requested():
    event = factories.submitted(title="À compléter")
    return workflow.request_changes(event, by=factories.national(), at=NOW, comment="Précisez.")


def refused():
    event = factories.submitted(title="Refusé")
    return workflow.refuse(event, by=factories.national(), at=NOW, rule=Rule.PURPOSE, comment="Non.")


@pytest.fixture
def one_of_each(db):
    """The author of an event in each state, by its name."""
    made = {
        "draft": factories.draft(),
        "submitted": factories.submitted(commune_code="59350"),
        "changes_requested": changes_requested(),
        "refused": refused(),
        "labelled": factories.labelled(title="Labellisé"),
        "over": factories.labelled(title="Fini", slots=[slot("2025-11-03")]),
    }
    return {name: event.created_by for name, event in made.items()}


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        (Stage.SENT, ["submitted", "changes_requested", "refused", "labelled", "over"]),
        (Stage.DRAFTS, ["draft"]),
        (Stage.WAITING, ["submitted"]),
        (Stage.TO_COMPLETE, ["changes_requested"]),
        (Stage.LABELLED, ["labelled", "over"]),
        (Stage.UNREPORTED, ["over"]),
    ],
)
def test_stage_reaches_the_authors_of_its_events(one_of_each, stage, names):
    at = NOW + timedelta(days=40)
    assert list(recipients(a_message(stage), at)) == [one_of_each[name] for name in names]


@pytest.mark.parametrize(
    ("territory", "names"),
    [
        ({"department": "59"}, ["submitted"]),
        ({"region": "32"}, ["submitted"]),
        ({"department": "02"}, []),
        ({}, ["submitted", "changes_requested", "refused", "labelled", "over"]),
    ],
)
def test_territory_narrows_the_readers(one_of_each, territory, names):
    made = {name: getattr(factories, name)(code) for name, code in territory.items()}
    assert list(recipients(a_message(**made), NOW)) == [one_of_each[name] for name in names]


def test_person_with_many_events_is_told_once_and_another_edition_is_left_alone():
    event = factories.submitted()
    factories.submitted(event.created_by, title="Un autre")
    factories.submitted(
        at=NOW.replace(year=2024), in_edition=factories.edition(2024), slots=[slot("2024-11-20")]
    )
    assert list(recipients(a_message(), NOW)) == [event.created_by]


def test_owners_are_told_where_the_author_is_gone():
    event = factories.submitted()
    heir = factories.member(event.organization, role=MembershipRole.OWNER)
    factories.member(event.organization)
    event.created_by.is_active = False
    event.created_by.save()
    assert list(recipients(a_message(), NOW)) == [heir]


def mails():
    rows = OutboxMessage.objects.filter(dedupe_key__startswith="message-").order_by("not_before")
    return list(rows.values_list("recipient", "subject", "not_before"))


def test_send_writes_one_mail_for_each_at_a_pace_that_lets_others_pass():
    first, second = factories.submitted(), factories.submitted(title="Un autre")
    message = a_message()
    assert send(message, by=factories.national(), at=NOW, expected=2) == 2
    assert mails() == [
        (first.created_by.email, "Préparez le bilan", NOW),
        (second.created_by.email, "Préparez le bilan", NOW + timedelta(milliseconds=100)),
    ]
    message.refresh_from_db()
    assert (message.sent_at, message.sent_by, message.sent_to) == (NOW, factories.national(), 2)


def test_send_twice_says_that_it_was_sent():
    factories.submitted()
    message = a_message()
    send(message, by=factories.national(), at=NOW, expected=1)
    with pytest.raises(MessageError) as error:
        send(message, by=factories.national(), at=LATER, expected=1)
    assert plain([str(error.value)]) == [
        "Ce message a été envoyé à 1 personne le mercredi 1er octobre à 10 h."
    ]
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("expected", "events", "said"),
    [
        (1, 2, "Depuis l’aperçu, l’envoi concerne 2 personnes au lieu de 1 : relisez-le."),
        (0, 0, "Ce message n’a pas de destinataire : choisissez d’autres événements."),
    ],
)
def test_send_to_another_number_than_was_seen_sends_nothing(expected, events, said):
    for each in range(events):
        factories.submitted(title=f"Visite {each}")
    with pytest.raises(MessageError) as error:
        send(a_message(), by=factories.national(), at=NOW, expected=expected)
    assert (plain([str(error.value)]), mails()) == ([said], [])


def test_send_is_the_national_team_s():
    factories.submitted()
    with pytest.raises(MessageError) as error:
        send(a_message(), by=factories.referent(OfficeKind.REGIONAL, "27"), at=NOW, expected=1)
    assert (str(error.value), mails()) == ("Seule l’équipe nationale peut faire cela.", [])


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_once():
    factories.submitted()
    message, agent = a_message(), factories.national()

    def try_it(_):
        try:
            return send(message, by=agent, at=NOW, expected=1)
        except MessageError:
            return "already"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(map(str, pool.map(try_it, range(4)))) == ["1", "already", "already", "already"]
    assert len(mails()) == 1


# The pages.


@pytest.fixture
def national(client):
    with time_machine.travel(NOW, tick=False):
        yield sign_in(client, factories.national())


def typed(**changes):
    values = {
        "edition": factories.edition().pk,
        "stage": Stage.SENT,
        "region": "",
        "department": "",
        "subject": "Préparez le bilan",
        "text": "Bonjour à tous.\nÀ bientôt.",
    }
    return values | changes


def test_message_is_written_previewed_and_sent(national):
    event = factories.submitted()
    written = national.post(f"{LIST}add/", typed())
    message = OrganizerMessage.objects.get()
    assert written.url == f"{LIST}{message.pk}/envoyer/"
    page = national.get(written.url)
    assert (page.context["number"], list(page.context["people"])) == (1, [event.created_by])
    assert "Bonjour à tous." in page.content.decode()
    done = national.post(written.url, {"expected": "1"}, follow=True)
    assert plain(map(str, done.context["messages"])) == ["« Préparez le bilan » part à 1 personne."]
    again = national.get(written.url).content.decode()
    assert ("Envoyé le 1 octobre 2025" in again, '<button class="button default' in again) == (True, False)


def test_sent_message_is_read_and_no_more_changed(national):
    factories.submitted()
    message = a_message()
    send(message, by=factories.national(), at=NOW, expected=1)
    national.post(f"{LIST}{message.pk}/change/", typed(subject="Autre chose"))
    deleted = national.post(f"{LIST}{message.pk}/delete/", {"post": "yes"})
    message.refresh_from_db()
    assert (message.subject, deleted.status_code) == ("Préparez le bilan", 403)


def test_number_that_is_no_number_is_said(national):
    message = a_message()
    page = national.post(f"{LIST}{message.pk}/envoyer/", {"expected": "beaucoup"})
    assert plain(map(str, page.context["messages"])) == [
        "Le nombre de destinataires manque : relisez l’aperçu, puis envoyez."
    ]


def test_both_territories_are_refused_and_what_was_typed_stays(national):
    territories = {"region": factories.region("27").pk, "department": factories.department("90").pk}
    page = national.post(f"{LIST}add/", typed(**territories))
    errors = page.context["adminform"].form.non_field_errors()
    assert list(errors) == ["Choisissez une région ou un département, pas les deux."]
    assert (page.context["adminform"].form["subject"].value(), OrganizerMessage.objects.count()) == (
        "Préparez le bilan",
        0,
    )


def test_message_of_a_hostile_text_is_only_text(national):
    factories.submitted()
    message = a_message(
        text="<script>alert(1)</script> https://example.org/", subject="Un\nBcc: x@example.org"
    )
    page = national.get(f"{LIST}{message.pk}/envoyer/").content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)
    send(message, by=factories.national(), at=NOW, expected=1)
    mail = OutboxMessage.objects.get(dedupe_key__startswith="message-")
    assert mail.subject == "Un Bcc: x@example.org"
    assert ("<script>" in mail.html, '<a href="https://example.org/"' in mail.html) == (False, True)


@pytest.mark.parametrize("number", [1, 3])
def test_preview_takes_the_same_queries(national, number, django_assert_num_queries):
    for each in range(number):
        factories.submitted(title=f"Visite {each}")
    message = a_message()
    with django_assert_num_queries(8):
        national.get(f"{LIST}{message.pk}/envoyer/")


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries(national, number, django_assert_num_queries):
    for _ in range(number):
        a_message()
    with django_assert_num_queries(7):
        national.get(LIST)
