"""Thousands of events for one or many organizations, as parts that are imports like any other.

Each part is checked and written by what the worker of an upload does, under the same lock: should the command stop,
the worker finishes the part that it had begun. Nothing of one event stops the others.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from events.imports import jobs, queueing, streams
from events.imports.checking import check
from events.imports.contents import Remark
from events.imports.documents import Kind, kind_of
from events.imports.report import label_of
from events.imports.states import FileFormat, ImportState, LineOutcome, LineVerdict
from events.imports.writing import write
from events.models import EventImport, ImportLine
from organizers.enums import MembershipRole
from organizers.models import Membership, Organization, User
from semaine.models import Edition

PART_EVENTS, PART_BYTES = 2_000, 8_000_000
MOST_EVENT_BYTES = 1_000_000
NOT_IMPORTED = LineOutcome.REFUSED.label
NO_EVENT = "Ce n’est pas un événement : il faut un objet JSON."
TOO_DEEP = "Cet événement s’emboîte sans fin : corrigez-le dans votre agenda, puis exportez de nouveau."
GONE = "Cet événement est annulé ou retiré dans l’agenda : annulez-le aussi ici, s’il y est."
# The status of OpenAgenda.
CANCELLED = 6
TOO_LONG = "Cet événement pèse plus de 1 Mo : raccourcissez-le."


@dataclass(frozen=True)
class Asked:
    """What is done with the events.

    `field`: the name of what says whose an event is, « originAgenda.title »; `organization`: of the others, or of all.
    `author`: who imports, else a person responsible for each organization. `contact`: for events that give none.
    """

    edition: Edition
    file_name: str
    organization: Organization | None = None
    field: str = ""
    author: User | None = None
    contact: str = ""
    submits: bool = False
    replaces: bool = False
    only_checks: bool = False


class Told(NamedTuple):
    """What became of one event. `number`: its place in the file, from 1; `state`: in French."""

    number: int
    uid: str
    title: str
    state: str
    remarks: list[Remark]
    is_wrong: bool


class LeftOut(Exception):
    """An event that no import takes; the message is a French sentence."""


class Owner(NamedTuple):
    organization: Organization
    author: User


@dataclass
class Part:
    owner: Owner
    kind: Kind
    numbers: list[int] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, number: int, event: str) -> bool:
        """Take an event; return whether the part is full."""
        self.numbers.append(number)
        self.events.append(event)
        self.size += len(event.encode())
        return len(self.events) >= PART_EVENTS or self.size >= PART_BYTES

    @property
    def content(self) -> bytes:
        return f'{{"{self.kind.list}": [{",".join(self.events)}]}}'.encode()


def import_all(
    found: Iterable[tuple[str, object]], asked: Asked, at: datetime, tick: Callable[[int], None]
) -> Iterator[Told]:
    """Import (name of their list, event) pairs, and yield what became of each.

    `tick` is told how many more are checked, and then how many more are done.
    """
    parts: dict[int, Part] = {}
    owner_of, kind = cache(partial(_owner, asked)), None
    for number, (name, event) in enumerate(found, 1):
        try:
            text = _text(event, asked)
            owner = owner_of(_value(event, asked.field))
        except LeftOut as why:
            tick(1)
            yield _left_out(number, event, str(why))
            continue
        kind = kind or kind_of(name, event)
        part = parts.setdefault(owner.organization.pk, Part(owner, kind))
        if part.add(number, text):
            yield from _import(parts.pop(owner.organization.pk), asked, at, tick)
    for part in parts.values():
        yield from _import(part, asked, at, tick)


def _text(event, asked: Asked) -> str:
    """Return an event as it stands in the content of its part."""
    if event is streams.TOO_DEEP:
        raise LeftOut(TOO_DEEP)
    if not isinstance(event, dict):
        raise LeftOut(NO_EVENT)
    if event.get("removed") is True or event.get("status") == CANCELLED:
        raise LeftOut(GONE)
    # Numbers with decimals are read as they are written.
    text = json.dumps(_with_contact(event, asked), ensure_ascii=False, default=float)
    if len(text) > MOST_EVENT_BYTES:
        raise LeftOut(TOO_LONG)
    return text


def _left_out(number: int, event, why: str) -> Told:
    uid = event.get("uid") or event.get("id") if isinstance(event, dict) else ""
    uid = uid if isinstance(uid, str | int) else ""
    return Told(number, str(uid)[:100], "", NOT_IMPORTED, [Remark("", "", "", why)], is_wrong=True)


def _with_contact(event: dict, asked: Asked) -> dict:
    given = event.get("contact-email") or event.get("email-contact") or event.get("courriel")
    return event if given or not asked.contact else event | {"contact-email": asked.contact}


def _value(event: dict, path: str) -> str:
    """Return what an event says under « originAgenda.title »."""
    value = event if path else ""
    for name in filter(None, path.split(".")):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = value.get("fr") or value.get("label")
    return str(value).strip()[:200] if isinstance(value, str | int) else ""


def _owner(asked: Asked, name: str) -> Owner:
    """Return whose an event is, and who imports it."""
    organization = _named(name) if name else None
    organization = organization or asked.organization
    if organization is None:
        found = f"« {name} »" if name else "vide"
        raise LeftOut(
            f"« {asked.field} » : trouvé {found} ; attendu : le nom, l’identifiant d’adresse ou le SIRET d’une "
            "organisation inscrite. Inscrivez-la, ou donnez « --organization »."
        )
    members = Membership.objects.filter(organization=organization, user__is_active=True).select_related(
        "user"
    )
    wanted = {"user": asked.author} if asked.author else {"role": MembershipRole.OWNER}
    if member := members.filter(**wanted).order_by("pk").first():
        return Owner(organization, member.user)
    who = f"{asked.author} n’en est pas membre" if asked.author else "personne n’en est responsable"
    raise LeftOut(f"Organisation « {organization} » : {who}. Donnez avec « --by » le courriel d’un membre.")


def _named(name: str) -> Organization | None:
    named = Q(slug=name) | Q(siret=name) | Q(name__iexact=name)
    found = list(Organization.objects.filter(named).select_related("headquarters__department")[:2])
    return found[0] if len(found) == 1 else None


def _import(part: Part, asked: Asked, at: datetime, tick) -> Iterator[Told]:
    """Check a part, import it, and tell of its events in their order."""
    with ExitStack() as stack:
        # Its lock is taken before a worker can see it.
        with transaction.atomic():
            event_import = _received(part, asked, at)
            progress = stack.enter_context(jobs.claimed(event_import.pk))
        check(event_import, _both(progress, tick), at)
        if event_import.is_checked and not asked.only_checks:
            rows = EventImport.objects.filter(pk=event_import.pk)
            event_import.submits, event_import.replaces = asked.submits, asked.replaces
            rows.update(state=ImportState.QUEUED, done=0, submits=asked.submits, replaces=asked.replaces)
            write(event_import, _both(progress, tick), at)
    yield from _told(event_import, part)
    if asked.only_checks:
        queueing.forget(event_import)


def _received(part: Part, asked: Asked, at: datetime) -> EventImport:
    content = part.content
    return EventImport.objects.create(
        organization=part.owner.organization,
        edition=asked.edition,
        created_by=part.owner.author,
        created_at=at,
        queued_at=at,
        source=part.kind.source,
        format=FileFormat.JSON,
        file_name=asked.file_name[-100:],
        content=content,
        digest=sha256(content).hexdigest(),
    )


def _both(progress: jobs.Progress, tick) -> jobs.Progress:
    """Return what says how far a part is, to who looks at its page and to the command."""
    told = 0

    def say(done: int) -> None:
        nonlocal told
        progress(done)
        tick(done - told)
        told = done

    return say


def _told(event_import: EventImport, part: Part) -> Iterator[Told]:
    if event_import.is_refused:
        for number in part.numbers:
            yield _left_out(number, {}, event_import.refusal)
        return
    for line in event_import.lines.defer("cells").iterator(500):
        remarks = [Remark(**each) for each in line.remarks]
        number = part.numbers[line.number - 1]
        yield Told(number, line.external_id, line.title, label_of(line), remarks, _is_wrong(line))


def _is_wrong(line: ImportLine) -> bool:
    return line.outcome == LineOutcome.REFUSED or line.verdict == LineVerdict.ERROR
