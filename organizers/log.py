"""The log of access: sign-ins of agents, their second factors, and every change of their rights.

Written by the verbs of `agents.py` in their own transaction, and by what allauth tells us (`access_hooks.py`). Nothing
changes or deletes a line, the database refuses it.
"""

from datetime import datetime

from organizers.enums import LogKind
from organizers.models import LogLine, Office, User


def write(
    kind: LogKind,
    *,
    at: datetime,
    by: User | None,
    person: User | None = None,
    office: Office | None = None,
    detail: str = "",
) -> None:
    """Add a line. `detail`: words of ours, such as the kind of a factor; nothing that a person typed."""
    LogLine.objects.create(kind=kind, at=at, by=by, person=person, office=office, detail=detail)


def concerns(person: User) -> bool:
    """Is this person an agent, or one who may be? The comings and goings of organizers are not kept."""
    return person.is_staff or person.office_memberships.exists()
