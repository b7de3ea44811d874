"""A programme to print: a cover with its figures and map, then its events by day and commune, each with a QR code."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.conf import settings

from events import facets, links
from events.cards import Card
from events.exports.figures import map_svg
from events.exports.letters import drawable
from events.exports.pdf import pdf, quick_qr_code
from events.filters import ProgrammeFilter
from events.france import drawn
from events.kit.words import NO_TITLE, access
from events.models import Event
from semaine.dates import day_words, moment_words
from semaine.models import Department
from semaine.text import count

MOST = 1_000
EVERYWHERE = "Toute la France"
ONLINE = "En ligne"


def is_too_long(filterset: ProgrammeFilter) -> bool:
    return filterset.shown.count() > MOST


def programme_pdf(filterset: ProgrammeFilter) -> bytes:
    """Return what a filter state shows as PDF/UA-1. The same queries for any number of events."""
    return pdf("programme", _data(filterset), at=filterset.at)


def _data(filterset: ProgrammeFilter) -> dict:
    """Return the data of templates/pdf/programme.typ."""
    edition = filterset.edition
    cards = list(_cards(filterset))
    where = ", ".join(tag.label for tag in links.tags(filterset, "")) or EVERYWHERE
    return {
        "document": f"Programme {edition.year}, {drawable(where)} – Semaine de l’industrie",
        "edition": f"Semaine de l’industrie {edition}",
        "week": edition.week,
        "where": drawable(where),
        "made": f"Programme au {moment_words(filterset.at)}. Vérifiez avant de venir : un événement peut changer.",
        "figures": _figures(cards),
        "online": _online(filterset),
        "map": _map(filterset),
        "days": [_day(day, list(there)) for day, there in groupby(cards, lambda card: _day_of(card.event))],
    }


def _cards(filterset: ProgrammeFilter) -> Iterable[Card]:
    """By day, then by commune, what is online last."""
    at = filterset.at
    rows = Event.objects.for_list().filter(pk__in=filterset.shown.values("pk"))
    rows = rows.in_order(None if filterset.edition.is_over(at) else at)
    labels = filterset.form.format_labels
    return [Card(event, at, labels) for event in sorted(rows, key=_place_in_order)]


def _place_in_order(event: Event) -> tuple:
    commune = event.commune
    return _day_of(event), commune is None, (commune and commune.sort_key) or "", event.is_lasting, event.pk


def _day_of(event: Event) -> date:
    """The day of its next slot, of the first one where all are over."""
    return event.next_day or event.first_day


def _figures(cards: list[Card]) -> list[dict]:
    communes = {card.event.commune_id for card in cards} - {None}
    organizers = {card.event.organization_id for card in cards}
    cancelled = sum(card.is_cancelled for card in cards)
    words = [
        count(len(cards), "événement"),
        count(len(organizers), "organisateur"),
        count(len(communes), "commune"),
    ]
    words += [count(cancelled, "annulé")] if cancelled else []
    # A number and its noun, which stand in two sizes.
    return [dict(zip(("number", "label"), each.rsplit("\u00a0", 1), strict=True)) for each in words]


def _online(filterset: ProgrammeFilter) -> str:
    number = facets.count(filterset).online
    words = count(number, "événement en ligne, ouvert partout", "événements en ligne, ouverts partout")
    return (number and f"Et {words} : {settings.SITE_URL}/programme/?mode=en-ligne") or ""


def _map(filterset: ProgrammeFilter) -> str:
    """Return the région of the events when they are all in one, else France."""
    counts = filterset.shown.placed().by_department()
    departments = list(Department.objects.select_related("region"))
    regions = {each.region_id for each in departments if each.code in counts}
    there = [each for each in departments if len(regions) != 1 or each.region_id in regions]
    return map_svg(drawn(counts, [(each.code, each.name) for each in there], lambda code: "").drawn)


def _day(day: date, cards: list[Card]) -> dict:
    words = day_words(day, year=True)
    by_commune = groupby(cards, lambda card: card.event.commune)
    return {
        "label": words[:1].upper() + words[1:],
        "communes": [
            {"name": drawable(_commune(commune)), "events": [_event(card) for card in there]}
            for commune, there in by_commune
        ],
    }


def _commune(commune) -> str:
    if commune is None:
        return ONLINE
    department = commune.department.name
    return commune.name if department == commune.name else f"{commune.name} ({department})"


def _event(card: Card) -> dict:
    url = settings.SITE_URL + card.get_absolute_url
    return {
        "title": drawable(card.title) or NO_TITLE,
        "state": "Annulé" if card.is_cancelled else "Complet" if card.is_full else "",
        "kind": drawable(card.format_label),
        "when": drawable(card.when_label),
        "where": drawable(card.address_label),
        "who": drawable(access(card)),
        "organizer": drawable(f"Proposé par {card.organizer_name}"),
        "summary": drawable(card.summary),
        "url": url,
        "qr": quick_qr_code(url),
    }
