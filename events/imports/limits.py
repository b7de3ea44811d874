"""How much a file may hold, and the one sentence that says no."""

MOST_ROWS = 5_000
MOST_BYTES = 10_000_000
MOST_COLUMNS = 60
MOST_SLOTS = 800
LONGEST_CELL = 12_000
# All the cells of a file together: what repeats one long text a thousand times stays small on disk.
MOST_TEXT = 20_000_000


class Refused(Exception):
    """A file that is not read any further; the message is one French sentence."""
