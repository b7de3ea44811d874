from datetime import datetime
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.drawn_cards import drawn_cards
from events.event_sets import EventSet, public_events
from events.figures import figures
from events.filter_choices import filter_choices
from events.france import drawn
from events.map_config import map_beside
from events.territories import Counted, Territory, counted, of_department, of_region
from events.views.programme import current_edition
from organizers.models import Office
from semaine.models import OVERSEAS, Department, Edition, Region, SiteRevision
from semaine.outlines import view_box
from semaine.public_pages import public_page
from semaine.text import count

NEXT = 6
CRUMB = "Territoires"


@public_page()
@require_safe
def index(request):
    at = timezone.now()
    edition = current_edition(request, at)
    numbers = public_events(edition, at).on_show.numbers("departement")
    regions = Department.objects.by_region()
    context = _frame(edition, at, numbers.get(None, 0)) | {
        "regions": [_region(region, counted(parts, numbers)) for region, parts in regions],
        "crumbs": [(CRUMB, "")],
    }
    return render(request, "events/territories.html", context)


@public_page()
@require_safe
def region(request, slug):
    found = get_object_or_404(Region, slug=slug)
    crumbs = [(CRUMB, reverse("territories")), (found.name, "")]
    return _territory(request, of_region(found), crumbs)


@public_page()
@require_safe
def department(request, region, slug):
    found = get_object_or_404(Department.objects.select_related("region"), slug=slug)
    address = found.get_absolute_url()
    if region != (found.region.slug if found.region else OVERSEAS):
        return redirect(address, permanent=True)
    above = (found.region.name, found.region.get_absolute_url()) if found.region else _overseas()
    crumbs = [(CRUMB, reverse("territories")), above, (found.name, "")]
    return _territory(request, of_department(found), crumbs)


@public_page()
@require_safe
def overseas(request):
    at = timezone.now()
    edition = current_edition(request, at)
    parts = list(Department.objects.filter(region=None).select_related("region"))
    codes = [each.code for each in parts]
    shown = public_events(edition, at).on_show
    numbers = shown.numbers("departement")
    context = {
        "of_name": "des collectivités d’outre-mer",
        "parts": counted(parts, numbers),
        "crumbs": [(CRUMB, reverse("territories")), ("Outre-mer", "")],
    }
    context |= _frame(edition, at, numbers.get(None, 0))
    context |= _programme(shown.having("departement", *codes), {"departement": codes}, at)
    return render(request, "events/overseas.html", context)


def _overseas() -> tuple[str, str]:
    return "Outre-mer", reverse("overseas")


def _region(region: Region | None, parts: list[Counted]) -> dict:
    """A region with its départements; None stands for the collectivités that belong to none."""
    name, url = (region.name, region.get_absolute_url()) if region else _overseas()
    return {
        "name": name,
        "url": url,
        "words": count(sum(each.number for each in parts), "événement"),
        "parts": parts,
    }


def _frame(edition: Edition, at: datetime, online: int) -> dict:
    """Return what every page of territories says of the edition, and of the events that have no territory."""
    return {
        "edition": edition,
        "is_demo": edition.is_demo,
        "is_over": edition.is_over(at),
        "online_words": online
        and count(online, "événement en ligne, ouvert partout", "événements en ligne, ouverts partout"),
    }


def _territory(request, territory: Territory, crumbs: list):
    at = timezone.now()
    edition = current_edition(request, at)
    shown = public_events(edition, at).on_show
    here, numbers = territory.among(shown), shown.numbers("departement")
    context = {
        "place": territory.place,
        "of_name": territory.place.of_name,
        "week": edition.territory_week(territory.place) or edition,
        "parts": counted(territory.parts, numbers),
        "partners": list(territory.partners),
        "neighbours": list(territory.neighbours),
        "crumbs": crumbs,
    }
    context |= _frame(edition, at, numbers.get(None, 0))
    context |= _programme(here, territory.query, at)
    context |= _map(territory, here)
    context |= referents(list(territory.offices))
    return render(request, "events/territory.html", context)


def _map(territory: Territory, here: EventSet) -> dict:
    """Return the map of its events, and for a région the drawing of its départements that stands for it."""
    addresses = {part.code: part.get_absolute_url() for part in territory.parts}
    names = [(part.code, part.name) for part in territory.parts]
    return {
        "map_config": (bounds := here.bounds) and map_beside(urlencode(territory.query), bounds),
        "drawing": drawn(here.numbers("departement"), names, addresses.get),
        "view_box": view_box(addresses),
    }


def _programme(here: EventSet, query: dict, at: datetime) -> dict:
    """Return the figures and the first events of a territory; `query` names it to the programme."""
    structure = SiteRevision.objects.structure()
    found = figures(here, dict(filter_choices(structure).by_field["nature"]), query)
    return {
        "query": (asked := urlencode(query, doseq=True)),
        "embed_query": urlencode({"territoire": asked}),
        "figures": found,
        "heading": count(found.events, "événement"),
        "cards": drawn_cards(here[:NEXT], at, structure),
    }


def referents(offices: list[Office]) -> dict:
    """The competent office, and whom to ask when it cannot be reached yet: the nearest one that can."""
    first = offices[0] if offices else None
    others = [office for office in offices[1:] if office.is_reachable]
    asks_another = others and not first.is_reachable
    return {"referent": first, "instead": others[0] if asks_another else None}
