from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from semaine import outbox


@shared_task
def send_due_mail() -> None:
    """Send what is due in the outbox; beat calls it every two seconds."""
    outbox.send_due(timezone.now())


@shared_task
def forget_ended_sessions() -> None:
    """Erase the sessions that have ended, with what they hold; beat calls it every hour."""
    SessionStore.clear_expired()
