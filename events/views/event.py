"""One event: its page, its calendar file, and the picture of it that social networks show."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events.agenda import start_key
from events.attending import attending
from events.cards import Card, cards
from events.drawn_cards import drawn_cards
from events.enums import TermKind
from events.exports import calendar_links, ical, jsonld, oembed, picture
from events.merging import public_kept
from events.models import Event, Term
from events.related import related
from semaine.dates import day_words, today
from semaine.models import SiteRevision
from semaine.public_pages import SHARED, public_page

AROUND = 10  # km
PICTURE_KEPT = 3600  # seconds


@public_page()
@require_safe
def page(request, year, slug):
    at = timezone.now()
    event = public_event(year, slug)
    if event is None:
        return _moved_or_gone(request, year, slug)
    structure = SiteRevision.objects.structure()
    [card] = cards([event], at)
    others = drawn_cards(related(event, at), at, structure)
    context = _context(card) | {"others": others, "is_past": event.edition.is_over(at)}
    return render(request, "events/event.html", context)


def _context(card: Card) -> dict:
    event = card.event
    url = settings.SITE_URL + card.get_absolute_url
    here = [event.edition.year, event.slug]
    message = {"subject": card.title, "body": f"{card.summary}\n\n{url}"}
    return {
        "event": event,
        "card": card,
        "edition": event.edition,
        "attending": attending(card),
        "calendars": calendar_links.choices(card),
        "sectors": _sectors(event),
        "around": _around(event),
        "labelled_on": day_words(today(event.labelled_at), year=True) if event.labelled_at else "",
        "url": url,
        "picture_url": settings.SITE_URL + reverse("event_picture", args=here),
        "photo_url": settings.SITE_URL + event.image.url if event.image else "",
        "oembed": oembed.links(url),
        "mail_url": f"mailto:?{urlencode(message, quote_via=quote)}",
        "jsonld": jsonld.as_script(card),
        "crumbs": [
            (f"Programme {event.edition.year}", reverse("edition", args=[event.edition.year])),
            (card.title, ""),
        ],
    }


def _sectors(event: Event) -> list[dict]:
    """Return the event's filières, and the programme of each."""
    labels = Term.objects.labels(TermKind.SECTOR)
    programme = reverse("edition", args=[event.edition.year])
    return [
        {"label": labels[code], "url": f"{programme}?{urlencode({'filiere': code})}"}
        for code in event.sector_codes
        if code in labels
    ]


def _around(event: Event) -> str:
    """Return the address of the map around the event; nothing for one that takes place nowhere."""
    if event.commune_id is None:
        return ""
    return f"{reverse('map')}?{urlencode({'pres': event.commune_id, 'rayon': AROUND})}"


def _moved_or_gone(request, year: int, slug: str):
    """Lead to the event that this one was merged into; else say, without its title, that it left the programme."""
    event = unseen_event(year, slug)
    if kept := public_kept(event):
        return HttpResponsePermanentRedirect(kept.get_absolute_url())
    # An online event is examined in a département, but takes place in none.
    department = event.department if event.commune_id else None
    return render(request, "410.html", {"department": department, "event": event}, status=410)


@require_safe
def calendar(request, year, slug):
    event = public_event(year, slug)
    if event is None and (kept := public_kept(unseen_event(year, slug))):
        return HttpResponsePermanentRedirect(reverse("event_ics", args=[kept.edition.year, kept.slug]))
    key = request.GET.get("creneau", "")
    if event is None or key not in {"", *map(start_key, event.slots.all())}:
        raise Http404
    response = HttpResponse(ical.calendar([event], key=key), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug[:60]}.ics"'
    return response


@require_safe
def event_picture(request, year, slug):
    event = get_object_or_404(Event.objects.public().for_list(), edition__year=year, slug=slug)
    [card] = cards([event], timezone.now())
    words = picture.words_of(card)
    response = get_conditional_response(request, etag=f'"{words.key}"')
    if response is None:
        drawn = cache.get_or_set(f"picture-{words.key}", lambda: picture.draw(words), PICTURE_KEPT)
        response = HttpResponse(drawn, content_type="image/png", headers={"ETag": f'"{words.key}"'})
    response["Cache-Control"] = SHARED
    return response


def public_event(year: int, slug: str) -> Event | None:
    """Return the public event at this address, None when it was one; else raise Http404."""
    event = Event.objects.public().for_page().filter(edition__year=year, slug=slug).first()
    if event is None:
        unseen_event(year, slug)
    return event


def unseen_event(year: int, slug: str) -> Event:
    """Return the event that stood at this address, and left the programme or was merged into another."""
    here = {"edition__year": year, "slug": slug}
    return get_object_or_404((Event.objects.gone() | Event.objects.moved()).for_list(), **here)
