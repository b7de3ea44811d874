from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from semaine.models import Edition


def edition(request):
    """Give every page the current edition, read only by those that show it, once."""
    current = SimpleLazyObject(lambda: Edition.objects.current(timezone.now()))
    return {
        "edition": current,
        "is_demo": SimpleLazyObject(lambda: bool(current) and current.is_demo),
    }
