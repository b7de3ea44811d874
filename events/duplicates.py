"""Is this event already there? The organizer is warned beside the title, the referent in the examination."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse

from events.enums import AttendanceMode
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
LINKED = [mode for mode in AttendanceMode if mode.has_link]
# Whose drafts count: no organization has this number.
NOBODY = 0


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
    same_title = Q(likeness__gte=ALIKE) & Exists(_of_each().filter(first_day__in=_days_around(event, slots)))
    starts = [starts_at for starts_at, _ in slots]
    ends = [ends_at for _, ends_at in slots]
    same_hours = Exists(_of_each().filter(starts_at__in=starts, ends_at__in=ends))
    others = Event.objects.in_the_running(event.organization_id).exclude(pk=event.pk)
    title = TrigramSimilarity(Func(F("title"), function="unaccent"), sort_key(event.title))
    return (
        others.filter(edition=event.edition_id)
        .annotate(likeness=title)
        .filter(same_title & _same_place(event) | same_hours & Q(organization=event.organization_id))
        .order_by("-likeness", "pk")
    )


def _of_each():
    return TimeSlot.objects.filter(event=OuterRef("pk"))


def _days_around(event: Event, slots) -> list:
    days = set()
    for starts_at, ends_at in slots:
        days |= {local(starts_at, event.timezone).date(), last_local_day(ends_at, event.timezone)}
    return sorted({day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)})


def _same_place(event: Event) -> Q:
    same = Q(pk__in=[])
    if event.commune_id:
        same |= Q(commune=event.commune_id)
    if event.mode.has_link and event.online_url:
        same |= Q(online_url=event.online_url)
    return same


def has_twin() -> Q:
    """Return the condition that an event may already be there: the rule of `duplicates`, for each row of a list."""
    return reduce(or_, _signs())


def twins_among(events: EventQuerySet) -> list[int]:
    """Return the keys of those that may already be there. One query, sign by sign: together, none has an index."""
    first, *others = [events.filter(sign).order_by().values_list("pk", flat=True) for sign in _signs()]
    return list(first.union(*others))


def _signs() -> list[Q]:
    """The signs of a twin. An organizer's drafts are not the referent's business."""
    others = (
        Event.objects.in_the_running(NOBODY).exclude(pk=OuterRef("pk")).filter(edition=OuterRef("edition"))
    )
    title, wanted = (Func(each, function="unaccent") for each in (F("title"), OuterRef("title")))
    alike = others.annotate(likeness=TrigramSimilarity(title, wanted)).filter(_near(), likeness__gte=ALIKE)
    same_link = alike.filter(online_url=OuterRef("online_url"), attendance_mode__in=LINKED)
    return [
        Q(Exists(alike.filter(commune=OuterRef("commune")))),
        ~Q(online_url="") & Q(attendance_mode__in=LINKED) & Q(Exists(same_link)),
        Q(Exists(others.filter(_same_hours(), organization=OuterRef("organization")))),
    ]


def _near() -> Exists:
    """Has the event of the subquery a slot that begins within a day of the days of the row's slots?"""
    first = OuterRef("first_day")
    days = {"first_day__lte": first + ONE_DAY, "last_day__gte": first - ONE_DAY}
    return Exists(_of_each().filter(Exists(_of_the_row().filter(**days))))


def _same_hours() -> Exists:
    hours = {"starts_at": OuterRef("starts_at"), "ends_at": OuterRef("ends_at")}
    return Exists(_of_each().filter(Exists(_of_the_row().filter(**hours))))


def _of_the_row():
    return TimeSlot.objects.filter(event=OuterRef(OuterRef(OuterRef("pk"))))


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
