"""What is kept no longer than said, what a dry run says, and what is written down of a run."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command

from events.models import Event, EventImport
from organizers import unused
from organizers.models import Invitation, JoinRequest, OfficeInvitation, User
from semaine import outbox, retention, tasks
from semaine.models import Erasure, OutboxMessage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHAT = "comptes inutilisés"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
CONTACT = {"contact_name": "Jeanne", "contact_email": "jeanne@example.org", "contact_phone": "03 84 00 00 00"}


def contact_of(event) -> dict:
    return Event.objects.values(*CONTACT).get(pk=event.pk)


def rows_due() -> dict[str, timedelta]:
    """Write one row of each kind, and return after how long each goes."""
    person, home = factories.user(), factories.organization()
    factories.labelled(**CONTACT)
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=NOW + DAY)
    OutboxMessage.objects.all().delete()
    outbox.enqueue("jeanne@example.org", "Bonjour", "Texte", dedupe_key="a", at=NOW)
    OutboxMessage.objects.update(sent_at=NOW)
    moments = {"created_at": NOW, "expires_at": NOW + DAY}
    asked = {"email": "camille@example.org", "invited_by": person}
    unused_one = factories.user("oublie@example.org")
    User.objects.exclude(pk=unused_one.pk).update(last_login=NOW + 3000 * DAY)
    User.objects.filter(pk=unused_one.pk).update(last_login=NOW, date_joined=NOW)
    unused.warn(NOW + unused.UNUSED)
    Invitation.objects.create(**asked, **moments, organization=home, role="editor", token_hash="a")
    OfficeInvitation.objects.create(**asked, **moments, office=factories.office(), token_hash="b")
    answered = {"state": "refused", "created_at": NOW, "answered_at": NOW, "answered_by": person}
    JoinRequest.objects.create(user=person, organization=home, message="", **answered)
    owned = {"organization": home, "created_by": person, "edition": factories.edition()}
    EventImport.objects.create(**owned, created_at=NOW, queued_at=NOW, source="tableur", content=b"Titre")
    return {
        "invitations": 31 * DAY,
        "demandes pour rejoindre une organisation": 30 * DAY,
        "invitations d’agents": 31 * DAY,
        WHAT: unused.UNUSED + unused.NOTICE,
        "contacts des événements": (factories.edition().label_until - NOW.date()) + 366 * DAY,
        "fichiers importés et leurs lignes": 30 * DAY + SECOND,
        "sessions": DAY + SECOND,
        "courriels envoyés": 90 * DAY + SECOND,
    }


def found(results) -> dict[str, int]:
    return {line.what: number for line, number in results}


def test_every_line_erases_when_its_time_is_over_and_not_before():
    after = rows_due()
    assert list(after) == [line.what for line in retention.lines()]
    for what, time in after.items():
        shift = DAY if what == "contacts des événements" else SECOND
        assert found(retention.due(NOW + time - shift))[what] == 0, what
        assert found(retention.due(NOW + time))[what] == 1, what
    later = NOW + 2000 * DAY
    once, twice = retention.erase_expired(later), retention.erase_expired(later)
    assert found(once) == dict.fromkeys(after, 1)
    assert found(twice) == dict.fromkeys(after, 0)
    assert dict(Erasure.objects.values_list("what", "number")) == found(once)


def test_contact_goes_and_the_event_stays_as_it_was():
    event = factories.labelled(**CONTACT)
    before = Event.objects.values().get()
    retention.erase_expired(NOW + 2000 * DAY)
    assert contact_of(event) == dict.fromkeys(CONTACT, "")
    assert Event.objects.values().get() == before | dict.fromkeys(CONTACT, "")


def test_mail_says_nothing_more_and_is_not_written_again():
    mail = {"recipient": "jeanne@example.org", "subject": "Bonjour", "text": "Texte", "dedupe_key": "a"}
    outbox.enqueue(**mail, html="<p>Texte</p>", at=NOW)
    waiting = OutboxMessage.objects.get()
    retention.erase_expired(NOW + 2000 * DAY)
    waiting.refresh_from_db()
    assert waiting.text == "Texte"
    OutboxMessage.objects.update(sent_at=NOW)
    retention.erase_expired(NOW + 2000 * DAY)
    outbox.enqueue(**mail, at=NOW)
    left = OutboxMessage.objects.values("recipient", "subject", "text", "html", "dedupe_key").get()
    assert left == dict.fromkeys(("subject", "text", "html"), "") | {
        "recipient": "efface@supprime.invalid",
        "dedupe_key": "a",
    }


def test_dry_run_says_the_same_and_changes_nothing():
    rows_due()
    told = []
    with time_machine.travel(NOW + 2000 * DAY, tick=False):
        for options in ({"dry_run": True}, {"dry_run": True}, {}, {}):
            out = StringIO()
            call_command("erase_expired", stdout=out, **options)
            told.append(out.getvalue().replace("\u00a0", " ").splitlines())
    assert told[0] == told[1]
    assert told[0][:-1] == told[2][:-1]
    assert told[0][0] == "invitations (un mois après leur fin, un jour si elles sont retirées) : 1"
    assert [each[-1] for each in told] == ["Rien n’a été effacé."] * 2 + ["C’est fait."] * 2
    assert told[3][0].endswith(" : 0")


def test_task_erases_what_is_due():
    rows_due()
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        tasks.erase_expired()
    assert list(Erasure.objects.values_list("what", "number")) == [("sessions", 1)]
