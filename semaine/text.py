"""French text: keys to sort and compare names by, and the spaces of French typography."""

import re
import unicodedata
from functools import lru_cache

NBSP = "\u00a0"
# What XML, spreadsheets and calendars all refuse, and no text needs; line breaks and tabs are text.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """Return `name` without accents, case or punctuation: « Évry-Courcouronnes » gives "evry courcouronnes".

    The database's collation is C.UTF-8, which sorts "É" after "Z": names are sorted by this key.
    """
    letters = unicodedata.normalize("NFKD", name).lower().replace("œ", "oe").replace("æ", "ae")
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


def without_controls(text: str) -> str:
    """Return the text without control characters, its lines parted by a line feed."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def place_key(name: str) -> str:
    """Return the key under which a typed place name is compared: "ST ETIENNE CEDEX 2" gives "saint etienne"."""
    key = re.sub(r"\bcedex( \d+)?$", "", sort_key(name)).strip()
    key = re.sub(r"\bst\b", "saint", key)
    return re.sub(r"\bste\b", "sainte", key)


def join_words(words, last: str = "et") -> str:
    """Return « a, b et c » for ["a", "b", "c"]."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(number: int, singular: str, plural: str = "") -> str:
    """Return the number with its noun, as French agrees them: « 0 événement », « 1 200 événements »."""
    noun = singular if number < 2 else plural or f"{singular}s"
    return f"{thousands(number)}{NBSP}{noun}"


def thousands(number: int) -> str:
    """Return 7400 as « 7 400 », with a non-breaking space."""
    return f"{number:,}".replace(",", "\u00a0")
