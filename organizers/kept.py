"""A session that ends in the middle of a form: what was typed is kept, and shown again after the sign-in.

In the admin it is the second factor that is to be given again: the session lasts, and keeps the form that was sent.
"""

from functools import wraps

from django.contrib import messages
from django.http import JsonResponse, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from organizers.access import signed_in
from organizers.accounts import UNTIL_SIGN_IN
from semaine.limits import may_go_on

KEY = "typed-step"
SENT = "sent-in-admin"
LONGEST = 100_000  # characters
AN_HOUR = 30  # forms kept for one address of the network: anybody can send one
BROUGHT_BACK = "Votre session avait expiré. Voici ce que vous aviez écrit : ce n’est pas encore enregistré."
# What belongs to the request that failed, not to what was typed.
NOT_TYPED = ("csrfmiddlewaretoken", "partial")


def author_of(user) -> str:
    """Return a name of a person that a page may carry: what was typed comes back to nobody else."""
    return salted_hmac("typed-step", str(user.pk)).hexdigest()[:24]


def keeps_typed(view):
    """Ask for a sign-in like `signed_in`; a form sent without one is kept in the new session."""
    protected = signed_in(view)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated:
            if "partial" in request.POST:
                return JsonResponse({}, status=401)
            _keep(request)
        return protected(request, *args, **kwargs)

    return wrapped


def _typed(request) -> QueryDict:
    typed = request.POST.copy()
    for name in NOT_TYPED:
        typed.pop(name, None)
    return typed


def _keep(request) -> None:
    typed = _typed(request)
    text = typed.urlencode()
    if not typed.get("author") or len(text) > LONGEST:
        return
    if may_go_on(request, "kept", at_most=AN_HOUR, seconds=3600):
        request.session[KEY] = {"path": request.path, "typed": text}
        request.session.set_expiry(UNTIL_SIGN_IN)


def kept(request) -> QueryDict | None:
    """Return what this person had typed on this page before the session ended, once."""
    found = request.session.get(KEY)
    if not found or found["path"] != request.path:
        return None
    del request.session[KEY]
    typed = QueryDict(found["typed"], mutable=True)
    return typed if constant_time_compare(typed.get("author", ""), author_of(request.user)) else None


def typed_in(request) -> QueryDict | None:
    """Return what a form shows: what is sent now, or what was typed before the session ended, and say so."""
    if request.method == "POST":
        return request.POST
    typed = kept(request)
    if typed is not None:
        messages.warning(request, BROUGHT_BACK)
    return typed


def keep_sent(request) -> bool:
    """Keep in the person's own session a form that they sent to the admin; False when it is too long for it."""
    text = _typed(request).urlencode()
    if len(text) > LONGEST:
        return False
    request.session[SENT] = {"path": request.get_full_path(), "typed": text}
    return True


def sent(request) -> tuple[str, QueryDict] | None:
    """Return the address that a form was sent to and what it held, until another is sent."""
    found = request.session.get(SENT)
    return found and (found["path"], QueryDict(found["typed"]))


def forget_sent(request) -> None:
    request.session.pop(SENT, None)
