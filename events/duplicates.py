"""Is this event already there? The organizer is warned beside the title, the referent in the examination."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse

from events.merging import kept_for
from events.models import Event, TimeSlot
from events.querysets import EventQuerySet
from semaine.dates import day_words, last_local_day, local
from semaine.text import sort_key

# « Visite de la fonderie » and « Visite de la brasserie » are 0.5 alike, « Visite fonderie Martin » and
# « Visite de la fonderie Martin » 0.8.
ALIKE = 0.6
SHOWN = 3
ONE_DAY = timedelta(days=1)


class Alike(NamedTuple):
    """An event that may be the same one. `url` is empty where the reader may not see it, and `title` then too."""

    title: str
    organizer: str
    when: str
    url: str


def duplicates(event: Event, slots) -> EventQuerySet:
    """Return the events of the edition that may be this one, saved or not, the likest first.

    Two signs: at the same place (commune or link), within a day, with a title much alike; or of the same
    organization at the same hours. Drafts of others are nobody's business. `slots`: (start, end) pairs.
    """
    if not slots:
        return Event.objects.none()
    same_title = Q(likeness__gte=ALIKE) & Q(Exists(_of_each().filter(_near(event, slots))))
    starts = [starts_at for starts_at, _ in slots]
    ends = [ends_at for _, ends_at in slots]
    same_hours = Q(Exists(_of_each().filter(starts_at__in=starts, ends_at__in=ends)))
    same_place, same_organization = _same_place(event), Q(organization=event.organization_id)
    others = Event.objects.in_the_running(event.organization_id).exclude(pk=event.pk)
    title = TrigramSimilarity(Func(F("title"), function="unaccent"), sort_key(event.title))
    return (
        others.filter(edition=event.edition_id)
        # What both signs imply, and what has an index.
        .filter(same_place | same_organization)
        .annotate(likeness=title)
        .filter(same_title & same_place | same_hours & same_organization)
        .order_by("-likeness", "pk")
    )


def _of_each():
    return TimeSlot.objects.filter(event=OuterRef("pk"))


def _near(event: Event, slots) -> Q:
    """Return the condition that a slot lies within a day of one of these: of two events, each is near the other."""
    days = {
        (local(starts_at, event.timezone).date(), last_local_day(ends_at, event.timezone))
        for starts_at, ends_at in slots
    }
    near = (Q(first_day__lte=last + ONE_DAY, last_day__gte=first - ONE_DAY) for first, last in sorted(days))
    return reduce(or_, near)


def _same_place(event: Event) -> Q:
    same = Q(pk__in=[])
    if event.commune_id:
        same |= Q(commune=event.commune_id)
    if event.mode.has_link and event.online_url:
        same |= Q(online_url=event.online_url)
    return same


def warnings(event: Event, slots, *, reader) -> list[Alike]:
    """Return the first duplicates in words, for an organizer. One query.

    What the reader may not see yet, another organization's event under examination, is only said to be there.
    """
    found = duplicates(event, slots).select_related("edition").defer("description", "search")
    return [_in_words(each) for each in _for_reader(found, reader)[:SHOWN]]


def standing_for(event: Event, *, reader) -> Alike | None:
    """Return in words, for an organizer, the event that theirs was merged into; None for one that was not."""
    if not event.is_merged:
        return None
    return _in_words(_for_reader(Event.objects.select_related("edition"), reader).get(pk=kept_for(event).pk))


def _for_reader(events: EventQuerySet, reader) -> EventQuerySet:
    itself = {"pk": OuterRef("pk")}
    return events.annotate(
        is_mine=Exists(Event.objects.editable_by(reader).filter(**itself)),
        is_seen=Exists(Event.objects.public().filter(**itself)),
    )


def _in_words(event) -> Alike:
    when = day_words(event.first_day, year=True) if event.first_day else ""
    if not (event.is_mine or event.is_seen):
        return Alike("", "", when, "")
    url = reverse("space_event", args=[event.pk]) if event.is_mine else event.get_absolute_url()
    return Alike(event.title, event.organizer_name, when, url)
