"""Two organizations that are one: what belongs to one of them goes to the other, which keeps its name and address.

The events come first: call `events.organization_merging.merge`, which opens the transaction.
"""

from datetime import datetime

from organizers import notices
from organizers.enums import JoinState, MembershipRole
from organizers.membership import MembershipError
from organizers.models import FormerOrganization, Organization, User
from semaine import history

GONE = "Une des deux organisations n’existe plus : elle vient d’être regroupée. Relisez la liste."
# What the one that stays takes from the other where it has nothing; the seat is taken as a whole.
OWN = ("siret", "website", "naf_rev2", "naf_2025")
SEAT = ("headquarters", "address", "postal_code")


def locked(*organizations: Organization) -> list[Organization]:
    """Return the rows, locked until the transaction ends, always in one order; nobody enters or leaves meanwhile."""
    pks = [each.pk for each in organizations]
    rows = Organization.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    found = {each.pk: each for each in rows}
    if len(found) < len(set(pks)):
        raise MembershipError(GONE)
    return [found[pk] for pk in pks]


def absorb(
    gone: Organization, *, into: Organization, by: User, at: datetime, words: str, renamed: int
) -> None:
    """Move the people, invitations, requests and tokens of a locked organization without events, and delete its row.

    Its address, number and SIRET lead to the other from now on. Written in the history with `words`, and mailed to
    the owners of both. `renamed`: how many identifiers of files were changed.
    """
    owners = _owners(into, gone)
    _move_members(gone, into)
    _move_invitations(gone, into, at)
    _move_requests(gone, into, by, at)
    gone.api_tokens.update(organization=into)
    gone.former.update(organization=into)
    known = {"number": gone.pk, "slug": gone.slug, "name": gone.name, "siret": gone.siret}
    former = FormerOrganization.objects.create(organization=into, by=by, at=at, **known)
    gone.delete()
    _complete(into, gone)
    history.write(into, words, by=by, at=at)
    notices.tell_merged(former, owners, renamed)


def _owners(*organizations: Organization) -> list[User]:
    """Return the owners of all, each once."""
    rows = User.objects.filter(
        memberships__organization__in=organizations, memberships__role=MembershipRole.OWNER, is_active=True
    )
    return list(rows.distinct().order_by("pk"))


def _move_members(gone: Organization, kept: Organization) -> None:
    """Whoever is in both has the greater of the two roles."""
    both = gone.memberships.filter(user__in=kept.members.all())
    owners = both.filter(role=MembershipRole.OWNER).values("user")
    kept.memberships.filter(user__in=owners).update(role=MembershipRole.OWNER)
    both.delete()
    gone.memberships.update(organization=kept)


def _move_invitations(gone: Organization, kept: Organization, at: datetime) -> None:
    """An address that both have invited keeps one invitation, with the greater of the two roles."""
    twice = gone.invitations.waiting().filter(email__in=kept.invitations.waiting().values("email"))
    owners = twice.filter(role=MembershipRole.OWNER).values_list("email", flat=True)
    kept.invitations.waiting().filter(email__in=list(owners)).update(role=MembershipRole.OWNER)
    twice.update(withdrawn_at=at)
    gone.invitations.update(organization=kept)


def _move_requests(gone: Organization, kept: Organization, by: User, at: datetime) -> None:
    """Who asked both asks once; who is a member now has their answer."""
    waiting = kept.join_requests.waiting()
    gone.join_requests.waiting().filter(user__in=waiting.values("user")).delete()
    gone.join_requests.update(organization=kept)
    kept.join_requests.waiting().filter(user__in=kept.members.all()).update(
        state=JoinState.ACCEPTED, answered_by=by, answered_at=at
    )


def _complete(kept: Organization, gone: Organization) -> None:
    """Fill in what the one that stays did not say; once the other's row is gone, for a SIRET is unique."""
    names = [name for name in OWN if not getattr(kept, name)] + list(
        SEAT if kept.headquarters_id is None else ()
    )
    for name in names:
        setattr(kept, name, getattr(gone, name))
    kept.save(update_fields=names)
