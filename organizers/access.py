from django.contrib.auth.decorators import login_required
from django.views.decorators.cache import never_cache


def signed_in(view):
    """Ask for a sign-in, and let no cache keep what only this person may read."""
    return never_cache(login_required(view))
