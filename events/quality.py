"""What is probably a slip in the events of a territory, and where it is put right."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery, Value, Window
from django.urls import reverse

from events import places
from events.dashboard_scope import Scope
from events.enums import Transition
from events.models import Event, Note
from events.quality_asks import PARTICIPANTS, PICTURE, TITLE, Ask
from events.querysets import EventQuerySet
from events.transitions import TRANSITIONS, WorkflowError, starts
from events.workflow import leave, locked
from organizers.models import Organization
from semaine.models import Edition
from semaine.text import count

SHOWN = 20
PLACE, PLACED = "Placer à l’adresse", "Le point est placé à l’adresse."


@dataclass(frozen=True)
class Check:
    """One kind of slip: `find` narrows the events once sent that are still in the running or at the programme."""

    title: str
    help: str
    find: Callable[[EventQuerySet], EventQuerySet]
    ask: Ask | None = None  # what the organizer is asked; None: the page itself can put it right


CHECKS = (
    Check(
        "Points approximatifs",
        "L’événement donne une adresse, mais la carte le montre au centre de la commune.",
        EventQuerySet.roughly_placed,
    ),
    Check(
        "Titres d’essai",
        "Le titre ressemble à un essai. Le bouton renvoie le dossier pour un vrai titre ; s’il n’est plus à l’examen, "
        "il le demande par courriel.",
        EventQuerySet.named_like_a_trial,
        TITLE,
    ),
    Check(
        "Sans image",
        "L’organisateur peut ajouter une image sans perdre son label. Le bouton le lui demande par courriel, une fois.",
        EventQuerySet.without_picture,
        PICTURE,
    ),
    Check(
        "Participants invraisemblables",
        "Plus que les places de tous les créneaux, ou plus que ce qu’un lieu reçoit en un jour. Le bouton renvoie le "
        "dossier pour correction ; s’il n’est plus à l’examen, il la demande par courriel.",
        EventQuerySet.crowded,
        PARTICIPANTS,
    ),
)


class Slip(NamedTuple):
    """An event as a line of the list."""

    pk: int
    title: str
    department: str | None
    status: str
    version: int
    asked_at: datetime | None

    @property
    def can_be_placed(self) -> bool:
        return self.status in TRANSITIONS[Transition.EDIT].sources


@dataclass(frozen=True)
class Found:
    check: Check
    slips: list[Slip]
    total: int

    @property
    def lines(self) -> list[tuple[Slip, str]]:
        """Each slip with the words of its button, if it has one."""
        return [(slip, _button(self.check.ask, slip)) for slip in self.slips]

    @property
    def words(self) -> str:
        words = count(self.total, "événement")
        return words if len(self.slips) == self.total else f"{words}, dont les {len(self.slips)} premiers"


@dataclass(frozen=True)
class Alike:
    """Organizations of the same name, legal form and accents aside, and the events of them all."""

    organizations: list[Organization]

    @property
    def url(self) -> str:
        asked = urlencode({"statut": "tous", "q": self.organizations[0].name})
        return f"{reverse('admin:events_event_changelist')}?{asked}"

    @property
    def pairs(self) -> list[tuple[Organization, Organization]]:
        """The first with each of the others: two are compared at a time."""
        first, *others = self.organizations
        return [(first, other) for other in others]


def found(scope: Scope, edition: Edition) -> list[Found]:
    """Return what each check finds, the first ones of each. One query."""
    events = scope.events.filter(edition=edition).correctable()
    first, *others = (_rows(place, check, events) for place, check in enumerate(CHECKS))
    slips, totals = defaultdict(list), defaultdict(int)
    for place, total, *slip in first.union(*others, all=True):
        slips[place].append(Slip(*slip))
        totals[place] = total
    return [Found(check, slips[place], totals[place]) for place, check in enumerate(CHECKS)]


def _rows(place: int, check: Check, events: EventQuerySet):
    rows = check.find(events).order_by("first_starts_at", "pk")
    rows = rows.annotate(check_place=Value(place), total=Window(Count("pk")))
    notes = Note.objects.filter(event=OuterRef("pk"), asked=check.ask.code if check.ask else "-")
    rows = rows.annotate(asked_at=Subquery(notes.values("at")))
    columns = ("pk", "title", "department__name", "status", "version", "asked_at")
    return rows.values_list("check_place", "total", *columns)[:SHOWN]


def _button(ask: Ask | None, slip: Slip) -> str:
    """Return the words of the button that puts a slip right; nothing when there is nothing to press."""
    if ask is None:
        return PLACE if slip.can_be_placed else ""
    if ask.sends(slip.status):
        return "Renvoyer pour correction"
    return "" if slip.asked_at else "Demander par courriel"


def namesakes(scope: Scope, edition: Edition) -> list[Alike]:
    """Return the organizations of the edition that bear the same name. One query."""
    events = scope.events.filter(edition=edition)
    by_name = {}
    for each in events.organizations().namesakes():
        by_name.setdefault(each.name_key, []).append(each)
    return [Alike(each) for each in by_name.values() if len(each) > 1]


def place_at_address(event: Event, *, by, at: datetime) -> str:
    """Put a labelled event's point where the address service finds its address; return what was done.

    Logged, and the public sees it.

    It asks the service before it locks the row. Raises `WorkflowError`.
    """
    point = places.located(event.address, event.postal_code, event.commune)
    if not point:
        raise WorkflowError(
            "Le service d’adresses ne trouve pas cette adresse : placez le point avec l’organisateur."
        )
    with transaction.atomic():
        _placed(event, point, by=by, at=at)
    return PLACED


def _placed(event: Event, point: dict, *, by, at: datetime) -> Event:
    read, event = event, locked(event)
    if not starts(event, Transition.EDIT):
        raise WorkflowError("Le point d’un événement sans label se corrige avec l’organisateur.")
    if event.version != read.version or event.point_source:
        raise WorkflowError("L’événement vient de changer : relisez la liste.")
    for name, value in point.items():
        setattr(event, name, value)
    event.version += 1
    places.settle(event)
    return leave(event, Transition.EDIT, by=by, at=at, comment=PLACED)
