"""Files of events, made by the tests: right ones, wrong ones, and those that mean harm."""

import csv
from hashlib import sha256
from io import BytesIO, StringIO

from django.utils import timezone
from openpyxl import Workbook

from events.enums import Source
from events.imports import jobs
from events.imports.columns import BY_KEY
from events.imports.reading import format_of
from events.imports.states import FileFormat, ImportState
from events.models import EventImport

PLACES = (("Belfort", "90000"), ("Tergnier", "02700"), ("Lille", "59000"), ("Les Abymes", "97139"))
KEYS = (
    "external_id", "title", "summary", "day", "start", "end", "postal_code", "city", "audience_codes", "is_free",
    "access_mode", "contact_email",
)  # fmt: skip


def line(number: int = 1, *, day="20/11/2025", **cells) -> dict[str, str]:
    """The cells of a complete event, by key; a line of the same number is the same event."""
    city, code = PLACES[number % len(PLACES)]
    return {
        "external_id": f"FT-{number:04}",
        "title": f"Job dating numéro {number}",
        "summary": "Dix entreprises de l’industrie recrutent.",
        "day": day,
        "start": "09:00",
        "end": "12:00",
        "postal_code": code,
        "city": city,
        "audience_codes": "Demandeurs d’emploi",
        "is_free": "oui",
        "access_mode": "Entrée libre",
        "contact_email": "contact@example.org",
    } | cells


def table(lines: list[dict[str, str]], keys=None) -> list[list[str]]:
    """The names of the columns, then a row per line."""
    keys = keys or tuple(dict.fromkeys(key for each in lines for key in each))
    names = [BY_KEY[key].name for key in keys]
    return [names, *([each.get(key, "") for key in keys] for each in lines)]


def as_csv(rows: list[list[str]], *, separator=";", encoding="utf-8") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[list]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Événements")
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(*lines) -> bytes:
    return as_csv(table(list(lines)))


def received(organizer, content: bytes, edition, *, at=None, **fields) -> EventImport:
    """An import as the request leaves it: a row, to be checked by whoever comes first."""
    at = at or timezone.now()
    file_format = format_of(content)
    is_agenda = file_format == FileFormat.JSON
    return EventImport.objects.create(
        **{
            "organization": organizer.organizations.get(),
            "edition": edition,
            "created_by": organizer,
            "created_at": at,
            "queued_at": at,
            "source": Source.OPENAGENDA if is_agenda else Source.SPREADSHEET,
            "format": file_format,
            "file_name": f"evenements.{file_format}",
            "content": content,
            "digest": sha256(content).hexdigest(),
        }
        | fields
    )


def worked(event_import: EventImport, at=None) -> EventImport:
    """Let a worker do what waits, in this process, and return the import as it then stands."""
    jobs.work(at or timezone.now())
    event_import.refresh_from_db()
    return event_import


def decided(event_import: EventImport, at=None, **fields) -> EventImport:
    """The import of what a check has found right."""
    at = at or timezone.now()
    changes = {"state": ImportState.QUEUED, "queued_at": at, "done": 0} | fields
    EventImport.objects.filter(pk=event_import.pk).update(**changes)
    return worked(event_import, at)
