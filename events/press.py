"""The press note of a territory: its figures in words, three examples, whom to call."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from events.cards import Card
from events.enums import TermKind
from events.event_sets import public_events
from events.figures import Figures, figures
from events.models import Event, Term
from events.public_figures import expected
from events.querysets import EventQuerySet
from events.territories import Territory
from semaine.dates import moment_words
from semaine.models import Edition
from semaine.text import count

EXAMPLES, LOOKED_AT, KINDS = 3, 30, 6


@dataclass(frozen=True)
class PressNote:
    """What takes place there in the whole edition; the cancelled is left out. Five queries."""

    territory: Territory
    edition: Edition
    at: datetime

    @property
    def events(self) -> EventQuerySet:
        return Event.objects.taking_place().filter(self.territory.here, edition=self.edition).placed()

    @cached_property
    def formats(self) -> dict[str, str]:
        return Term.objects.labels(TermKind.FORMAT)

    @cached_property
    def figures(self) -> Figures:
        here = self.territory.among(public_events(self.edition, self.at))
        return figures(here.taking_place, self.formats, self.territory.query)

    @property
    def events_words(self) -> str:
        return count(self.figures.events, "événement labellisé", "événements labellisés")

    @property
    def organizers_words(self) -> str:
        return count(self.figures.organizations, "organisateur")

    @cached_property
    def expected_words(self) -> str:
        """How many people are expected, what is unlikely left out; nothing when nobody counted."""
        number = expected(self.events)["expected_likely"]
        return (number and count(number, "participant attendu", "participants attendus")) or ""

    @property
    def kinds(self) -> list:
        return self.figures.formats[:KINDS]

    @cached_property
    def examples(self) -> list[Card]:
        """Of what is to come, else of all: of different kinds where there are enough."""
        since = None if self.edition.is_over(self.at) else self.at
        coming = self.events.upcoming(since) if since else self.events
        ids = list(coming.in_order(since).values_list("pk", "format_code")[:LOOKED_AT])
        first_of_kind = list({kind: pk for pk, kind in reversed(ids)}.values())
        chosen = sorted(ids, key=lambda each: each[0] not in first_of_kind)[:EXAMPLES]
        rows = Event.objects.for_list().filter(pk__in=[pk for pk, _ in chosen]).in_order(since)
        return [Card(event, self.at, self.formats) for event in rows]

    @property
    def programme_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('programme')}?{urlencode(self.territory.query)}"

    @property
    def dated(self) -> str:
        return moment_words(self.at)
