"""Two organizations that are one: a referent keeps one of them, and all that was the other's is its own."""

from datetime import datetime
from itertools import count as counting

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from events import permissions, twins
from events.enums import Source, Status
from events.imports.states import ImportState
from events.models import Event, EventImport
from events.organizations import rewrite
from events.transitions import WorkflowError
from organizers import absorbing
from organizers.membership import MembershipError
from organizers.models import Organization
from semaine.models import SiteRevision
from semaine.text import NBSP, count

SIREN = 9  # the digits of a SIRET that name the company, and not its establishment
RUNNING = [ImportState.RECEIVED, ImportState.QUEUED]
LONGEST_ID = 100


@transaction.atomic
def merge(gone: Organization, *, into: Organization, by, at: datetime) -> Organization:
    """Merge an organization into the one to keep, which is returned. Mails the owners of both.

    Its events, members, invitations, requests, imports and tokens move; its address leads to the other's. Where an
    identifier of a file names an event of both, that of the moved event gets a number. Its events bear the name that
    is kept, and the public pages are made anew. It is written in the history. Raises `WorkflowError`.
    """
    gone, kept = _locked(gone, into)
    if reason := why_not(gone, kept, by=by):
        raise WorkflowError(reason)
    words = _history(gone)
    renamed = _move_events(gone, kept)
    EventImport.objects.filter(organization=gone).update(organization=kept)
    absorbing.absorb(gone, into=kept, by=by, at=at, words=words, renamed=renamed)
    rewrite(kept, at)
    # Of one organization now, two events at the same hours may be one.
    twins.look_again(Event.objects.filter(organization=kept))
    if Event.objects.public().filter(organization=kept).exists():
        SiteRevision.objects.bump()
    return kept


def _locked(*organizations: Organization) -> list[Organization]:
    try:
        return absorbing.locked(*organizations)
    except MembershipError as error:
        raise WorkflowError(error.message) from None


def why_not(gone: Organization, kept: Organization, *, by) -> str:
    """Return the French reason why the two may not be merged; nothing when they may."""
    if gone.pk == kept.pk:
        return "Une organisation ne se regroupe pas avec elle-même : choisissez-en une autre."
    if not (answer := permissions.may_merge(by, gone, kept)):
        return answer.reason
    if gone.siret and kept.siret and gone.siret[:SIREN] != kept.siret[:SIREN]:
        return "Leurs SIRET sont ceux de deux entreprises différentes : elles restent deux organisations."
    if EventImport.objects.filter(organization__in=[gone, kept], state__in=RUNNING).exists():
        return "Un import de l’une des deux est en cours : recommencez quand il sera terminé."
    if _twice(gone, kept).filter(source=Source.API).exists():
        return (
            "Leurs logiciels donnent les mêmes identifiants à des événements différents, et l’un écraserait ceux de "
            "l’autre : demandez à l’une des deux d’en changer."
        )
    return ""


def what_moves(organization: Organization) -> list[str]:
    """Return what an organization has, in words: « 3 événements », « 2 membres »."""
    numbers = [
        (organization.events.count(), "événement", ""),
        (organization.memberships.count(), "membre", ""),
        (organization.invitations.waiting().count(), "invitation", ""),
        (
            organization.join_requests.waiting().count(),
            "demande pour la rejoindre",
            "demandes pour la rejoindre",
        ),
        (organization.imports.count(), "import", ""),
        (organization.api_tokens.standing().count(), "jeton", ""),
    ]
    return [count(*each) for each in numbers if each[0]]


def stages(organization: Organization) -> list[str]:
    """Return how many events it has in each status, as a referent reads them. One query."""
    rows = organization.events.order_by().values_list("status").annotate(Count("pk"))
    found = dict(rows)
    return [f"{each.referent_label}{NBSP}: {found[each]}" for each in Status if each in found]


def renamed_words(gone: Organization, kept: Organization) -> str:
    """Return what becomes of the identifiers that both use, when there are any."""
    number = _twice(gone, kept).count()
    if not number:
        return ""
    words = count(number, "identifiant de fichier sert", "identifiants de fichier servent")
    return (
        f"{words} aux deux{NBSP}: celui de l’événement qui change d’organisation reçoit un numéro, pour qu’un fichier "
        "renvoyé n’écrase pas l’autre."
    )


def _twice(gone: Organization, kept: Organization):
    """The events of one whose identifier also names an event of the other."""
    same = kept.events.filter(source=OuterRef("source"), external_id=OuterRef("external_id"))
    return gone.events.filter(Exists(same)).exclude(external_id="")


def _move_events(gone: Organization, kept: Organization) -> int:
    """Move all events; return how many of them had an identifier that was taken."""
    list(gone.events.select_for_update().order_by("pk").values_list("pk", flat=True))
    renamed = list(_twice(gone, kept).order_by("pk").only("source", "external_id"))
    taken = set(Event.objects.filter(organization__in=[gone, kept]).values_list("source", "external_id"))
    for event in renamed:
        event.external_id = _free(event, taken)
        taken.add((event.source, event.external_id))
    Event.objects.bulk_update(renamed, ["external_id"], batch_size=500)
    gone.events.update(organization=kept)
    return len(renamed)


def _free(event: Event, taken: set[tuple[str, str]]) -> str:
    """Return the identifier of an event with the first number that nobody has."""
    endings = (f"-{number}" for number in counting(2))
    names = (event.external_id[: LONGEST_ID - len(ending)] + ending for ending in endings)
    return next(name for name in names if (event.source, name) not in taken)


def _history(gone: Organization) -> str:
    siret = f", SIRET {gone.siret}" if gone.siret else ""
    moved = ", ".join(what_moves(gone))
    return f"« {gone} » ({gone.slug}{siret}) y est regroupée{NBSP}: {moved or 'elle n’avait rien'}."
