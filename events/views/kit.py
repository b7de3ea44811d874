"""The communication kit of a labelled event, for its organization and only while the label stands."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import Card, cards
from events.kit.files import CERTIFICATE, MAKERS, PICTURES, POSTERS, content_type
from events.kit.signature import signature
from events.models import Event
from organizers.access import signed_in


@signed_in
@require_safe
def kit(request, pk):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_list(), pk=pk)
    card = _labelled(event)
    if card is None:
        return render(request, "events/kit_closed.html", {"event": event}, status=404)
    context = {
        "event": event,
        "card": card,
        "certificate": CERTIFICATE,
        "posters": POSTERS,
        "pictures": PICTURES,
        "signature": signature(card),
    }
    return render(request, "events/kit.html", context)


@signed_in
@require_safe
def file(request, pk, name):
    event = get_object_or_404(Event.objects.editable_by(request.user).for_list(), pk=pk)
    card = _labelled(event)
    if card is None or name not in MAKERS:
        raise Http404
    response = HttpResponse(MAKERS[name](card), content_type=content_type(name))
    response["Content-Disposition"] = f'attachment; filename="{event.slug[:60]}-{name}"'
    return response


def _labelled(event: Event) -> Card | None:
    """Return the event's card while it bears the label and takes place."""
    if not Event.objects.taking_place().filter(pk=event.pk).exists():
        return None
    [card] = cards([event], timezone.now())
    return card
