"""The private contact of an event, when that person's account goes."""

from datetime import datetime

from django.db import transaction

from events.models import Event
from organizers import erasure
from organizers.models import Membership, User

NOBODY = {"contact_name": "", "contact_email": "", "contact_phone": ""}


@transaction.atomic
def erase_account(person: User, *, at: datetime) -> None:
    """Erase a person's account and what events say of them as their contact; raise StillNeeded like `erasure.erase`.

    The referent who has such an event to examine can write to an owner of its organization instead.
    """
    # Before the person's row, which a decision on one of them would wait for.
    rows = Event.objects.whose_contact_is(person).select_for_update(of=("self",)).order_by("pk")
    found = list(rows.values_list("pk", "organization"))
    waiting = set(Event.objects.waiting().filter(pk__in=[pk for pk, _ in found]).values_list("pk", flat=True))
    erasure.erase(person, at=at)
    for organization in {organization for pk, organization in found if pk in waiting}:
        theirs = [pk for pk, its in found if its == organization and pk in waiting]
        Event.objects.filter(pk__in=theirs).update(**_owner_of(organization))
    Event.objects.filter(pk__in=[pk for pk, _ in found if pk not in waiting]).update(**NOBODY)


def _owner_of(organization: int) -> dict:
    owners = Membership.objects.owners().filter(organization=organization).select_related("user")
    owner = owners.order_by("pk").first()
    return NOBODY | ({"contact_name": owner.user.name, "contact_email": owner.user.email} if owner else {})
