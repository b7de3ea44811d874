"""What was promised, against what is there."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from events.models import Decision, Event
from semaine.models import OutboxMessage
from tests.faults.work import Job, _ask, public_path
from tests.production.compose import wait_until

TOLD = ("submit", "label")


@dataclass
class Found:
    promised: int = 0
    there: int = 0
    lost: int = 0
    doubled: int = 0

    def __add__(self, other: "Found") -> "Found":
        pairs = ("promised", "there", "lost", "doubled")
        return Found(*(getattr(self, name) + getattr(other, name) for name in pairs))


def compare(job: Job) -> Found:
    """Sendings and labels, label numbers, mails by their Message-ID, and the pages of what bears a label."""
    keys = {key for people in (job.organizers, job.referents) for _, each in people for key in each}
    found = _decisions("submit", job.sent) + _decisions("label", job.labelled)
    return found + _imported(*job.imported) + _numbers(keys) + _mails(job, keys) + _pages(job)


def _imported(lines: int, events: int) -> Found:
    return Found(lines, events, max(0, lines - events), max(0, events - lines))


def _decisions(transition: str, promised: set[int]) -> Found:
    rows = Decision.objects.filter(transition=transition, event__in=promised)
    numbers = dict(rows.values_list("event").annotate(number=Count("pk")))
    doubled = sum(number - 1 for number in numbers.values())
    return Found(len(promised), len(numbers), len(promised) - len(numbers), doubled)


def _numbers(keys: set[int]) -> Found:
    """Numbers follow each other: none is given twice, none is missing."""
    given = Event.objects.exclude(label_number=None).values_list("edition", "department", "label_number")
    by_place = Counter()
    last = Counter()
    for edition, department, number in given:
        by_place[edition, department] += 1
        last[edition, department] = max(last[edition, department], int(number.rsplit("-", 1)[1]))
    missing = sum(last.values()) - sum(by_place.values())
    doubled = len(given) - len(set(given))
    return Found(lost=missing, doubled=doubled)


def _mails(job: Job, keys: set[int]) -> Found:
    """Each decision's mail, once by its Message-ID. The minute in which a label may be undone is cut short."""
    decided = Decision.objects.filter(event__in=keys, transition__in=TOLD)
    wanted = {f"decision-{pk}" for pk in decided.values_list("pk", flat=True)}
    rows = OutboxMessage.objects.filter(dedupe_key__in=wanted)
    try:
        wait_until(lambda: _all_sent(rows))
    except AssertionError as late:
        left = rows.filter(sent_at=None).values("dedupe_key", "attempts", "not_before", "last_error")
        raise AssertionError(f"{late}: not sent at {timezone.now()}: {list(left)}") from late
    received = {message["Message-ID"] for message in job.site.mails.received}
    written = dict(rows.values_list("dedupe_key", "message_id"))
    got = [key for key, identity in written.items() if identity in received]
    return Found(len(wanted), len(got), len(wanted) - len(got), len(written) - len(set(written.values())))


def _all_sent(rows) -> bool:
    waiting = rows.filter(sent_at=None)
    waiting.filter(not_before__gt=timezone.now()).update(not_before=timezone.now())
    return not waiting.exists()


def _pages(job: Job) -> Found:
    statuses = [_ask(job, "GET", public_path(key), None, None)[0] for key in sorted(job.labelled)]
    shown = statuses.count(200)
    return Found(len(statuses), shown, len(statuses) - shown)
