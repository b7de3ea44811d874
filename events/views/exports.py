"""The programme as files: whatever the page filters, in each format, from the same door."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import links
from events.exports import atom, csv, geojson, ical, json, xlsx
from events.exports.extract import Extract
from events.exports.options import SheetForm
from events.exports.table_schema import table_schema
from events.filters import ProgrammeFilter
from events.imports.writers import CSV_TYPE, XLSX_TYPE
from events.models import Event
from events.views.programme import edition_asked
from semaine.limits import may_go_on
from semaine.public_pages import public_page

MINUTE = 60
TOO_MANY = "Trop de fichiers demandés depuis votre adresse : attendez une minute, puis recommencez."
PLAIN_TYPE = "text/plain; charset=utf-8"
Errors = dict[str, list[str]]


def open_data(view):
    """Let the scripts of any site read an answer, whatever it says."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return answer


def limited(view):
    """Mark a view whose answer is long to make: one address has it as often in a minute as `FILES_PER_MINUTE` says."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        most = settings.FILES_PER_MINUTE
        if may_go_on(request, "files", at_most=most, seconds=MINUTE, by_address=True):
            return view(request, *args, **kwargs)
        headers = {"Retry-After": MINUTE, "Cache-Control": "no-store"}
        return HttpResponse(f"{TOO_MANY}\n", status=429, content_type=PLAIN_TYPE, headers=headers)

    return answer


def as_json(errors: Errors) -> HttpResponse:
    return JsonResponse({"errors": errors}, status=400)


def as_text(errors: Errors) -> HttpResponse:
    lines = "".join(f"{message}\n" for found in errors.values() for message in found)
    return HttpResponse(lines, status=400, content_type=PLAIN_TYPE)


def export(
    pieces: Callable[..., Iterable[bytes]], content_type: str, *, refuse=as_text, attached="", form=None
):
    """Return the view of a format, the same for everyone.

    `pieces` writes an extract; `attached`: the ending of the file's name, for what is to be kept rather than looked
    at; `form`: what the address says of the file itself, given to `pieces` by name.
    """
    parameters = (*ProgrammeFilter.base_filters, *(form.base_fields if form else ()))

    @open_data
    @limited
    @public_page(*parameters)
    @require_safe
    def view(request):
        filterset = asked(request)
        options = form(request.GET) if form else None
        if errors := {**filterset.form.errors, **(options.errors if options else {})}:
            return refuse(errors)
        if address := links.canonical(filterset, request.path):
            return redirect(address)
        extract = Extract(filterset, _path(request))
        # A stream is not kept: for who asks for the head alone, nothing is written.
        body = () if request.method == "HEAD" else pieces(extract, **(options.settings if options else {}))
        headers = {"Content-Disposition": _disposition(filterset, attached)} if attached else {}
        return StreamingHttpResponse(body, content_type=content_type, headers=headers)

    return view


def asked(request) -> ProgrammeFilter:
    """Return what the address asks for, over what the public sees."""
    at = timezone.now()
    return ProgrammeFilter(request.GET, Event.objects.public(), edition=edition_asked(request, at), at=at)


def _path(request) -> str:
    """Return the address with the parameters that count only."""
    query = request.GET.urlencode()
    return f"{request.path}?{query}" if query else request.path


def _disposition(filterset: ProgrammeFilter, extension: str) -> str:
    return f'attachment; filename="programme-{filterset.edition.year}.{extension}"'


programme_json = export(json.pieces, "application/json", refuse=as_json)
programme_geojson = export(geojson.pieces, "application/geo+json", refuse=as_json, attached="geojson")
programme_csv = export(csv.pieces, CSV_TYPE, attached="csv", form=SheetForm)
programme_xlsx = export(xlsx.pieces, XLSX_TYPE, attached="xlsx")
programme_ics = export(ical.pieces, "text/calendar; charset=utf-8", attached="ics")
programme_atom = export(atom.pieces, "application/atom+xml; charset=utf-8")


@open_data
@public_page()
@require_safe
def schema(request):
    """The description of the columns of the CSV."""
    return JsonResponse(table_schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})
