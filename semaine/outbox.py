"""Mail as rows: written with the change that causes it, sent later; nothing is lost while a server is down."""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from semaine.models import OutboxMessage

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
BATCH = 50


def enqueue(
    recipient: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    dedupe_key: str,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """Write one mail, to be sent from `not_before` (default `at`) on.

    A second mail with the same `dedupe_key` is dropped: what is done twice is told once.
    """
    message = _message(recipient, subject, text, html, dedupe_key, at, not_before or at)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def enqueue_each(
    recipients: dict[str, str], *, subject: str, text: str, html: str, at: datetime, pace: timedelta
) -> None:
    """Write the same mail to many people, one every `pace` from `at` on.

    `recipients`: their addresses by the key under which each is told once.
    """
    messages = [
        _message(address, subject, text, html, key, at, at + number * pace)
        for number, (key, address) in enumerate(recipients.items())
    ]
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)


def written_to(addresses: Iterable[str]) -> QuerySet:
    """Return the messages to these addresses, whatever their case."""
    lower = {each.lower() for each in addresses}
    return OutboxMessage.objects.alias(address=Lower("recipient")).filter(address__in=lower)


def _message(recipient, subject, text, html, dedupe_key, created_at, not_before) -> OutboxMessage:
    return OutboxMessage(
        recipient=recipient,
        # A line break in a title would forge a header.
        subject=" ".join(subject.splitlines()),
        text=text,
        html=html,
        dedupe_key=dedupe_key,
        created_at=created_at,
        not_before=not_before,
        message_id=make_msgid(domain="semaine-industrie"),
    )


def release(key: str, at: datetime) -> None:
    """Let the mails of a `dedupe_key`, and of those that begin with it and a hyphen, wait no longer than `at`."""
    _of(key).filter(sent_at__isnull=True, not_before__gt=at).update(not_before=at)


def _of(key: str):
    return OutboxMessage.objects.filter(Q(dedupe_key=key) | Q(dedupe_key__startswith=f"{key}-"))


def take_back(key: str) -> bool:
    """Delete the mails of a `dedupe_key`, and of those that begin with it and a hyphen, that were not sent.

    False, with nothing deleted, when one of them has left or is leaving. Call it inside a transaction.
    """
    mails = _of(key)
    # The sender holds the row of the mail that it sends.
    unsent = mails.filter(sent_at__isnull=True).select_for_update(skip_locked=True)
    held = list(unsent.values_list("pk", flat=True))
    if len(held) < mails.count():
        return False
    OutboxMessage.objects.filter(pk__in=held).delete()
    return True


def send_due(at: datetime) -> int:
    """Send the mails that are due at `at`, oldest first, and return how many went out.

    Each in its own transaction with its row locked (SKIP LOCKED), so several workers share the work. A mail
    goes out twice only if the process dies between the server's acceptance and our commit, and then with
    the same Message-ID.
    """
    due = OutboxMessage.objects.filter(sent_at__isnull=True, not_before__lte=at)
    sent = 0
    connection = get_connection()
    try:
        for pk in due.values_list("pk", flat=True)[:BATCH]:
            sent += _send_one(pk, connection, at)
    finally:
        connection.close()
    return sent


@transaction.atomic
def _send_one(pk: int, connection, at: datetime) -> bool:
    rows = OutboxMessage.objects.select_for_update(skip_locked=True)
    message = rows.filter(pk=pk, sent_at__isnull=True).first()
    if message is None:
        return False
    message.attempts += 1
    try:
        connection.open()
        _as_email(message, connection).send()
        message.sent_at = at
        message.last_error = ""
    except (OSError, ValueError, smtplib.SMTPException) as error:
        # ValueError: a header that no mail may have. One bad mail must not hold up the others.
        logger.warning("outbox %s: %s", message.pk, error)
        # The server may have hung up: the next mail opens a connection of its own.
        connection.close()
        message.last_error = str(error)[:500]
        message.not_before = at + min(RETRY_AFTER * 2 ** min(message.attempts - 1, 10), LONGEST_WAIT)
    message.save(update_fields=["attempts", "sent_at", "last_error", "not_before"])
    return message.sent_at is not None


def _as_email(message: OutboxMessage, connection) -> EmailMultiAlternatives:
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.recipient],
        connection=connection,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email
