"""Steering, inside the admin: the figures of an agent's territory, and the list behind each of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import dashboard_files, permissions, steering
from events.dashboard import Dashboard
from events.dashboard_list import lines_of, sum_words
from events.dashboard_scope import DashboardForm, Scope, line_names, scope_of
from events.imports.writers import CSV_TYPE
from events.models import Event
from semaine.frame import frame
from semaine.models import Edition
from semaine.text import NBSP

PER_PAGE = 50
YES, NO = "oui", "non"


def page(request):
    """The figures of an edition; a wrong value is said, and nothing is counted."""
    scope, form, shown = asked(request)
    title = f"Tableau de bord{NBSP}: {scope.name}"
    return rendered(
        request, "events/dashboard.html", scope, form, title=title, dashboard=shown, trail=scope.trail
    )


def listed(request):
    """The events behind a figure."""
    scope, form, shown = asked(request)
    events = _behind(form, shown)
    total = steering.summed(events)
    paginator = Paginator(events.for_dashboard(), PER_PAGE)
    # Counted already, by the statement that sums.
    paginator.count = total.events
    page_obj = paginator.get_page(request.GET.get("page"))
    context = {
        "title": form.heading,
        "dashboard": shown,
        "trail": [*scope.trail, scope],
        "lines": lines_of(page_obj.object_list),
        "total": sum_words(total),
        "page_obj": page_obj,
        "elided": paginator.get_elided_page_range(page_obj.number),
    }
    return rendered(request, "events/dashboard_list.html", scope, form, **context)


def rendered(request, template, scope: Scope, form: DashboardForm, *, trail: list[Scope], **context):
    edition = (
        {"edition": form.cleaned_data["edition"]} if form.is_valid() and form.cleaned_data["edition"] else {}
    )
    crumbs = [(each.name, urlencode(edition | each.parameters)) for each in trail]
    context = frame(request) | context | {"scope": scope, "form": form}
    return render(request, template, context | {"crumbs": crumbs})


def tables_file(request):
    """All the figures as CSV."""
    _, form, shown = asked(request)
    return _csv("tableau-de-bord", form, shown, dashboard_files.tables)


def list_file(request):
    """The events behind a figure as CSV."""
    _, form, shown = asked(request)
    return _csv("liste", form, shown, lambda each: dashboard_files.events(_behind(form, each)))


@require_POST
def digest(request):
    """Turn one's own morning digest on or off."""
    check_agent(request)
    wanted = request.POST.get("resume", "")
    if wanted not in (YES, NO):
        messages.error(
            request, f"Résumé du matin : « {wanted[:60]} » n’est pas une réponse. Choisissez un bouton."
        )
        return redirect("dashboard")
    request.user.wants_digest = wanted == YES
    request.user.save(update_fields=["wants_digest"])
    done = (
        "Vous recevrez le résumé du matin." if wanted == YES else "Vous ne recevrez plus le résumé du matin."
    )
    messages.success(request, done)
    return redirect("dashboard")


def check_agent(request) -> None:
    if not (answer := permissions.is_agent(request.user)):
        raise PermissionDenied(answer.reason)


def asked(request) -> tuple[Scope, DashboardForm, Dashboard | None]:
    """Return what an address asks for; no dashboard where a value is wrong or there is no edition."""
    check_agent(request)
    at = timezone.now()
    scope = scope_of(request.user, request.GET.get("region", ""), request.GET.get("departement", ""))
    editions = list(Edition.objects.in_turn(at))
    lines = line_names(scope)
    form = DashboardForm(request.GET, editions=editions, lines=lines)
    edition = form.chosen if form.is_valid() else None
    return scope, form, Dashboard(scope, edition, at, lines) if edition else None


def _behind(form: DashboardForm, shown: Dashboard | None):
    if shown is None:
        return Event.objects.none().with_outcome()
    asked = form.cleaned_data
    return shown.behind(asked["chiffre"] or steering.SENT, asked["par"], asked["valeur"])


def _csv(name: str, form: DashboardForm, shown: Dashboard | None, make) -> HttpResponse:
    if shown is None:
        sentences = form.sentences or ["Aucune édition n’est publiée."]
        return HttpResponse("\n".join(sentences), status=400, content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="{name}-{shown.edition.year}.csv"'}
    return HttpResponse(make(shown), content_type=CSV_TYPE, headers=headers)
