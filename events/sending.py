"""A person's drafts sent in one go: those that hold the rules, and of the others what they lack."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse

from events import workflow
from events.cards import Card
from events.contents import slots_of
from events.eligibility import assess, failed
from events.facts import facts_of
from events.models import Event
from events.progress import first_day_words
from events.querysets import EventQuerySet
from semaine import outbox
from semaine.models import Edition
from semaine.text import count


@dataclass(frozen=True)
class Line:
    """A draft, and the sentences that say what it lacks; none: it can be sent."""

    event: Event
    place: str
    when: str
    missing: list[str]


@dataclass(frozen=True)
class Outcome:
    """What became of an event that was to be sent; `why` not, in sentences."""

    event: Event
    is_sent: bool
    why: list[str]


def to_judge(events: EventQuerySet) -> EventQuerySet:
    """Return the events with all that the rules look at, in the order of their days."""
    more = ("organization__headquarters__department", "commune__department__region")
    return events.for_list().select_related(*more).order_by("first_starts_at", "title", "pk")


def lines(events: Iterable[Event], edition: Edition, at: datetime) -> list[Line]:
    """Return the drafts of an edition, those that can be sent first. The events are read with `to_judge`."""
    prefetch_related_objects([edition], "territory_weeks")
    return sorted((_line(event, edition, at) for event in events), key=lambda line: bool(line.missing))


def _line(event: Event, edition: Edition, at: datetime) -> Line:
    findings = assess(facts_of(event, slots_of(event)), edition.label_window(event.department))
    missing = [finding.message for finding in failed(findings)]
    return Line(event, Card(event, at, {}).place_label, first_day_words(event), missing)


def send_all(events: Iterable[Event], *, by, at: datetime) -> list[Outcome]:
    """Send each event in its own transaction, then tell it in one mail. What cannot be sent stops no other."""
    outcomes = [_send(event, by=by, at=at) for event in events]
    _tell([each.event for each in outcomes if each.is_sent], by=by, at=at)
    return outcomes


def _send(event: Event, *, by, at: datetime) -> Outcome:
    try:
        return Outcome(workflow.submit(event, by=by, at=at, quietly=True), True, [])
    except workflow.WorkflowError as error:
        faults = [finding.message for finding in failed(error.findings)]
        return Outcome(event, False, faults or [error.message])


def _tell(sent: list[Event], *, by, at: datetime) -> None:
    if not sent:
        return
    done = "est envoyé" if len(sent) == 1 else "sont envoyés"
    words = f"{count(len(sent), 'événement')} {done} au référent"
    context = {"events": sent, "words": words, "url": settings.SITE_URL + reverse("space")}
    outbox.enqueue(
        by.email,
        f"Envoi terminé : {words}",
        render_to_string("emails/sending.txt", context),
        html=render_to_string("emails/sending.html", context),
        dedupe_key=f"sending-{by.pk}-{sent[0].pk}-{at.isoformat()}",
        at=at,
    )
