from datetime import datetime

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from semaine.models import Edition


def editions(request, at: datetime) -> list[Edition]:
    """Return the published editions, the current one first: read once for a page and the frame around it."""
    if not hasattr(request, "editions"):
        request.editions = list(Edition.objects.in_turn(at))
    return request.editions


def current_edition(request) -> Edition | None:
    """Return the current edition, read once for a request, by its view or by the frame of its page."""
    return next(iter(editions(request, timezone.now())), None)


def edition(request):
    """Give every page the current edition, read only by those that show it, once."""
    current = SimpleLazyObject(lambda: current_edition(request))
    return {
        "edition": current,
        "is_demo": SimpleLazyObject(lambda: bool(current) and current.is_demo),
    }
