"""Accounts that nobody uses: a mail first, and a month later they are erased, unless somebody signs in.

Three years is what the CNIL advises for people who do not come back. Agents in post and the only owner of an
organization that has events are left: the State's record and the organization need them.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from organizers import erasure, notices
from organizers.models import OfficeMembership, User
from semaine.dates import day_words, today
from semaine.models import OutboxMessage

UNUSED = timedelta(days=3 * 365)
NOTICE = timedelta(days=30)
MAIL = "unused-account"


def warn(at: datetime) -> int:
    """Write to those whose account is about to be erased; return to how many. Twice is once."""
    people = _unused(at - UNUSED + NOTICE).filter(~_warned(at))
    for person in people:
        _tell(person, at)
    return len(people)


def due(at: datetime) -> QuerySet:
    """Return the accounts to be erased: unused for long, and warned a month ago."""
    return _unused(at - UNUSED).filter(_warned(at - NOTICE))


def erase(people: QuerySet, at: datetime) -> int:
    """Erase accounts as their own persons would; return how many went."""
    number = 0
    for person in people:
        try:
            erasure.erase(person, at=at)
            number += 1
        except erasure.StillNeeded:
            continue
    return number


def _unused(since: datetime) -> QuerySet:
    agents = OfficeMembership.objects.filter(user=OuterRef("pk"), is_active=True)
    people = User.objects.annotate(used_at=Coalesce("last_login", "date_joined"))
    erased = Q(email__startswith="compte-supprime-", is_active=False)
    return people.filter(~Exists(agents), ~erased, used_at__lte=since).order_by("pk")


def _warned(by: datetime) -> Exists:
    """The condition that a warning was written since the last use, at `by` at the latest."""
    key = Concat(Value(f"{MAIL}-"), Cast(OuterRef("pk"), CharField()), Value("-"))
    mails = OutboxMessage.objects.filter(dedupe_key__startswith=key, created_at__lte=by)
    return Exists(mails.filter(created_at__gt=OuterRef("used_at")))


def _tell(person: User, at: datetime) -> None:
    day = day_words(today(at + NOTICE), year=True)
    notices.write(
        person.email,
        "Votre compte va être supprimé",
        f"Personne ne s’est connecté à votre compte de la Semaine de l’industrie depuis presque trois ans. Il sera "
        f"supprimé après le {day}. Pour le garder, connectez-vous une fois avant ce jour. Les événements de votre "
        "organisation restent.",
        action="Me connecter",
        url=reverse("account_login"),
        why=f"Vous recevez ce message car vous avez un compte sur {settings.SITE_URL}.",
        key=f"{MAIL}-{person.pk}-{at:%Y%m%d}",
        at=at,
    )
