"""The real events of past editions, proposed and labelled through the verbs, within their edition's dates."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from events import drafting, workflow
from events.demo import accounts
from events.enums import AttendanceMode, Source, Status
from events.models import Event
from organizers.models import Organization, User
from semaine.dates import HOME_ZONE
from semaine.models import Commune, Edition
from semaine.text import NBSP, join_words, sort_key

PATH = settings.BASE_DIR / "fixtures" / "real_events.json"
WRITTEN = timedelta(days=14)  # after submissions opened
SENT = timedelta(days=15)
LABELLED = timedelta(days=17)
COPIED = (
    "title", "summary", "format_code", "sector_codes", "topic_codes", "audience_codes",
    "venue", "address", "online_url",
    "access_mode", "reserved_to", "registration_kind", "registration_value", "contact_email",
)  # fmt: skip
# What the public reads of what was filled in.
FILLED_IN = {
    "organizer": "l’organisateur",
    "hours": "les horaires",
    "audience_codes": "les publics",
    "sector_codes": "la filière",
    "topic_codes": "les thèmes",
    "access_mode": "le mode d’accès",
    "registration_value": "l’inscription",
    "online_url": "le lien",
}


def rows() -> list[dict]:
    """Return the events of the file, as it describes them."""
    return json.loads(PATH.read_text(encoding="utf-8"))["events"]


def load(*, referent: User) -> list[Event]:
    """Write and label the real events that are missing; return them all.

    Those of an edition that is not published are left out: the demonstration may stand in its place.
    """
    editions = {edition.year: edition for edition in Edition.objects.published().filter(is_demo=False)}
    found = [row for row in rows() if row["edition"] in editions]
    return [_labelled(row, editions[row["edition"]], referent) for row in found]


@transaction.atomic
def _labelled(row: dict, edition: Edition, referent: User) -> Event:
    author = accounts.silent("documents-publics@example.org", "Documents publics de l’État")
    commune = _commune(row)
    opened = edition.submissions_open_at
    event = drafting.draft(
        _organization(row, author),
        edition,
        by=author,
        at=opened + WRITTEN,
        key=uuid5(NAMESPACE_URL, f"{row['edition']}/{row['title']}"),
        values=_values(row, commune),
        slots=list(_slots(row, ZoneInfo(commune.timezone if commune else HOME_ZONE))),
        source=Source.PRESS,
    )
    if event.status != Status.DRAFT:
        return event
    event = workflow.submit(event, by=author, at=opened + SENT)
    return workflow.label(
        event, by=referent, at=opened + LABELLED, version=event.version, purpose_confirmed=True
    )


def _commune(row: dict) -> Commune | None:
    communes = Commune.objects.select_related("department__region")
    return communes.get(code=row["commune_code"]) if "commune_code" in row else None


def _organization(row: dict, author: User) -> Organization:
    slug = sort_key(row["organizer"]).replace(" ", "-")
    values = {"name": row["organizer"], "kind": row["organizer_kind"]}
    organization, _ = Organization.objects.get_or_create(slug=slug, defaults=values)
    accounts.own(organization, author)
    return organization


def _values(row: dict, commune: Commune | None) -> dict:
    # The label itself says that it is free of charge.
    return {name: row[name] for name in COPIED if name in row} | {
        "description": f"{row['description']}\n\n{_note(row)}",
        "attendance_mode": AttendanceMode.ONSITE if commune else AttendanceMode.ONLINE,
        "commune": commune,
        # Of a city with several postal codes, the documents do not say which.
        "postal_code": commune.postal_codes[0] if commune and len(commune.postal_codes) == 1 else "",
        "is_free": True,
    }


def _note(row: dict) -> str:
    words = join_words(words for name, words in FILLED_IN.items() if name in row["filled_in"])
    return f"Les documents publics ne disent pas tout{NBSP}: pour cet exemple, nous avons complété {words}."


def _slots(row: dict, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    opens, closes = row["hours"]
    for day in _days(row):
        yield tuple(datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=zone) for hour in (opens, closes))


def _days(row: dict) -> list[str]:
    if "dates" in row:
        return row["dates"]
    first, last = (date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
    return [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
