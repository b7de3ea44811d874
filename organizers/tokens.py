"""The tokens of an organization's programs: made and revoked by its owners, known by their hash only."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from organizers import permissions
from organizers.membership import MembershipError, hashed
from organizers.models import ApiToken, Organization, User

# What shows in a leaked file whose it is.
PREFIX = "semaine_"
# Not each call writes its date.
EVERY = timedelta(minutes=1)


@transaction.atomic
def issue(organization: Organization, name: str, *, by: User, at: datetime) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is nowhere else. Raises MembershipError."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if not (answer := permissions.may_issue_token(by, organization)):
        raise MembershipError(answer.reason)
    secret = PREFIX + secrets.token_urlsafe(32)
    own = {"organization": organization, "name": name, "token_hash": hashed(secret)}
    return ApiToken.objects.create(**own, issued_by=by, issued_at=at), secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User, at: datetime) -> None:
    """Let a token open nothing any more; a second time changes nothing."""
    if not (answer := permissions.may_manage(by, token.organization)):
        raise MembershipError(answer.reason)
    ApiToken.objects.standing().filter(pk=token.pk).update(revoked_at=at, revoked_by=by)


def used(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the token of this secret and note that it serves; None when it opens nothing."""
    rows = ApiToken.objects.valid().select_related("organization__headquarters__department", "issued_by")
    token = rows.filter(token_hash=hashed(secret)).first()
    if token and (token.last_used_at is None or at - token.last_used_at >= EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
