"""What allauth tells of codes and second factors, for the log. Its signals are the only way it has to tell it.

It tells nothing of a key that it refuses: `key_forms` does.
"""

from allauth.account.signals import login_code_rejected
from allauth.mfa import signals
from django.dispatch import receiver
from django.utils import timezone

from organizers import log
from organizers.enums import LogKind


@receiver(signals.authenticator_added)
def factor_added(user, authenticator, **kwargs):
    _write(LogKind.FACTOR_ADDED, user, authenticator)


@receiver(signals.authenticator_removed)
def factor_removed(user, authenticator, **kwargs):
    _write(LogKind.FACTOR_REMOVED, user, authenticator)


@receiver(signals.authenticator_reset)
def codes_renewed(user, authenticator, **kwargs):
    _write(LogKind.FACTOR_ADDED, user, authenticator)


@receiver(signals.authenticator_used)
def factor_used(user, authenticator, **kwargs):
    _write(LogKind.FACTOR_USED, user, authenticator)


@receiver(signals.authentication_failed)
def factor_failed(user, authenticator, **kwargs):
    _write(LogKind.FACTOR_FAILED, user, authenticator, by=None)


@receiver(login_code_rejected)
def code_refused(user, **kwargs):
    if log.concerns(user):
        log.write(LogKind.SIGN_IN_FAILED, at=timezone.now(), by=None, person=user, detail="code par courriel")


KINDS = {"totp": "application", "webauthn": "clé d’accès", "recovery_codes": "codes de secours"}


def _write(kind, user, authenticator, **by):
    if log.concerns(user):
        log.write(
            kind,
            at=timezone.now(),
            person=user,
            detail=KINDS[authenticator.type],
            **{"by": user} | by,
        )
