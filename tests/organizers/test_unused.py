"""An account that nobody uses: a mail, a month, and it goes; whoever signs in keeps theirs."""

from datetime import timedelta

import pytest

from organizers import tasks, unused
from organizers.erasure import ERASED_NAME
from organizers.models import User
from semaine import retention
from semaine.models import Erasure, OutboxMessage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LAST = NOW - unused.UNUSED
SECOND = timedelta(seconds=1)
WHAT = "comptes inutilisés"


def person(last=LAST, **fields) -> User:
    made = factories.user(**fields)
    User.objects.filter(pk=made.pk).update(last_login=last, date_joined=LAST - timedelta(days=1))
    made.refresh_from_db()
    return made


def warned() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("recipient", flat=True))


def is_erased(who: User) -> bool:
    who.refresh_from_db()
    return who.name == ERASED_NAME


def test_unused_account_is_warned_a_month_before_and_once():
    who = person()
    assert [unused.warn(NOW - unused.NOTICE - SECOND), warned()] == [0, []]
    assert [unused.warn(NOW - unused.NOTICE), unused.warn(NOW - unused.NOTICE), unused.warn(NOW)] == [1, 0, 0]
    assert warned() == [who.email]
    mail = OutboxMessage.objects.get()
    assert "Il sera supprimé après le mercredi 1er octobre 2025." in mail.text.replace("\u00a0", " ")
    assert "/compte/connexion/" in mail.text


def test_account_goes_a_month_after_the_mail_and_not_before():
    who = person()
    unused.warn(NOW)  # late, as after a long stop
    retention.erase_expired(NOW + unused.NOTICE - SECOND)
    assert not is_erased(who)
    retention.erase_expired(NOW + unused.NOTICE)
    assert is_erased(who)
    assert list(Erasure.objects.filter(what=WHAT).values_list("number", flat=True)) == [1]
    later = NOW + 10 * unused.UNUSED
    assert [unused.warn(later), unused.due(later).count()] == [0, 0]


def test_nobody_goes_without_a_mail():
    who = person()
    retention.erase_expired(NOW + unused.NOTICE)
    assert not is_erased(who)


def test_who_signs_in_keeps_their_account_and_is_warned_again_years_later():
    who = person()
    unused.warn(NOW)
    User.objects.filter(pk=who.pk).update(last_login=NOW + SECOND)
    retention.erase_expired(NOW + unused.NOTICE)
    assert not is_erased(who)
    again = NOW + SECOND + unused.UNUSED
    assert unused.due(again + unused.NOTICE).count() == 0
    assert [unused.warn(again), unused.due(again + unused.NOTICE).count()] == [1, 1]


def test_who_never_signed_in_counts_from_their_sign_up():
    assert [person(last=None)] == list(unused._unused(LAST))


def test_agents_and_the_only_owner_of_an_organization_with_events_stay():
    agent, owner, colleague = factories.referent(), person(), person()
    User.objects.filter(pk=agent.pk).update(last_login=LAST)
    factories.submitted(owner)
    home = factories.organization(colleague)
    factories.member(home, role="owner")
    factories.member(home, role="owner")
    unused.warn(NOW)
    OutboxMessage.objects.exclude(recipient__in=[owner.email, colleague.email]).delete()
    retention.erase_expired(NOW + unused.NOTICE)
    assert [is_erased(each) for each in (agent, owner, colleague)] == [False, False, True]


def test_task_warns_those_of_now():
    person()
    tasks.warn_unused()
    assert len(warned()) == 1
