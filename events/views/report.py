from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.models import Event
from events.reports import ReportForm, send
from semaine.limits import may_go_on

AT_MOST = 5  # an hour, from one address
SENT = "oui"
TOO_MANY = (
    f"Vous avez déjà envoyé {AT_MOST} signalements en une heure. Attendez une heure, puis envoyez "
    "celui-ci : vos réponses sont gardées ci-dessous."
)
NOBODY = (
    "Aucun service ne peut recevoir votre message pour le moment. Revenez demain : vos réponses "
    "sont gardées ci-dessous."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, year, slug):
    event = get_object_or_404(Event.objects.public().for_list(), edition__year=year, slug=slug)
    if request.GET.get("envoye") == SENT and request.method != "POST":
        return render(request, "events/report_sent.html", _context(event))
    form = ReportForm(request.POST if request.method == "POST" else None)
    refused = None
    if form.is_bound and form.is_valid():
        refused = _refused(request, event, form)
        if refused is None:
            return redirect(f"{request.path}?envoye={SENT}")
    return render(request, "events/report.html", _context(event) | {"form": form}, status=refused)


def _refused(request, event, form) -> int | None:
    """Send the report on; else return the HTTP status that says why not, the reason being in the form."""
    if form.is_a_program:
        return None
    if not may_go_on(request, "report", at_most=AT_MOST, seconds=3600):
        form.add_error(None, TOO_MANY)
        return 429
    if not send(event, form.cleaned_data, timezone.now()):
        # Ours to mend and not the visitor's: whoever watches the errors of the site sees it, as of a service away.
        form.add_error(None, NOBODY)
        return 503
    return None


def _context(event) -> dict:
    year = event.edition.year
    return {
        "event": event,
        "edition": event.edition,
        "crumbs": [
            (f"Programme {year}", reverse("edition", args=[year])),
            (event.title, event.get_absolute_url()),
            ("Signaler un problème", ""),
        ],
    }
