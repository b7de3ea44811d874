"""The people: accounts, organizations, and the State's offices with their agents."""

from organizers.models.former import FormerOrganization
from organizers.models.joining import Invitation, JoinRequest, OfficeInvitation
from organizers.models.log import LogLine
from organizers.models.office import Office, OfficeMembership, Partner
from organizers.models.organization import Membership, Organization, validate_siret
from organizers.models.session import OpenSession
from organizers.models.token import ApiToken
from organizers.models.user import User, UserManager

__all__ = [
    "ApiToken",
    "FormerOrganization",
    "Invitation",
    "JoinRequest",
    "LogLine",
    "Membership",
    "Office",
    "OfficeInvitation",
    "OfficeMembership",
    "OpenSession",
    "Organization",
    "Partner",
    "User",
    "UserManager",
    "validate_siret",
]
