"""The ways out of a page of the programme: each file of what it shows, and what one does with it."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from events.filters import YES, ProgrammeFilter


class ExportLink(NamedTuple):
    label: str
    use: str
    url: str


FILES = (
    ("programme_xlsx", "Classeur Excel (.xlsx)", "pour trier, compter ou préparer un document"),
    ("programme_ics", "Agenda (.ics)", "pour copier ces dates une fois dans votre agenda"),
    (
        "programme_atom",
        "Fil Atom",
        "pour un lecteur de flux, ou pour annoncer ces événements sur un autre site",
    ),
    ("programme_csv", "Données CSV", "pour un logiciel de données"),
    ("programme_geojson", "Points GeoJSON", "pour une carte à vous, avec uMap ou QGIS"),
    ("programme_json", "Données JSON", "pour un développeur"),
)
SUBSCRIBE = "S’abonner"
SUBSCRIBE_USE = "votre agenda suit les changements, et garde ce qui est terminé"


def export_links(filterset: ProgrammeFilter, path: str) -> list[ExportLink]:
    """Return the addresses of what a page at `path` shows; the subscription keeps what is over."""
    query = _state(filterset, path)
    links = [ExportLink(label, use, _address(name, query)) for name, label, use in FILES]
    query["passes"] = YES
    host = urlsplit(settings.SITE_URL).netloc
    links.insert(
        1, ExportLink(SUBSCRIBE, SUBSCRIBE_USE, f"webcal://{host}{_address('programme_ics', query)}")
    )
    return links


def feed_url(filterset: ProgrammeFilter, path: str) -> str:
    """Return the address of the feed of what a page at `path` shows."""
    return _address("programme_atom", _state(filterset, path))


def _state(filterset: ProgrammeFilter, path: str) -> QueryDict:
    """Return what the page shows as a query string: without its number, with the year that its address may carry."""
    query, year = QueryDict(mutable=True), filterset.edition.year
    for name, values in filterset.data.lists():
        query.setlist(name, [value for value in values if value and name != "page"])
    if path == reverse("edition", args=[year]):
        query["edition"] = f"{year}"
    return query


def _address(name: str, query: QueryDict) -> str:
    text = query.urlencode()
    return f"{reverse(name)}?{text}" if text else reverse(name)
