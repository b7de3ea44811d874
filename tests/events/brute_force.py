"""What each filter should find, told a second time in plain Python over the rows, and states to try it with."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from unicodedata import combining, normalize
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from events.enums import Accessibility, AccessMode, AttendanceMode, Audience
from semaine.geometry import distance_km
from tests import factories
from tests.events.programme_of_2000 import (
    CURRENT,
    FIRST_DAY,
    FORMATS,
    HIDDEN,
    LAST_DAY,
    ORGANIZERS,
    PAST,
    SECRET_ORGANIZER,
    SECTORS,
    SUMMARY_WORDS,
    TITLE_WORDS,
    TOPICS,
    VENUE_WORDS,
    Row,
    slug_of,
    zone_of,
)

State = dict[str, list[str]]
PARIS = ZoneInfo("Europe/Paris")
PLACES = ("region", "departement", "commune", "pres", "bbox")
UNCOUNTED = {"commune", "organisateur"}
PRESETS = ("aujourdhui", "demain", "week-end", "cette-semaine")
# What a person types, and the commune that it means.
TYPED = {
    "Belfort": "90010",
    "97400": "97411",
    "02738": "02738",
    "Saint-Denis (93, Seine-Saint-Denis)": "93066",
}
INVENTED = (*TITLE_WORDS, *SUMMARY_WORDS, *VENUE_WORDS, *ORGANIZERS)


def query(state: State) -> str:
    return urlencode(state, doseq=True)


def found(rows: Iterable[Row], state: State, year: int, at: datetime) -> set[int]:
    """Return the numbers of the rows that a list shows."""
    return {row.number for row in on_show(rows, state, year, at) if not refusals(row, state, at)}


def on_show(rows: Iterable[Row], state: State, year: int, at: datetime) -> list[Row]:
    """Return the rows that a list could show, whatever it filters; none when a value is wrong.

    Each with the slots that count: those to come, or all where what is over is shown too.
    """
    shows_all = is_over(year, at) or state.get("passes") == ["oui"]
    counted = [row if shows_all else row.to_come(at) for row in public(rows, state, year)]
    return [row for row in counted if row.slots]


def over(rows: Iterable[Row], state: State, year: int, at: datetime) -> set[int]:
    """Return the numbers of the rows that a list hides only because they are over."""
    return found(rows, state | {"passes": ["oui"]}, year, at) - found(rows, state, year, at)


def everywhere(rows: Iterable[Row], state: State, year: int, at: datetime) -> set[int]:
    """Return the numbers of the online rows that only a place leaves out."""
    return {
        row.number
        for row in on_show(rows, state, year, at)
        if row.mode == "en-ligne" and refusals(row, state, at) <= {*PLACES}
    }


def counts(rows: Iterable[Row], state: State, year: int, at: datetime) -> dict[str, dict[str, int]]:
    """Return how many rows each choice would show, those with none left out."""
    shown = [(row, refusals(row, state, at)) for row in on_show(rows, state, year, at)]
    numbers = {
        facet: Counter(choice for row, refused in shown if refused <= {facet} for choice in choices(row, at))
        for facet, choices in CHOICES.items()
        if facet not in UNCOUNTED and (facet != "jour" or not is_over(year, at))
    }
    # All the codes of this one are wanted together: one more choice narrows.
    narrowed = (row for row, refused in shown if not refused)
    numbers["accessibilite"] = Counter(code for row in narrowed for code in row.accessibility)
    return {facet: dict(each) for facet, each in numbers.items() if each}


def in_order(rows: Iterable[Row], state: State, year: int, at: datetime) -> list[int]:
    """Return the numbers of these rows in the order of a list."""
    centre = near(state) if state.get("tri") == ["distance"] else None

    def key(row: Row):
        far = distance_km(*centre, *row.point) if centre else 0
        coming = row.slots if is_over(year, at) else [slot for slot in row.slots if slot[1] > at]
        if not coming:
            return far, True, date.max, row.is_lasting, at, row.number
        start = min(coming)[0]
        return far, False, start.astimezone(row.zone).date(), row.is_lasting, start, row.number

    return [row.number for row in sorted(rows, key=key)]


def public(rows: Iterable[Row], state: State, year: int) -> list[Row]:
    """The rows of the edition that may be seen; none when a value is wrong."""
    wrong = state.get("organisateur") == [slug_of(SECRET_ORGANIZER)]
    return [] if wrong else [row for row in rows if row.is_public and row.year == year]


def is_over(year: int, at: datetime) -> bool:
    return at.astimezone(PARIS).date() > date(year, *LAST_DAY)


def near(state: State) -> tuple[float, float] | None:
    [typed] = state.get("ou", [""])
    [asked] = state.get("pres", [""])
    code = TYPED.get(typed) or asked
    if code in factories.COMMUNES:
        return factories.COMMUNES[code][4:6]
    return tuple(map(float, code.split(","))) if code else None


def refusals(row: Row, state: State, at: datetime) -> set[str]:
    """Return the names of the filters that leave a row out."""
    asked = {name: set(values) - {""} for name, values in state.items()}
    refused = {
        name
        for name, values in asked.items()
        if values and name in CHOICES and values.isdisjoint(CHOICES[name](row, at))
    }
    if not asked.get("accessibilite", set()) <= row.accessibility:
        refused.add("accessibilite")
    if words := "".join(asked.get("q", ())):
        refused |= set() if _has_words(row, words) else {"q"}
    return refused | _refused_days(row, state) | _refused_points(row, state)


def _refused_days(row: Row, state: State) -> set[str]:
    [first] = state.get("du", [""])
    [last] = state.get("au", [""])
    if not first and not last:
        return set()
    # ISO days sort as they follow each other.
    open_then = any((first or "0") <= day.isoformat() <= (last or "9") for day in row.days)
    return set() if open_then else {"du"}


def _refused_points(row: Row, state: State) -> set[str]:
    refused = set()
    if centre := near(state):
        [km] = state.get("rayon", ["30"])
        if row.point is None or distance_km(*centre, *row.point) > int(km or 30):
            refused.add("pres")
    if box := state.get("bbox", [""])[0]:
        west, south, east, north = map(float, box.split(","))
        if row.point is None or not (south <= row.point[0] <= north and west <= row.point[1] <= east):
            refused.add("bbox")
    return refused


def _has_words(row: Row, typed: str) -> bool:
    """Every word is there, the last one perhaps only begun."""
    *whole, last = plain(typed).split()
    commune = factories.COMMUNES[row.commune][0] if row.commune else ""
    there = plain(f"{row.title} {row.summary} {row.venue} {row.organizer} {commune}").split()
    return set(whole) <= set(there) and any(word.startswith(last) for word in there)


@cache
def plain(text: str) -> str:
    """Without accents, case or full stop."""
    letters = normalize("NFD", text.lower().replace(".", ""))
    return "".join(each for each in letters if not combining(each))


def _presets(row: Row, at: datetime) -> list[str]:
    """Return the words whose days, from today there, are days of the row."""
    today = at.astimezone(row.zone).date()
    week = [today + timedelta(days=n - today.weekday()) for n in range(7)]
    days = {
        "aujourdhui": [today],
        "demain": [today + timedelta(days=1)],
        "week-end": week[5:],
        "cette-semaine": week,
    }
    return [name for name in PRESETS if any(day in row.days for day in days[name] if day >= today)]


# The values under which a row stands, by parameter. Only a facet's are counted.
CHOICES = {
    "commune": lambda row, at: [row.commune],
    "organisateur": lambda row, at: [slug_of(row.organizer)],
    "region": lambda row, at: [row.territory[1]] if row.territory[1] else [],
    "departement": lambda row, at: [row.territory[0]] if row.commune else [],
    "public": lambda row, at: row.audiences,
    "nature": lambda row, at: [row.format],
    "filiere": lambda row, at: row.sectors,
    "theme": lambda row, at: row.topics,
    "mode": lambda row, at: [row.mode],
    "acces": lambda row, at: [row.access],
    "jour": _presets,
}


# States of the query string, as hypothesis draws them.
def _codes(codes, most: int = 3):
    """A few codes, sometimes with the empty value that a form sends for "all"."""
    return st.lists(st.sampled_from(["", *codes]), min_size=1, max_size=most, unique=True)


def _one_of(*values):
    return st.sampled_from([[value] for value in ("", *values)])


@st.composite
def _boxes(draw):
    latitude, longitude = draw(st.sampled_from(list(factories.COMMUNES.values())))[4:6]
    tall, wide = draw(st.sampled_from([(0.0, 0.0), (0.5, 0.5), (3.0, 8.0), (90.0, 180.0)]))
    south, north = max(latitude - tall, -90), min(latitude + tall, 90)
    return [f"{max(longitude - wide, -180)},{south},{min(longitude + wide, 180)},{north}"]


@st.composite
def _searches(draw):
    *whole, last = draw(st.lists(st.sampled_from([*INVENTED, "Belfort", "cayenne"]), min_size=1, max_size=2))
    return [" ".join([*whole, last[: draw(st.sampled_from([4, 5, None]))]])]


_days = st.integers(-1, 37).map(lambda n: [(date(CURRENT, *FIRST_DAY) + timedelta(days=n)).isoformat()])
_points = st.sampled_from([["47.5,7.2"], ["-20.9,55.5"], ["48.94,2.36"], ["16.27,-61.5"]])
VALUES = {
    "region": _codes(factories.REGIONS),
    "departement": _codes(factories.DEPARTMENTS),
    "commune": _codes(factories.COMMUNES),
    "pres": _one_of(*factories.COMMUNES) | _points,
    "ou": _one_of(*TYPED),
    "du": _days,
    "au": _days,
    "jour": _one_of(*PRESETS),
    "public": _codes(Audience.values),
    "nature": _codes(FORMATS),
    "filiere": _codes(SECTORS),
    "theme": _codes(TOPICS),
    "mode": _codes(AttendanceMode.values, most=2),
    "acces": _codes(AccessMode.values, most=2),
    "accessibilite": _codes(Accessibility.values, most=2),
    "organisateur": _one_of(*map(slug_of, (*ORGANIZERS, SECRET_ORGANIZER))),
    "passes": _one_of("oui"),
    "bbox": _boxes(),
    "q": _searches(),
}
# Six filters at random leave nothing; three leave something to compare.
MOST = 3


@st.composite
def states(draw, most: int) -> State:
    # Half the people ask for a place, and there are many ways to.
    where = draw(st.sampled_from([[], [], [], *([name] for name in (*PLACES, "ou"))]))
    others = st.sampled_from(sorted(VALUES.keys() - set(where)))
    names = [*where, *draw(st.lists(others, min_size=1, max_size=most - len(where), unique=True))]
    state = {name: draw(VALUES[name]) for name in sorted(names)}
    if {"du", "au"} <= state.keys():
        state["du"], state["au"] = sorted([state["du"], state["au"]])
    if near(state):
        state["tri"] = draw(_one_of("date", "distance"))
        state["rayon"] = draw(_one_of("5", "50", "100"))
    return state


@st.composite
def moments(draw, rows: list[Row], year: int) -> datetime:
    """Before, during or after the edition, often where something turns: the end of a slot, a local midnight."""
    blink = timedelta(microseconds=draw(st.sampled_from([-1, 0, 1])))
    if draw(st.booleans()):
        ends = [row.slots[-1][1] for row in rows if row.year == year]
        return draw(st.sampled_from(ends)) + blink
    zone = zone_of(draw(st.sampled_from(sorted(factories.COMMUNES))))
    day = date(year, *FIRST_DAY) + timedelta(days=draw(st.integers(-2, 38)))
    hour = draw(st.sampled_from([0, 0, 10, 23]))
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC) + blink


@st.composite
def situations(draw, rows: list[Row], most: int = MOST) -> tuple[State, int, datetime]:
    """Draw what is asked, of which edition, and when; `most` filters together."""
    year = draw(st.sampled_from([CURRENT, CURRENT, CURRENT, PAST, HIDDEN]))
    state = draw(states(most))
    if draw(st.booleans()):
        # An edition that is not published is wrong to name, and shows nothing anyway.
        state["edition"] = [str(year)]
    return state, year, draw(moments(rows, year))
