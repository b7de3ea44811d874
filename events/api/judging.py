"""A submitted event judged: what it says, rule by rule, without writing anything."""

import copy
from collections import defaultdict
from dataclasses import dataclass

from events.contents import Slots, fill, slots_of
from events.eligibility import assess, failed
from events.facts import facts_of
from events.findings import Finding
from events.imports import columns, contents
from events.imports.columns import BY_KEY
from events.imports.openagenda import cells_of
from events.imports.reading import clean
from events.models import Event
from organizers.models import Organization
from semaine import communes
from semaine.models import Edition

# The JSON field that says what a column of a file or a field of the form says.
FIELD_OF = {
    "title": "title", "summary": "description", "description": "longDescription", "slots": "timings",
    "day": "timings", "start": "timings", "end": "timings", "other_slots": "timings",
    "attendance_mode": "attendanceMode", "venue": "location.name", "address": "location.address",
    "postal_code": "location.postalCode", "city": "location.city", "commune_code": "location.insee",
    "typed_department": "location.adminLevel2",
    "typed_region": "location.adminLevel1", "latitude": "location.latitude", "longitude": "location.longitude",
    "online_url": "onlineAccessLink", "is_free": "gratuit", "audience_codes": "publics",
    "sector_codes": "filieres", "topic_codes": "themes", "format_code": "type-devenement", "access_mode": "acces",
    "reserved_to": "reserve-a", "registration": "registration", "registration_kind": "registration",
    "capacity": "nombre-de-places", "age_min": "age.min", "age_max": "age.max",
    "accessibility_codes": "accessibility", "contact_name": "contact-nom", "contact_email": "contact-email",
    "contact_phone": "contact-telephone", "public_contact": "contact-public", "partners": "partenaires",
    "more_info_url": "page-a-consulter", "expected_participants": "participants-attendus",
}  # fmt: skip
_FIELD_OF_COLUMN = {column.name: FIELD_OF.get(key, key) for key, column in BY_KEY.items()}


@dataclass(frozen=True)
class Judgement:
    """`values` and `slots` are for `drafting`; `errors` by field: what cannot be read as it is written."""

    values: dict
    slots: Slots
    findings: tuple[Finding, ...]
    errors: dict[str, list[str]]
    is_same: bool = False

    @property
    def valid(self) -> bool:
        return not self.errors and not failed(self.findings)


def judge(body: dict, organization: Organization, edition: Edition, event: Event | None = None) -> Judgement:
    """Return what to think of an event of the right shape; `event`: the one that it corrects. Four queries or so."""
    cells = {key: clean(cell) for key, cell in cells_of(body).items() if key != "external_id"}
    parse = contents.parser(columns.choices(columns.lists()))
    said = contents.read(cells, parse, communes.resolve_coded, event)
    candidate = copy.copy(event) if event else Event(organization=organization, edition=edition)
    fill(candidate, said.values)
    slots = said.slots or []
    findings = assess(facts_of(candidate, slots, **said.typed), edition.label_window(candidate.department))
    errors = defaultdict(list)
    for remark in said.remarks:
        if remark.is_error:
            field = _FIELD_OF_COLUMN.get(remark.column, remark.column)
            errors[field].append(f"« {field} » : {remark.sentence[0].lower()}{remark.sentence[1:]}")
    return Judgement(said.values, slots, findings, dict(errors), _is_same(event, candidate, said, slots))


def _is_same(event: Event | None, candidate: Event, said, slots: Slots) -> bool:
    if event is None or slots_of(event) != sorted(slots):
        return False
    return all(getattr(candidate, name) == getattr(event, name) for name in said.values)


def told(finding: Finding) -> dict:
    return {
        "rule": finding.rule.value,
        "ruleLabel": finding.rule_label,
        "verdict": finding.verdict.value,
        "message": finding.message,
        "found": finding.found,
        "wanted": finding.wanted,
        "field": FIELD_OF.get(finding.field),
    }
