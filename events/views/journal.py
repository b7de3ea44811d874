"""The journal, inside the admin, for the national team alone."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.imports.writers import CSV_TYPE
from events.journal import JournalForm, as_csv, found, lines
from organizers.permissions import is_national
from semaine.frame import frame

PER_PAGE = 50
# Further back one goes by the dates; a page of an address is never more than this.
LAST_PAGE = 10_000


def for_the_nation(view):
    @wraps(view)
    def guarded(request):
        if not (answer := is_national(request.user)):
            raise PermissionDenied(answer.reason)
        return view(request)

    return require_safe(guarded)


@for_the_nation
def journal(request):
    """The latest lines first; how many there are is not counted, only whether there are more."""
    form = JournalForm(request.GET)
    page = _page(request.GET.get("page", ""))
    start = (page - 1) * PER_PAGE
    keys = list(found(form.cleaned_data)[start : start + PER_PAGE + 1]) if form.is_valid() else []
    context = frame(request) | {
        "title": "Journal",
        "form": form,
        "lines": lines(keys[:PER_PAGE]),
        "page": page,
        "earlier": page + 1 if len(keys) > PER_PAGE else None,
    }
    return render(request, "events/journal.html", context)


@for_the_nation
def journal_file(request):
    """The same lines, all of them, for a spreadsheet."""
    form = JournalForm(request.GET)
    if not form.is_valid():
        return journal(request)
    response = StreamingHttpResponse(as_csv(found(form.cleaned_data)), content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


def _page(asked: str) -> int:
    return min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 10 else 1
