"""What was tried and found, as a table for the terminal and for the repository."""

import os
from typing import NamedTuple

import psutil

from semaine.dates import today
from tests.faults.found import Found
from tests.faults.kinds import Fault

HEAD = (
    "| panne | en cours | promis | trouvé | perdu | en double | à refaire |\n|---|---|---|---|---|---|---|\n"
)
WORDS = (
    "**Promis** : ce à quoi le site a répondu « c’est fait » (envois, labels), les courriels qui en découlent, comptés "
    "par leur Message-ID, les lignes importées et les pages publiques des événements labellisés. **À refaire** : "
    "combien de fois quelqu’un a lu qu’il devait réessayer."
)


class Row(NamedTuple):
    """`failures`: how often somebody was told to try again. `why_not`: why the fault could not be had here."""

    fault: Fault
    found: Found
    failures: int = 0
    why_not: str = ""

    @property
    def is_kept(self) -> bool:
        """Was every promise kept, and nobody told to try again where nobody should be?"""
        return not (self.found.lost or self.found.doubled or (self.failures and not self.fault.may_fail))

    def __str__(self):
        if self.why_not:
            return f"| {self.fault.name} | pas essayé : {self.why_not} | | | | | |\n"
        found = self.found
        numbers = (found.promised, found.there, found.lost, found.doubled, self.failures)
        return f"| {self.fault.name} | {self.fault.while_} | {' | '.join(map(str, numbers))} |\n"


def document(rows: list[Row], now) -> str:
    memory = round(psutil.virtual_memory().total / 2**30)
    machine = f"{os.cpu_count()} cœurs, {memory} Go"
    return (
        f"# Pannes essayées\n\n`make faults`, le {today(now):%d/%m/%Y}, {machine}. {WORDS}\n\n{HEAD}"
        + "".join(map(str, rows))
    )
