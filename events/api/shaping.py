"""How much of an event's document is given, and in which language: what the address asks for, as OpenAgenda has it."""

from events.api.event_fields import FIELDS

FRENCH = "fr"
# What a program needs to know an event again.
ALWAYS = "uid"


def _members(schema: dict) -> list[str]:
    """Return the names of an object's members, of one that may be null too."""
    return [name for each in (schema, *schema.get("oneOf", ())) for name in each.get("properties", ())]


NAMES = {
    *FIELDS,
    *(f"{name}.{member}" for name, (_, schema) in FIELDS.items() for member in _members(schema)),
}


def shaped(told: dict, *, names: list[str], language: str) -> dict:
    """`names`: fields, or members of fields as « location.city »; none of them stands for all."""
    chosen = _chosen(told, {ALWAYS, *names}) if names else told
    return plain(chosen) if language else chosen


def _chosen(told: dict, names: set[str]) -> dict:
    found = {}
    for name, value in told.items():
        members = {each.partition(".")[2] for each in names if each.partition(".")[0] == name}
        if not members:
            continue
        part = isinstance(value, dict) and "" not in members
        found[name] = {each: value[each] for each in value if each in members} if part else value
    return found


def plain(value):
    """Return the value with each text in French alone instead of by language, None where there is none."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() <= {FRENCH}:
        return value.get(FRENCH)
    return {name: plain(each) for name, each in value.items()}
