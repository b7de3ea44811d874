"""The addresses around a filter state: each tells the whole of another state, to share or to come back to."""

from dataclasses import dataclass

from django.forms import MultipleChoiceField
from django.http import QueryDict

from events.enums import AttendanceMode
from events.filters import BY_DISTANCE, BY_RELEVANCE, ORDERS, PLACES, ProgrammeFilter
from events.suggestions import Suggestion
from semaine.dates import day_words
from semaine.text import NBSP, count, join_words

# What makes no sense without what it completes.
COMPLETED = {"pres": ("rayon", BY_DISTANCE), "ou": ("rayon", BY_DISTANCE), "q": (None, BY_RELEVANCE)}
NO_TAG = ("edition", "rayon", "tri")


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


def tags(filterset: ProgrammeFilter, path: str) -> list[Link]:
    """Return the active filters, each with the address that removes it."""
    return [
        Link(_words(filterset, name, value), _without_one(filterset, path, name, value))
        for name in filterset.filters
        if name not in NO_TAG
        for value in _asked(filterset, name)
        if not filterset.is_valid() or filterset.values[name]
    ]


def _asked(filterset: ProgrammeFilter, name: str) -> list[str]:
    """Return the values of a parameter that count, once each: the last one where there can be only one."""
    given = filterset.data.getlist(name)
    counting = given if _takes_several(filterset, name) else given[-1:]
    return [value for value in dict.fromkeys(counting) if value]


def _takes_several(filterset: ProgrammeFilter, name: str) -> bool:
    return isinstance(filterset.form.fields[name], MultipleChoiceField)


def _without_one(filterset: ProgrammeFilter, path: str, name: str, value: str) -> str:
    """Where there can be only one value, none of those given before it comes back in its place."""
    return without(filterset.data, path, name, value if _takes_several(filterset, name) else None)


def without(data: QueryDict, path: str, name: str, value: str | None = None) -> str:
    """Return the address of the same state without a value of a parameter, or without the whole of it."""
    left = data.copy()
    left.setlist(name, [each for each in data.getlist(name) if value is not None and each != value])
    companion, order = COMPLETED.get(name, (None, None))
    for gone in ("page", companion, "tri" if order and data.get("tri") == order else None):
        left.pop(gone, None)
    query = left.urlencode()
    return f"{path}?{query}" if query else path


def orders(filterset: ProgrammeFilter, path: str) -> list[Link]:
    """Return the orders that this state allows; none when there is only one."""
    allowed = {BY_DISTANCE: filterset.near, BY_RELEVANCE: filterset.values.get("q")}
    links = [
        Link(label, with_value(filterset.data, path, "tri", code), code == filterset.order)
        for code, label in ORDERS
        if allowed.get(code, True)
    ]
    return links if len(links) > 1 else []


def with_value(data: QueryDict, path: str, name: str, value: str) -> str:
    """Return the address of the same state with this one value of a parameter, from its first page."""
    changed = data.copy()
    changed[name] = value
    changed.pop("page", None)
    return f"{path}?{changed.urlencode()}"


def questions(filterset: ProgrammeFilter, path: str) -> list[Link]:
    """Return the places that an unclear one may mean, each with its address."""
    errors = filterset.form.errors.as_data()
    left = filterset.data.copy()
    left.pop("ou", None)
    return [
        Link(words, with_value(left, path, "pres", code))
        for error in [*errors.get("pres", []), *errors.get("ou", [])]
        for code, words in getattr(error, "choices", [])
    ]


def _words(filterset: ProgrammeFilter, name: str, value: str) -> str:
    field = filterset.form.fields[name]
    label = dict(getattr(field, "choices", ())).get(value)
    if label:
        return label
    if name not in filterset.values:
        return f"{field.label}{NBSP}: {value[:40]}"
    if name == "q":
        return f"«{NBSP}{value}{NBSP}»"
    return _cleaned_words(filterset, name, value)


def _cleaned_words(filterset: ProgrammeFilter, name: str, value: str) -> str:
    cleaned = filterset.values[name]
    if name in ("pres", "ou"):
        return f"À moins de {filterset.radius}{NBSP}km de {cleaned.label}"
    if name == "commune":
        return next((each.name for each in cleaned if each.code == value), value)
    if name == "organisateur":
        return filterset.form.organizer_name
    if name == "bbox":
        return filterset.form.fields[name].label
    prefix = {"du": "À partir du", "au": "Jusqu’au"}[name]
    return f"{prefix} {day_words(cleaned)}"


def canonical(filterset: ProgrammeFilter, path: str) -> str:
    """Return the address to go to when a place was typed: the same state, with its code. Nothing when it has one."""
    data = filterset.data
    if "ou" not in data or "ou" in filterset.form.errors:
        return ""
    left = QueryDict(mutable=True)
    for name, values in data.lists():
        left.setlist(name, [value for value in values if value and name not in ("ou", "pres")])
    if near := filterset.form.cleaned_data["ou"]:
        left["pres"] = near.code
    else:
        _forget_place(left)
    query = left.urlencode()
    return f"{path}?{query}" if query else path


def cleared(filterset: ProgrammeFilter, path: str) -> str:
    """Return the address without any filter, of the same edition."""
    year = filterset.data.get("edition", "").strip()
    if year == str(filterset.edition.year):
        return with_value(QueryDict(mutable=True), path, "edition", year)
    return path


def online(data: QueryDict, path: str) -> str:
    """Return the address of the online events, which no place holds."""
    left = data.copy()
    for name in (*PLACES, "ou"):
        left.pop(name, None)
    _forget_place(left)
    return with_value(left, path, "mode", AttendanceMode.ONLINE)


def _forget_place(data: QueryDict) -> None:
    """Take away what completes a place that is gone: how far from it, and the order by distance."""
    data.pop("rayon", None)
    if data.get("tri") == BY_DISTANCE:
        data.pop("tri")


def suggested(filterset: ProgrammeFilter, suggestion: Suggestion, path: str) -> Link:
    """Return « Essayez « fonderie » : 12 événements », with its address."""
    name, value = suggestion.name, suggestion.value
    if value:
        url = with_value(filterset.data, path, name, value)
        words = f"Jusqu’à {value}{NBSP}km" if name == "rayon" else f"Essayez «{NBSP}{value}{NBSP}»"
    else:
        url = _without_all(filterset.data, path, name)
        words = _other(filterset, name)
    return Link(f"{words}{NBSP}: {count(suggestion.count, 'événement')}", url)


def _without_all(data: QueryDict, path: str, name: str) -> str:
    left = data.copy()
    left.pop({"du": "au", "pres": "ou"}.get(name), None)
    return without(left, path, name)


def _other(filterset: ProgrammeFilter, name: str) -> str:
    if name in ("du", "jour"):
        return "Les autres jours"
    if name in PLACES and not any(other in filterset.conditions for other in PLACES if other != name):
        return "Ailleurs" if name == "bbox" else "Partout en France"
    labels = [_words(filterset, name, value) for value in _asked(filterset, name)]
    if name == "q":
        return f"Sans les mots {labels[0]}"
    filters = "les filtres" if len(labels) > 1 else "le filtre"
    return f"Sans {filters} {join_words(f'«{NBSP}{each}{NBSP}»' for each in labels)}"
