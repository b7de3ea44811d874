from celery import shared_task
from django.utils import timezone

from semaine import outbox


@shared_task
def send_due_mail() -> None:
    """Send what is due in the outbox; beat calls it every two seconds."""
    outbox.send_due(timezone.now())
