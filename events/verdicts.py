"""The findings of many files at once, as the page of one file shows them."""

from collections.abc import Sequence

from events.eligibility import assess
from events.facts import facts_of, has_foreign_code, others_with
from events.findings import ByUrgency, by_urgency
from events.models import Event


def verdicts(events: Sequence[Event]) -> list[ByUrgency]:
    """Return the findings of each event, faults first.

    The events are read `for_steps()`. One query for all postal codes that are not their commune's, and one for each
    territory's dates.
    """
    others = others_with({event.postal_code for event in events if has_foreign_code(event)})
    windows = {}
    found = []
    for event in events:
        where = event.edition_id, event.department_id
        if where not in windows:
            windows[where] = event.edition.label_window(event.department)
        facts = facts_of(event, others=others.get(event.postal_code, ()))
        found.append(by_urgency(assess(facts, windows[where])))
    return found
