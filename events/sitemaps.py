"""What search engines may read: the public pages, and of the events those that the public sees."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from events.models import Event
from semaine.models import Department, Edition, Region

# How many addresses a file holds: a worker keeps one page of them in memory.
LIMIT = 5_000


class PortalSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever name the request was sent to."""

    limit = LIMIT

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(PortalSitemap):
    """Pages without a table behind them."""

    names = (
        "home",
        "programme",
        "map",
        "territories",
        "overseas",
        "editions",
        "figures",
        "referents",
        "labelling",
        "integration",
        "api",
        "selection",
        "accessibility",
        "legal",
        "privacy",
        "sitemap_page",
    )

    def items(self):
        return list(self.names)

    def location(self, name):
        return reverse(name)


class EditionSitemap(PortalSitemap):
    def items(self):
        return Edition.objects.published().order_by("year")

    def location(self, edition):
        return reverse("edition", args=[edition.year])


class TerritorySitemap(PortalSitemap):
    """The regions, then the départements and collectivités: a hundred and some rows."""

    def items(self):
        return [*Region.objects.all(), *Department.objects.select_related("region")]


class OrganizerSitemap(PortalSitemap):
    """The organizations that hold a public event: the others have no page."""

    def items(self):
        return Event.objects.public().organizations().only("slug").order_by("pk")


class EventSitemap(PortalSitemap):
    def items(self):
        events = Event.objects.public().select_related("edition").order_by("pk")
        return events.only("slug", "updated_at", "edition__year")

    def lastmod(self, event) -> datetime:
        return event.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        # Django's own reads every row.
        return Event.objects.public().aggregate(latest=Max("updated_at"))["latest"]


class File(NamedTuple):
    """One file of the index, under the names that Django's template reads."""

    location: str
    last_mod: datetime | None


def files() -> Iterator[File]:
    """Yield the files of every section, of LIMIT addresses each."""
    for name, kind in SITEMAPS.items():
        sitemap = kind()
        latest = sitemap.get_latest_lastmod()
        address = settings.SITE_URL + reverse("sitemap_section", args=[name])
        for page in sitemap.paginator.page_range:
            yield File(address if page == 1 else f"{address}?p={page}", latest)


SITEMAPS = {
    "pages": PageSitemap,
    "editions": EditionSitemap,
    "territoires": TerritorySitemap,
    "organisateurs": OrganizerSitemap,
    "evenements": EventSitemap,
}
