"""Which backups are kept: the last of each of the latest days, weeks and months."""

from collections.abc import Callable
from datetime import datetime

# From the counts' order in `BACKUP_KEEP` to what makes two moments the same period.
PERIODS: tuple[Callable[[datetime], tuple], ...] = (
    lambda at: (at.year, at.month, at.day),
    lambda at: at.isocalendar()[:2],
    lambda at: (at.year, at.month),
)


def to_keep(moments: list[datetime], counts: tuple[int, int, int]) -> set[datetime]:
    """Return the moments to keep: for each period the last of each of its `counts` latest that have one.

    Periods are counted where there is a backup: a site that stood still for a year loses nothing. The latest moment
    of all is always kept.
    """
    kept = {max(moments)} if moments else set()
    for period, count in zip(PERIODS, counts, strict=True):
        last = {period(at): at for at in sorted(moments)}
        kept |= {last[each] for each in sorted(last, reverse=True)[:count]}
    return kept
