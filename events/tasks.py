from celery import shared_task
from django.utils import timezone

from events import digest, figures_kept, locating, reminders, twins
from events.imports import jobs


@shared_task
def remind_attendance() -> None:
    """Ask for the reports that are missing; beat calls it every hour of the day. Twice is once."""
    reminders.remind(timezone.now())


@shared_task
def send_digests() -> None:
    """Tell the agents whose morning it is what waits for them; beat calls it every hour. Twice is once."""
    digest.send(timezone.now())


@shared_task
def work_on_imports() -> None:
    """Check or import the files that wait; beat calls it every two seconds."""
    jobs.work(timezone.now())


@shared_task
def locate_addresses() -> None:
    """Look up some addresses that came without a point; beat calls it every twenty seconds."""
    locating.locate_some(timezone.now())


@shared_task
def take_snapshots() -> None:
    """Keep the figures of the day, where one is due; beat calls it every hour from noon. Twice is once."""
    figures_kept.take_due(timezone.now())


@shared_task
def look_for_twins() -> None:
    """Look for the possible doubles of what changed; beat calls it every ten seconds. Twice is once."""
    twins.look()
