"""What allauth tells of second factors, for the log. Its signals are the only way it has to tell it."""

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
