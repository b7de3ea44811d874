import re

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import cards
from events.merging import public_kept
from events.models import Event
from semaine.dates import day_words, today
from semaine.public_pages import public_page

NUMBER = re.compile(r"SI-[0-9]{4}-[0-9A-Z]{2,3}-[0-9]{4,8}")


@public_page()
@require_safe
def label_check(request, number):
    """Tell whether a label stands. What was withdrawn keeps its title to itself, as its own page does."""
    number = number.strip().upper()
    context = {"number": number[:40], "crumbs": [("Vérifier un label", "")]}
    event = _bearer(number)
    if event is None:
        return render(request, "events/label_unknown.html", context, status=404)
    context |= {"edition": event.edition, "event": event, "kept": public_kept(event)}
    if not Event.objects.public().filter(pk=event.pk).exists():
        return render(request, "events/label_withdrawn.html", context)
    [card] = cards([event], timezone.now())
    context |= {"card": card, "labelled_on": day_words(today(event.labelled_at), year=True)}
    return render(request, "events/label.html", context)


def _bearer(number: str) -> Event | None:
    if not NUMBER.fullmatch(number):
        return None
    return Event.objects.once_labelled().for_list().filter(label_number=number).first()
