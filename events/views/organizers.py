from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.cards import Card, cards
from events.listing import PAGE_SIZE, page_fault
from events.models import Event
from semaine.public_pages import public_page
from semaine.text import count


@public_page("page")
@require_safe
def page(request, slug):
    """The public events of an organization; one that has none is not there."""
    at = timezone.now()
    public = Event.objects.public()
    found = public.organizations().select_related("headquarters__department__region")
    organization = found.filter(slug=slug).first()
    if organization is None:
        # Where one that was merged leads.
        return redirect(get_object_or_404(found.at(slug)), permanent=True)
    events = public.filter(organization=organization).by_edition(at)
    paginator = Paginator(events.values_list("pk", flat=True), PAGE_SIZE)
    asked = request.GET.get("page", "")
    shown = paginator.get_page(asked)
    ids = list(shown.object_list)
    rows = Event.objects.for_list().in_bulk(ids)
    groups = groupby(cards([rows[pk] for pk in ids], at), _group)
    context = {
        "organization": organization,
        "heading": count(paginator.count, "événement"),
        "groups": [(title, list(group)) for title, group in groups],
        "message": page_fault(shown, asked),
        "page_obj": shown,
        "elided": paginator.get_elided_page_range(shown.number),
        "crumbs": [(organization.name, "")],
    }
    return render(request, "events/organizer.html", context)


def _group(card: Card) -> str:
    return f"Édition {card.event.edition.year}" if card.is_over else "À venir"
