"""Cards as HTML. Drawing twenty of them is half of a page of the programme: each process keeps those it has drawn.

A card changes with its event, with what stands around the events, and when a slot ends: a label makes one of them
anew. The distance to a place differs from reader to reader, and is put in afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Lock

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString

from events.cards import Card, Place, distance_words
from events.filter_choices import filter_choices
from events.models import Event

# Of some 1.5 KB each.
AT_MOST = 10_000
# Words that change though no slot ends, such as the year, shown when it is another.
LONGEST = timedelta(hours=1)
# Where the distance goes. Nobody can write it into a title.
DISTANCE = token_hex()

_kept: dict[int, "Kept"] = {}
_keeping = Lock()


class DrawnCard(SafeString):
    """The HTML of a card, and of which event."""

    pk: int
    title: str


@dataclass(frozen=True)
class Kept:
    """A card's HTML from one moment to another, without the distance. `state`: what it was drawn of."""

    state: tuple[datetime | None, int]
    since: datetime
    until: datetime
    html: str
    pk: int
    title: str
    place: Place | None

    def fits(self, state: tuple, at: datetime) -> bool:
        return self.state == state and self.since <= at < self.until

    def near(self, near) -> DrawnCard:
        words = distance_words(near, self.place) if near and self.place else ""
        drawn = DrawnCard(self.html.replace(DISTANCE, f", {escape(words)}" if words else ""))
        drawn.pk, drawn.title = self.pk, self.title
        return drawn


def drawn_cards(ids: Sequence[int], at: datetime, structure: int, near=None) -> list[DrawnCard]:
    """Return the cards of these events at a moment, in this order.

    `structure`: that of the site, asked for before the events. `near`: a point in degrees to tell the distance from.
    One query when all are kept, two when none is, three when some are; two more when the structure has changed.
    """
    found = {pk: kept for pk in ids if (kept := _kept.get(pk))}
    changed = dict(Event.objects.filter(pk__in=found).order_by().values_list("pk", "updated_at"))
    found = {pk: found[pk] for pk in changed if found[pk].fits((changed[pk], structure), at)}
    if missing := [pk for pk in ids if pk not in found]:
        formats = filter_choices(structure).formats
        rows = Event.objects.for_list().in_bulk(missing).values()
        drawn = {row.pk: _drawn(Card(row, at, formats, after_place=DISTANCE), structure) for row in rows}
        _keep(drawn)
        found |= drawn
    return [found[pk].near(near) for pk in ids if pk in found]


def forget() -> None:
    """For tests, in which the same number of the structure comes again with other rows."""
    _kept.clear()


def _drawn(card: Card, structure: int) -> Kept:
    html = get_template("components/event_card.html").render({"event": card})
    until = min([card.at + LONGEST, *(slot.ends_at for slot in card.slots if slot.ends_at > card.at)])
    state = card.event.updated_at, structure
    return Kept(state, card.at, until, html, card.event.pk, card.title, card.place)


def _keep(drawn: dict[int, Kept]) -> None:
    """The oldest go."""
    with _keeping:
        for pk in drawn:
            _kept.pop(pk, None)
        _kept.update(drawn)
        for pk in list(_kept)[: max(len(_kept) - AT_MOST, 0)]:
            del _kept[pk]
