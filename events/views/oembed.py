"""An event in the frame of another site, and what that site is told when somebody pastes its address there."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import Card, cards
from events.exports.oembed import JSON, XML, Room, as_xml, document
from events.merging import public_kept
from events.models import Event
from events.views.embed import framable
from events.views.event import public_event, unseen_event
from events.views.exports import as_text, open_data
from semaine.public_pages import public_page

BIGGEST = 10_000
PLAIN_TYPE = "text/plain; charset=utf-8"


@framable()
def embedded_event(request, year, slug):
    event = public_event(year, slug)
    if event is None:
        if kept := public_kept(unseen_event(year, slug)):
            return redirect("embed_event", kept.edition.year, kept.slug, permanent=True)
        return render(request, "events/embed_gone.html", status=410)
    return render(request, "events/embed_event.html", {"card": _card(event), "event": event})


class PixelsField(forms.Field):
    def clean(self, value) -> int | None:
        if not value:
            return None
        if value.isascii() and value.isdecimal() and len(value) < 6 and 1 <= int(value) <= BIGGEST:
            return int(value)
        raise ValidationError(
            f"« {self.label} » : trouvé « {value[:60]} » ; attendu : un nombre de pixels de 1 à {BIGGEST}."
        )


class OEmbedForm(forms.Form):
    url = forms.CharField(
        max_length=2_000,
        error_messages={
            "required": "« url » : rien n’est donné ; attendu : l’adresse d’une page d’événement.",
            "max_length": "« url » : l’adresse est trop longue ; attendu : celle d’une page d’événement.",
        },
    )
    format = forms.CharField(required=False)
    maxwidth = PixelsField(label="maxwidth", required=False)
    maxheight = PixelsField(label="maxheight", required=False)


@open_data
@public_page(*OEmbedForm.base_fields)
@require_safe
def oembed(request):
    """Statuses as the specification has them: 404, nothing is known of this address; 501, not in this format."""
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        return as_text(form.errors)
    asked = form.cleaned_data
    event = _event_at(asked["url"])
    if event is None:
        return _refused(404, "« url » : aucun événement public n’a cette adresse. Copiez celle de sa page.")
    told = document(_card(event), Room(asked["maxwidth"], asked["maxheight"]))
    if asked["format"] in ("", JSON):
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    if asked["format"] == XML:
        return HttpResponse(as_xml(told), content_type="text/xml; charset=utf-8")
    return _refused(501, f"« format » : trouvé « {asked['format'][:60]} » ; attendu : json ou xml.")


def _event_at(url: str) -> Event | None:
    """Return the public event whose page is at a web address, one that it was merged into included."""
    try:
        parts = urlsplit(url.strip())
        found = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    ours = parts.scheme in ("http", "https") and parts.netloc.lower() == urlsplit(settings.SITE_URL).netloc
    if not ours or found.view_name != "event":
        return None
    try:
        event = public_event(**found.kwargs)
        return event or public_kept(unseen_event(**found.kwargs))
    except Http404:
        return None


def _card(event: Event) -> Card:
    [card] = cards([event], timezone.now())
    return card


def _refused(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type=PLAIN_TYPE)
