from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from semaine.models import Edition


def current_edition(request) -> Edition | None:
    """Return the current edition, read once for a request, by its view or by the frame of its page."""
    return _current(request) or None


def _current(request) -> SimpleLazyObject:
    if not hasattr(request, "current_edition"):
        request.current_edition = SimpleLazyObject(lambda: Edition.objects.current(timezone.now()))
    return request.current_edition


def edition(request):
    """Give every page the current edition, read only by those that show it, once."""
    current = _current(request)
    return {
        "edition": current,
        "is_demo": SimpleLazyObject(lambda: bool(current) and current.is_demo),
    }
