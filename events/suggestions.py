"""Nothing found: which filter to drop and how many events that would give, and which word was perhaps meant."""

from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Count, Q

from events import search
from events.filters import ProgrammeFilter
from semaine.text import sort_key

CLOSE = 0.6
READ = 50
MOST_WORDS = 5
WIDER_KM = 100


@dataclass(frozen=True)
class Suggestion:
    """`name`: the parameter to drop, or to give `value` instead; `count`: how many events that shows."""

    name: str
    count: int
    value: str = ""


def suggestions(filterset: ProgrammeFilter) -> list[Suggestion]:
    """Return what to change, the most fruitful first. One query, two when words were searched."""
    if not filterset.is_valid():
        return []
    changes = _changes(filterset)
    numbers = _events(filterset).aggregate(
        **{str(number): Count("pk", filter=condition) for number, (*_, condition) in enumerate(changes)}
    )
    found = [Suggestion(name, numbers[str(number)], value) for number, (name, value, _) in enumerate(changes)]
    return sorted((each for each in found if each.count), key=lambda each: (not each.value, -each.count))


def _changes(filterset: ProgrammeFilter) -> list[tuple[str, str, Q]]:
    """Return (parameter, value, condition) of each change: without one filter, other words, further away."""
    conditions = filterset.conditions
    changes = [(name, "", _all(conditions, name)) for name in conditions]
    for words in _other_words(filterset):
        changes.append(("q", words, _all(conditions, "q") & search.matches(words)))
    if filterset.near and filterset.radius < WIDER_KM:
        near = filterset.near
        wider = search.within(near.latitude, near.longitude, WIDER_KM)
        changes.append(("rayon", str(WIDER_KM), _all(conditions, "pres") & wider))
    return changes


def _all(conditions: dict[str, Q], aside: str) -> Q:
    kept = Q(pk__isnull=False)
    for name, condition in conditions.items():
        if name != aside:
            kept &= condition
    return kept


def _events(filterset: ProgrammeFilter):
    return filterset.queryset if filterset.shows_all else filterset.queryset.upcoming(filterset.at)


def _other_words(filterset: ProgrammeFilter) -> list[str]:
    """Return the words typed, each unknown one replaced by the nearest in the programme; nothing when none is near."""
    typed = sort_key(filterset.values.get("q") or "").split()[:MOST_WORDS]
    if not typed:
        return []
    alike = [_events(filterset).alike(word).values_list("trigram_key", flat=True)[:READ] for word in typed]
    known = sorted({word for key in alike[0].union(*alike[1:]) for word in key.split()})
    nearest = [next(iter(get_close_matches(word, known, n=1, cutoff=CLOSE)), word) for word in typed]
    return [" ".join(nearest)] if nearest != typed else []
