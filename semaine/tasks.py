from celery import shared_task
from django.utils import timezone

from semaine import outbox, retention


@shared_task
def send_due_mail() -> None:
    """Send what is due in the outbox; beat calls it every two seconds."""
    outbox.send_due(timezone.now())


@shared_task
def erase_expired() -> None:
    """Erase the personal data whose time is over; beat calls it every hour. Twice is once."""
    retention.erase_expired(timezone.now())
