from celery import shared_task
from django.utils import timezone

from organizers import unused


@shared_task
def warn_unused() -> None:
    """Write to those whose account is about to be erased; beat calls it every day. Twice is once."""
    unused.warn(timezone.now())
