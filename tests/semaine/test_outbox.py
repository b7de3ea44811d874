"""Mails as rows: sent in order, once, again when the server fails, and none holds up the others."""

import socket
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.core import mail
from django.db import connection, transaction

from semaine import outbox
from semaine.models import OutboxMessage
from tests.factories import NOW
from tests.semaine.mail_server import mail_server

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECONDS = 30  # nothing here waits so long unless it is stuck


def write(key="a", *, subject="Bonjour", recipient="camille@example.org", **fields):
    outbox.enqueue(recipient, subject, f"Texte {key}", dedupe_key=key, **{"at": NOW} | fields)
    return OutboxMessage.objects.get(dedupe_key=key)


def sent_texts():
    return [each.body for each in mail.outbox]


@pytest.fixture
def server(settings):
    """A real server on this machine, to which the real SMTP client talks."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_USE_TLS = False
        yield running


def test_enqueue_writes_a_mail_that_is_due_at_once():
    message = write(html="<p>Texte</p>")
    assert (message.recipient, message.subject, message.text, message.html) == (
        "camille@example.org",
        "Bonjour",
        "Texte a",
        "<p>Texte</p>",
    )
    assert (message.created_at, message.not_before, message.sent_at, message.attempts) == (NOW, NOW, None, 0)
    assert sent_texts() == []


def test_enqueue_drops_what_was_already_told():
    write(subject="Premier")
    write(subject="Second")
    assert list(OutboxMessage.objects.values_list("subject", flat=True)) == ["Premier"]


def test_enqueue_gives_each_mail_an_id_of_its_own():
    assert write("a").message_id != write("b").message_id


def test_mail_of_a_transaction_undone_is_never_sent():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert (outbox.send_due(NOW), sent_texts()) == (0, [])


def test_send_due_sends_oldest_first():
    write("deuxième", at=NOW)
    write("premier", at=NOW - MINUTE)
    write("troisième", at=NOW)
    assert outbox.send_due(NOW) == 3
    assert sent_texts() == ["Texte premier", "Texte deuxième", "Texte troisième"]


def test_send_due_sends_once():
    write()
    assert [outbox.send_due(NOW), outbox.send_due(NOW + MINUTE)] == [1, 0]
    message = OutboxMessage.objects.get()
    assert (message.sent_at, message.attempts, message.last_error) == (NOW, 1, "")
    assert sent_texts() == ["Texte a"]


def test_send_due_waits_for_not_before():
    write(not_before=NOW + MINUTE)
    assert [outbox.send_due(NOW + MINUTE - timedelta(microseconds=1)), outbox.send_due(NOW + MINUTE)] == [
        0,
        1,
    ]


def test_send_due_sends_a_batch_at_most():
    for number in range(outbox.BATCH + 1):
        write(str(number))
    assert [outbox.send_due(NOW), outbox.send_due(NOW)] == [50, 1]


def test_mail_says_that_a_machine_wrote_it():
    message = write(html="<p>Texte</p>")
    outbox.send_due(NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["camille@example.org"], "Bonjour", "Texte a")
    assert sent.extra_headers == {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    assert [tuple(each) for each in sent.alternatives] == [("<p>Texte</p>", "text/html")]


def test_mail_arrives_with_its_french_letters(server):
    message = write(subject="Votre événement est labellisé : « L’été »", recipient="Léa <lea@example.org>")
    assert outbox.send_due(NOW) == 1
    (received,) = server.received
    # Python keeps the space that folds a header.
    assert received["Subject"].strip() == "Votre événement est labellisé : « L’été »"
    assert (received["Message-ID"], received.get_content()) == (message.message_id, "Texte a\n")


def test_mail_refused_is_sent_again_later_with_the_same_id(server):
    message = write()
    server.answer = lambda received: "451 Try again later"
    assert outbox.send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.not_before) == (1, None, NOW + MINUTE)
    assert message.last_error == "(451, b'Try again later')"
    server.answer = lambda received: "250 OK"
    assert outbox.send_due(NOW + MINUTE - timedelta(seconds=1)) == 0
    assert outbox.send_due(NOW + MINUTE) == 1
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.last_error) == (2, NOW + MINUTE, "")
    assert [each["Message-ID"] for each in server.tried] == [message.message_id] * 2
    assert len(server.received) == 1


def test_mail_refused_waits_twice_as_long_each_time_and_six_hours_at_most(server):
    message = write()
    server.answer = lambda received: "451 Try again later"
    waits, at = [], NOW
    for _ in range(11):
        outbox.send_due(at)
        message.refresh_from_db()
        waits.append((message.not_before - at) // MINUTE)
        at = message.not_before
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


@pytest.mark.parametrize("attempts", [45, 1000])
def test_mail_refused_for_weeks_still_waits_six_hours(server, attempts):
    message = write(recipient="inconnu@example.org")
    OutboxMessage.objects.update(attempts=attempts)
    assert outbox.send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.attempts, message.not_before) == (attempts + 1, NOW + timedelta(hours=6))


def test_mail_to_an_unknown_address_does_not_hold_up_the_next(server):
    write("perdu", recipient="inconnu@example.org")
    write("suivant")
    assert outbox.send_due(NOW) == 1
    assert [each.get_content() for each in server.received] == ["Texte suivant\n"]


def test_mail_whose_subject_holds_a_line_break_does_not_hold_up_the_next(server):
    write("cassé", subject="Votre événement est envoyé : Visite\r\nBcc: tous@example.org")
    write("suivant")
    outbox.send_due(NOW)
    assert [each.get_content() for each in server.received][-1] == "Texte suivant\n"
    assert [each["Bcc"] for each in server.received if each["Bcc"]] == []


def test_mail_server_away_is_tried_again_later(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        message = write()
        assert outbox.send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.not_before) == (1, None, NOW + MINUTE)
    assert [word for word in ("refused",) if word in message.last_error] == ["refused"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_no_mail_twice(server):
    write("lent")
    arrived, go_on = Signal(), Signal()

    def answer_when_told(received):
        arrived.set()
        go_on.wait(SECONDS)
        return "250 OK"

    def send():
        try:
            counts.append(outbox.send_due(NOW))
        finally:
            connection.close()

    counts = []
    server.answer = answer_when_told
    slow = Thread(target=send)
    slow.start()
    assert arrived.wait(SECONDS)
    assert outbox.send_due(NOW) == 0
    go_on.set()
    slow.join(SECONDS)
    assert (counts, len(server.tried)) == ([1], 1)
    assert outbox.send_due(NOW) == 0
    assert OutboxMessage.objects.get().attempts == 1
