"""The referent's queue: the query string of its list, over the events of their territory.

A wrong value is said, naming the filter, and then nothing is shown. The same query string goes with each file, so that
the next one of the same view opens.
"""

from datetime import datetime
from functools import cached_property, reduce
from operator import and_
from typing import NamedTuple

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Q, Value
from django.http import QueryDict

from events.deadlines import overdue
from events.enums import Status, TermKind
from events.filter_fields import ChoiceField
from events.filters import YES, Setting
from events.models import Event, Term
from events.querysets import CHANGED_UNSEEN, EventQuerySet, examines_in, is_amended, is_my_turn, is_waiting
from events.turns import Turns, turns_on
from events.twins import has_twin
from semaine.forms import TextField
from semaine.text import sort_key

MY_TURN, WAITING, AMENDED, CHANGED, EVERYTHING = (
    "a-mon-tour",
    "en-attente",
    "modification-proposee",
    "modifie",
    "tous",
)
AMENDED_LABEL, CHANGED_LABEL = "Modification proposée", "Modifié depuis le label"
TO_CHECK, NOTHING = "a-verifier", "rien"
LONGEST_SEARCH = 200


class SearchField(TextField):
    """Words; beyond its length the rest is left out."""

    def to_python(self, value):
        return super().to_python(value)[: self.longest]


class ExaminationFilter(django_filters.FilterSet):
    statut = Setting(ChoiceField, label="Statut")
    departement = Setting(ChoiceField, label="Département")
    nature = Setting(ChoiceField, label="Nature")
    points = Setting(
        ChoiceField, label="Points", choices=[(TO_CHECK, "À vérifier"), (NOTHING, "Rien à signaler")]
    )
    retard = Setting(ChoiceField, label="Échéance", choices=[(YES, "En retard")])
    doublons = Setting(ChoiceField, label="Doublons", choices=[(YES, "Doublon possible")])
    organisateur = Setting(TextField, label="Organisateur", max_length=100)
    q = Setting(SearchField, label="Mots", max_length=LONGEST_SEARCH)

    class Meta:
        model = Event
        fields = []

    def __init__(self, data: QueryDict, *, user, at: datetime):
        super().__init__(data, Event.objects.examinable_by(user))
        self.user, self.at = user, at
        fields = self.form.fields
        fields["statut"].choices = [(value, label) for value, (label, _) in STATES.items()]
        # Read only when a value is to be compared with them, or when they are shown.
        fields["departement"].choices = lambda: [
            (each.pk, each.name) for each in self.turns.departments if examines_in(user, each)
        ]
        fields["nature"].choices = lambda: [
            (each.code, each.label) for each in self.formats if each.is_active
        ]

    @property
    def errors_in_words(self) -> list[str]:
        return [message for messages in self.form.errors.values() for message in messages]

    @cached_property
    def formats(self) -> list[Term]:
        """The natures, those that are no longer proposed included."""
        return list(Term.objects.filter(kind=TermKind.FORMAT))

    @cached_property
    def state(self) -> str:
        """Without a choice, what waits for the agent's offices now."""
        return self.form.cleaned_data["statut"] or MY_TURN

    @cached_property
    def turns(self) -> Turns:
        return turns_on(self.at)

    @cached_property
    def my_turn(self) -> Q:
        return is_my_turn(self.user, self.turns)

    def in_state(self, state: str) -> Q:
        return self.my_turn if state == MY_TURN else STATES[state][1]()

    @cached_property
    def conditions(self) -> dict[str, Q]:
        """The conditions asked for, by parameter; « statut » always has one."""
        found = {"statut": self.in_state(self.state)}
        for name, value in self.form.cleaned_data.items():
            if name not in found and value:
                found[name] = self.condition(name, value)
        return found

    def condition(self, name: str, value: str) -> Q:
        """Return what one value of a filter asks for."""
        conditions = {
            "departement": lambda: Q(department=value),
            "nature": lambda: Q(format_code=value),
            "points": lambda: Q(points_to_check__len__gt=0) if value == TO_CHECK else Q(points_to_check=[]),
            "retard": lambda: overdue(self.at) & is_waiting(),
            "doublons": has_twin,
            "organisateur": lambda: Q(organizer_name__unaccent__icontains=value),
            "q": lambda: words(value),
        }
        return conditions[name]()

    def others(self, *names: str) -> Q:
        """Return the conditions of all filters but these."""
        return reduce(and_, (each for name, each in self.conditions.items() if name not in names), Q())

    @property
    def qs(self) -> EventQuerySet:
        return self.queryset.filter(self.others()) if self.is_valid() else self.queryset.none()


STATES = {
    MY_TURN: ("À mon tour", None),
    WAITING: ("Tout ce qui attend", is_waiting),
    AMENDED: (AMENDED_LABEL, lambda: Q(is_amended())),
    CHANGED: (CHANGED_LABEL, lambda: CHANGED_UNSEEN),
    **{
        each.value: (each.referent_label, lambda each=each: Q(status=each)) for each in Status.sent()
    },
    EVERYTHING: ("Tous", Q),
}  # fmt: skip
# What a file's address carries of the list that it was opened from.
PARAMETERS = tuple(ExaminationFilter.base_filters)
VIEWS = (
    ("À mon tour", {"statut": MY_TURN}),
    ("En retard", {"statut": WAITING, "retard": YES}),
    ("Modifications proposées", {"statut": AMENDED}),
    ("Tout mon territoire", {"statut": EVERYTHING}),
)


def words(typed: str) -> Q:
    """Return the condition that an event has all these words in its title, organizer or place; or this label number."""
    text = typed.strip()
    if not text:
        return Q()
    found = dict.fromkeys(sort_key(text).split())
    every = reduce(and_, (Q(trigram_key__contains=word) for word in found), Q()) or Q(pk__in=[])
    return every | Q(label_number__icontains=text)


def view_of(data) -> str:
    """Return the part of an address that says which view of the queue it belongs to, as a query string."""
    kept = QueryDict(mutable=True)
    for name in PARAMETERS:
        if data.get(name):
            kept[name] = data[name]
    return kept.urlencode()


class Position(NamedTuple):
    """Where a file stands in a view: « 3 sur 41 », and its neighbours' keys. All empty outside the view."""

    number: int = 0
    total: int = 0
    previous: int | None = None
    next: int | None = None


def with_view(events: EventQuerySet, data: QueryDict, *, user, at: datetime) -> EventQuerySet:
    """Return the events with `view_keys`: those of the view that `data` asks for, in its order; one query more at most.

    Without a view, none.
    """
    if not view_of(data):
        return events.annotate(view_keys=Value([], ArrayField(BigIntegerField())))
    keys = ExaminationFilter(data, user=user, at=at).qs.most_urgent_first().values("pk")
    return events.annotate(view_keys=ArraySubquery(keys))


def position(event: Event) -> Position:
    """Return where a file that was read `with_view` stands in it."""
    # A view whose filter is wrong is no array at all.
    keys = event.view_keys or []
    if event.pk not in keys:
        return Position()
    index = keys.index(event.pk)
    after = keys[index + 1] if index + 1 < len(keys) else None
    return Position(index + 1, len(keys), keys[index - 1] if index else None, after)
