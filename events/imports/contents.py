"""One line of a file to what `drafting` writes, with every fault named: the column, what was found, what is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError

from events.enums import AttendanceMode, PointSource, Precision
from events.imports.cells import Wrong
from events.imports.columns import BY_KEY
from events.imports.limits import LONGEST_CELL
from events.imports.slots import Slot, WrittenSlot, placed
from events.models import Event
from semaine.dates import HOME_ZONE
from semaine.models import Commune
from semaine.text import place_key, thousands

FOUND = 80  # characters of a cell that are repeated
EMPTY = "vide"
HALF_SLOT = "Le créneau n’est pas importé tant qu’il y manque le jour, le début ou la fin."
# What an empty cell of a column stands for; an empty text for all others.
BLANK = {
    **dict.fromkeys(("sector_codes", "topic_codes", "audience_codes", "accessibility_codes", "other_slots"), ()),
    **dict.fromkeys(
        ("is_free", "capacity", "expected_participants", "age_min", "age_max", "latitude", "longitude",
         "day", "start", "end", "registration"),
    ),
    "attendance_mode": AttendanceMode.ONSITE,
}  # fmt: skip
# The keys that name no field of an event: they become something else.
SLOTS = ("day", "start", "end", "other_slots")
TYPED = ("typed_region", "typed_department")
POINT = ("latitude", "longitude")
NO_FIELDS = {*SLOTS, *TYPED, *POINT, "city", "commune_code", "registration"}

REMEMBERED = 60  # characters: of longer cells few are like another

Resolve = Callable[[str, str, str], Commune]
# The value of a cell, by the key of its column; that of an empty one where it is wrong, and why.
Parse = Callable[[str, str], tuple[object, Wrong | None]]


class Remark(NamedTuple):
    """What is to be said of a line. `message` is said instead where a rule has words of its own.

    An error leaves the line out; a lack keeps its event from being sent; else it is only worth a look.
    """

    column: str
    found: str
    wanted: str
    message: str = ""
    is_error: bool = True
    is_lack: bool = False

    @property
    def sentence(self) -> str:
        return self.message or f"trouvé : « {self.found} » ; attendu : {self.wanted}."


@dataclass
class Contents:
    """`values` and `slots` are for `drafting`; slots None: the file has no column of dates."""

    values: dict = field(default_factory=dict)
    slots: list[Slot] | None = None
    typed: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def say(self, key: str, cell: str, wanted: str, message: str = "", is_error: bool = True) -> None:
        found = cell if len(cell) <= FOUND else f"{cell[:FOUND]}…"
        self.remarks.append(Remark(BY_KEY[key].name, found or EMPTY, wanted, message, is_error))

    def lack(self, key: str, wanted: str, message: str) -> None:
        self.remarks.append(Remark(BY_KEY[key].name, EMPTY, wanted, message, is_error=False, is_lack=True))

    @property
    def has_half_slot(self) -> bool:
        return any(remark.is_lack for remark in self.remarks)

    @property
    def faulty(self) -> set[str]:
        return {remark.column for remark in self.remarks}


def parser(choices) -> Parse:
    """Return what reads the cell of a column, and remembers it: the lines of a file are much alike."""

    def parse(key: str, cell: str) -> tuple[object, Wrong | None]:
        column = BY_KEY[key]
        try:
            if len(cell) > LONGEST_CELL:
                raise Wrong(f"{thousands(LONGEST_CELL)} caractères au plus", f"{cell[:FOUND]}…")
            if cell.startswith("="):
                raise Wrong("une valeur, pas une formule")
            return column.read(cell, choices.get(column.list, {})), None
        except Wrong as wrong:
            return wrong.kept or BLANK.get(key, ""), wrong

    remembering = lru_cache(4096)(parse)
    return lambda key, cell: (remembering if len(cell) <= REMEMBERED else parse)(key, cell)


def read(
    cells: Mapping[str, str],
    parse: Parse,
    resolve: Resolve,
    event: Event | None = None,
    lenient: bool = False,
) -> Contents:
    """Return what a line says. `cells` by the keys of the file's columns; `event`: the one it corrects.

    `lenient`: the file has lists of its own, so a value that is in none of ours is told, and left out.
    """
    contents = Contents()
    parsed = {key: _parsed(key, cell, parse, contents, lenient) for key, cell in cells.items()}
    contents.values = {key: value for key, value in parsed.items() if key not in NO_FIELDS}
    for key in ("sector_codes", "topic_codes", "audience_codes", "accessibility_codes"):
        if key in parsed:
            contents.values[key] = list(parsed[key])
    contents.typed = {key: parsed[key] for key in TYPED if parsed.get(key)}
    if "registration" in parsed:
        kind, value = parsed["registration"] or ("", "")
        contents.values |= {"registration_kind": kind, "registration_value": value}
    commune = _settle_place(cells, parsed, resolve, contents, event)
    _settle_slots(cells, parsed, commune, contents)
    if event and contents.has_half_slot:
        contents.slots = None
    _check_ages(cells, contents)
    return contents


def _parsed(key: str, cell: str, parse: Parse, contents: Contents, lenient: bool):
    """Return the value of a cell; that of an empty one where it is wrong, which is then said."""
    if not cell:
        return BLANK.get(key, "")
    value, wrong = parse(key, cell)
    if wrong:
        is_error = not (lenient and BY_KEY[key].list)
        contents.say(key, wrong.found or cell, wrong.wanted, is_error=is_error)
    return value


def _settle_place(cells, parsed, resolve: Resolve, contents: Contents, event: Event | None) -> Commune | None:
    """Find the commune and the point; return the commune in whose time the slots are."""
    values = contents.values
    kept = event.commune if event else None
    mode = AttendanceMode(values.get("attendance_mode") or (event.mode if event else AttendanceMode.ONSITE))
    if not mode.has_place:
        return None
    has_commune = "city" in cells or "commune_code" in cells
    if has_commune:
        values["commune"] = _commune(parsed, resolve, contents)
    commune = values.get("commune") if has_commune else kept
    latitude, longitude = (parsed.get(name) for name in POINT)
    if (latitude is None) != (longitude is None):
        missing = POINT[0] if latitude is None else POINT[1]
        contents.say(missing, cells.get(missing, ""), "la latitude et la longitude, ou aucune des deux")
    elif latitude is not None:
        values |= {"latitude": latitude, "longitude": longitude, "point_source": PointSource.HAND}
        values |= {"precision": Precision.ADDRESS, "geocoding_score": None}
    elif commune != kept or _has_moved(event, values):
        # The point of the place before says nothing of this one.
        values["point_source"] = ""
    return commune


def _has_moved(event: Event | None, values: dict) -> bool:
    """Is the address another than the one that the address service has found? A point by hand stays."""
    if event is None or event.point_source != PointSource.ADDRESS_SERVICE:
        return False
    return any(
        values.get(name, getattr(event, name)) != getattr(event, name) for name in ("address", "postal_code")
    )


def _commune(parsed, resolve: Resolve, contents: Contents) -> Commune | None:
    city, code = parsed.get("city", ""), parsed.get("commune_code", "")
    if not city and not code:
        return None
    try:
        commune = resolve(city, parsed.get("postal_code", ""), code)
    except ValidationError as error:
        contents.say("city" if city else "commune_code", city or code, "une commune de France", error.message)
        return None
    if city and commune.pk == code and place_key(city) != commune.place_key:
        message = f"Le code INSEE {code} est celui de {commune.name} : c’est la commune retenue."
        contents.say("city", city, commune.name, message, is_error=False)
    return commune


def _settle_slots(cells, parsed, commune: Commune | None, contents: Contents) -> None:
    if not any(key in cells for key in SLOTS):
        return
    contents.slots = []
    zone = commune.timezone if commune else HOME_ZONE
    first = [parsed.get(key) for key in ("day", "start", "end")]
    missing = [key for key in ("day", "start", "end") if parsed.get(key) is None]
    written = list(parsed.get("other_slots", ()))
    if not missing:
        written.insert(0, WrittenSlot(*first))
    elif len(missing) < 3:
        for key in missing:
            if BY_KEY[key].name not in contents.faulty:
                contents.lack(key, f"une réponse : le créneau a besoin de « {BY_KEY[key].name} »", HALF_SLOT)
    try:
        contents.slots = placed(written, zone)
    except Wrong as wrong:
        contents.say("other_slots" if missing or len(written) > 1 else "end", wrong.found, wrong.wanted)


def _check_ages(cells, contents: Contents) -> None:
    least, most = (contents.values.get(key) for key in ("age_min", "age_max"))
    if least is not None and most is not None and least > most:
        contents.say("age_max", cells["age_max"], f"au moins l’âge minimum, {least}")
