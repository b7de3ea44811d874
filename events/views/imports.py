"""Many events at once: send a file, read what is said of each line, then import it."""

from hashlib import sha256

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from events.enums import Source
from events.imports import columns, queueing, remarks, report, writers
from events.imports.forms import UploadForm
from events.imports.states import FileFormat
from events.models import EventImport
from organizers.access import signed_in
from organizers.models import Organization
from semaine.limits import may_go_on
from semaine.models import Edition

AN_HOUR = 30  # files, of one person
TOO_MANY = f"Vous avez envoyé {AN_HOUR} fichiers en une heure. Attendez une heure, puis envoyez celui-ci."
PAGE_SIZE = 50
SHOWN = 20  # imports of a list: the others are erased before long


@signed_in
def imports(request):
    """The file to send, and the imports of one's organizations."""
    organizations = Organization.objects.of(request.user).order_by("pk")
    if not organizations:
        return redirect("organizations")
    form = UploadForm(request.POST or None, request.FILES or None, organizations=organizations)
    status = None
    if request.method == "POST" and form.is_valid():
        if may_go_on(request, "import", at_most=AN_HOUR, seconds=3600):
            return redirect(_receive(request.user, form))
        form.add_error("file", TOO_MANY)
        status = 429
    from events.imports import template  # with the library of workbooks: not at each start of a process

    context = {
        "form": form,
        "imports": EventImport.objects.editable_by(request.user).for_list()[:SHOWN],
        "columns": template.help_rows(columns.lists()),
    }
    return render(request, "events/imports.html", context, status=status)


def _receive(user, form) -> EventImport:
    at, content = timezone.now(), form.cleaned_data["file"]
    return EventImport.objects.create(
        organization=form.cleaned_data["organization"],
        edition=_edition(at),
        created_by=user,
        created_at=at,
        queued_at=at,
        source=Source.OPENAGENDA if form.format == FileFormat.JSON else Source.SPREADSHEET,
        format=form.format,
        file_name=form.file_name,
        content=content,
        digest=sha256(content).hexdigest(),
    )


def _edition(at) -> Edition:
    edition = Edition.objects.current(at)
    if edition is None:
        raise Http404("Aucune édition n’est publiée.")
    return edition


@signed_in
def model_file(request, extension):
    """The template to fill in."""
    from events.imports import template

    makers = {
        "csv": (template.as_csv, writers.CSV_TYPE),
        "xlsx": (template.as_xlsx, writers.XLSX_TYPE),
    }
    make, media_type = makers[extension]
    return _file(make(_edition(timezone.now())), media_type, f"modele-evenements.{extension}")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=disposition)


@signed_in
def page(request, pk):
    """One import: how far it is, then its verdict line by line and what to do, then what was done."""
    event_import = _own(request, pk)
    if event_import.is_running or event_import.is_refused:
        return render(request, "events/import.html", _context(event_import))
    form = queueing.decision_form(event_import, timezone.now(), request.POST or None)
    if form and request.method == "POST" and form.is_valid():
        queueing.decide(event_import, form, timezone.now())
        return redirect(event_import)
    return render(request, "events/import.html", _context(event_import) | _lines(request, event_import, form))


def _own(request, pk) -> EventImport:
    rows = EventImport.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("organization", "edition").defer("content"), pk=pk)


def _context(event_import: EventImport) -> dict:
    return {"event_import": event_import, "progress": report.progress(event_import)}


def _lines(request, event_import: EventImport, form) -> dict:
    found = report.counts(event_import)
    current = request.GET.get("voir", "")
    if current and current not in found:
        raise Http404("Ce filtre n’existe pas.")
    paginator = Paginator(report.shown(event_import, current), PAGE_SIZE)
    page_obj = paginator.get_page(request.GET.get("page"))
    return {
        "form": form,
        "summary": report.summary(event_import, found),
        "warnings": report.warnings(event_import),
        "filters": report.filters(event_import, found, current),
        "lines": report.as_lines(page_obj),
        "page_obj": page_obj,
        "elided": paginator.get_elided_page_range(page_obj.number),
    }


@signed_in
def progress(request, pk):
    """How far an import is, for the script of its page."""
    return JsonResponse(report.progress(_own(request, pk)))


@signed_in
def remarked_file(request, pk):
    """The file that was sent, with a column of remarks."""
    event_import = _own(request, pk)
    if event_import.is_running or event_import.is_refused:
        raise Http404("Ce fichier n’a pas de remarques.")
    content, media_type = remarks.remarked(event_import)
    return _file(content, media_type, f"remarques-import-{pk}.{event_import.format}")


@signed_in
@require_POST
def again(request, pk):
    """Take up an import that has stopped."""
    event_import = _own(request, pk)
    if queueing.take_up(event_import, timezone.now()):
        messages.success(request, "L’import reprend là où il s’était arrêté.")
    return redirect(event_import)


@signed_in
@require_POST
def forget(request, pk):
    """Erase the file and its lines; the events stay."""
    if queueing.forget(_own(request, pk)):
        messages.success(request, "Le fichier et ses lignes sont effacés. Les événements importés restent.")
        return redirect("imports")
    messages.error(request, "Cet import est en cours : attendez sa fin pour l’effacer.")
    return redirect("import", pk)
