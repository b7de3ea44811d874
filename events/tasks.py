from celery import shared_task
from django.utils import timezone

from events import reminders


@shared_task
def remind_attendance() -> None:
    """Ask for the reports that are missing; beat calls it every hour of the day. Twice is once."""
    reminders.remind(timezone.now())
