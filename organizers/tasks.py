from celery import shared_task
from django.utils import timezone

from organizers import agents, membership


@shared_task
def forget_old_invitations() -> None:
    """Erase the addresses of invitations and requests that serve no more; beat calls it every night."""
    at = timezone.now()
    membership.forget(at)
    agents.forget(at)
