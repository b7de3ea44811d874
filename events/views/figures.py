"""The figures of an edition, now and as they were: a page, a file of each table, a PDF of the whole."""

from datetime import date, datetime

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.exports.figures import FILES, press_pdf, table_file
from events.figures_page import FiguresPage
from events.imports.writers import CSV_TYPE
from events.models import FiguresSnapshot
from events.public_figures import definition, measured
from events.views.programme import current_edition
from semaine.context import editions
from semaine.models import Department, Edition
from semaine.public_pages import public_page
from semaine.text import thousands

PDF_TYPE = "application/pdf"


@public_page("edition")
@require_safe
def figures(request):
    at = timezone.now()
    shown = _now(request, at)
    snapshots = list(FiguresSnapshot.objects.public().defer("figures").annotate(total=F("figures__total")))
    context = _context(shown) | {
        "snapshots": [each for each in snapshots if each.edition_id == shown.edition.pk],
        "editions": _editions(editions(request, at), snapshots),
        "crumbs": [("Chiffres", "")],
    }
    return render(request, "events/figures.html", context)


@public_page()
@require_safe
def snapshot(request, pk):
    shown = _then(pk)
    return render(request, "events/figures_snapshot.html", _context(shown))


@public_page()
@require_safe
def of_day(request, day):
    """The last snapshot of a day, at its own address."""
    found = FiguresSnapshot.objects.public().on(_day(day))
    if found is None:
        raise Http404("Aucun relevé de ce jour.")
    return redirect("snapshot", found.pk)


@public_page("edition")
@require_safe
def table(request, code):
    return _csv(code, lambda: _now(request, timezone.now()))


@public_page()
@require_safe
def snapshot_table(request, pk, code):
    return _csv(code, lambda: _then(pk))


@public_page("edition")
@require_safe
def figures_pdf(request):
    return _pdf(_now(request, timezone.now()))


@public_page()
@require_safe
def snapshot_pdf(request, pk):
    return _pdf(_then(pk))


def _day(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise Http404("Ce jour n’existe pas.") from None


def _now(request, at: datetime) -> FiguresPage:
    """What is counted at this moment in the edition that the query string names, else the current one."""
    year = request.GET.get("edition", "")
    asked = [each for each in editions(request, at) if not year or f"{each.year}" == year]
    if year and not asked:
        raise Http404("Cette édition n’est pas publiée.")
    edition = asked[0] if asked else current_edition(request, at)
    return FiguresPage(edition, at, definition(edition, at), measured(edition))


def _then(pk: int) -> FiguresPage:
    kept = get_object_or_404(FiguresSnapshot.objects.public(), pk=pk)
    return FiguresPage(kept.edition, kept.taken_at, kept.definition, kept.figures, kept.pk)


def _context(shown: FiguresPage) -> dict:
    maps = shown.maps(Department.objects.select_related("region"))
    crumbs = [("Chiffres", reverse("figures")), (shown.definition.split(":")[0].strip(), "")]
    return {"shown": shown, "edition": shown.edition, "maps": maps, "crumbs": crumbs}


def _csv(code: str, make) -> HttpResponse:
    if code not in FILES:
        raise Http404("Ce tableau n’existe pas.")
    return HttpResponse(table_file(make(), code), content_type=CSV_TYPE)


def _pdf(shown: FiguresPage) -> HttpResponse:
    departments = list(Department.objects.select_related("region"))
    return HttpResponse(press_pdf(shown, departments), content_type=PDF_TYPE)


def _editions(published: list[Edition], snapshots: list[FiguresSnapshot]) -> list[dict]:
    """Every edition beside the others: its last snapshot where there is one, and what the State announced."""
    last = {}
    for each in snapshots:
        last.setdefault(each.edition_id, each)
    return [
        {
            "edition": each,
            "snapshot": last.get(each.pk),
            "events": each.pk in last and thousands(last[each.pk].total["events"]),
            "expected": each.pk in last and thousands(last[each.pk].total["expected"]),
            "announced_events": each.announced_events and thousands(each.announced_events),
            "announced_participants": each.announced_participants and thousands(each.announced_participants),
        }
        for each in published
    ]
