"""What the rules look at, and what they answer. Plain values: no database, no clock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from events.enums import AttendanceMode, Rule, Verdict


@dataclass(frozen=True)
class Place:
    """The commune of an event, and the names of what it lies in."""

    commune: str
    department: str
    department_code: str
    region: str
    postal_codes: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What the rules look at. Slots are aware (start, end) pairs; coordinates are degrees (WGS 84)."""

    title: str = ""
    summary: str = ""
    slots: tuple[tuple[datetime, datetime], ...] = ()
    timezone: str = "Europe/Paris"
    is_free: bool | None = None
    audiences: tuple[str, ...] = ()
    mode: AttendanceMode = AttendanceMode.ONSITE
    place: Place | None = None
    postal_code: str = ""
    postal_code_communes: tuple[str, ...] = ()
    typed_region: str = ""
    typed_department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_url: str = ""
    access_mode: str = ""
    reserved_to: str = ""
    registration_kind: str = ""
    registration_value: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    capacity: int | None = None
    expected_participants: int | None = None


@dataclass(frozen=True)
class Finding:
    """One rule's verdict. `message` is a French sentence; `field` names the form field that mends it."""

    rule: Rule
    verdict: Verdict
    message: str
    found: str = ""
    wanted: str = ""
    field: str = field(default="", compare=False)

    @property
    def rule_label(self) -> str:
        return self.rule.label

    @property
    def verdict_label(self) -> str:
        return self.verdict.label

    def as_json(self) -> dict:
        """Return what the log keeps: no contact data, for no message quotes any."""
        return {
            "rule": self.rule.value,
            "verdict": self.verdict.value,
            "message": self.message,
            "found": self.found,
            "wanted": self.wanted,
        }


def points_to_check(findings) -> list[str]:
    """Return the codes of the rules that a human is to look into, once each.

    Not the purpose, which is asked of every file.
    """
    doubtful = [each.rule for each in findings if each.verdict != Verdict.PASSED]
    return list(dict.fromkeys(rule.value for rule in doubtful if rule != Rule.PURPOSE))


class ByUrgency(NamedTuple):
    failed: list[Finding]
    open: list[Finding]
    passed: list[Finding]


def by_urgency(findings) -> ByUrgency:
    """Return the findings as people read them: what to mend, what a human must check, what holds."""
    findings = list(findings)
    order = (Verdict.FAILED, Verdict.NEEDS_REVIEW, Verdict.PASSED)
    return ByUrgency(*([each for each in findings if each.verdict == verdict] for verdict in order))
