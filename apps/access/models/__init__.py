"""Staff, roles, the authority matrix and the requests decided under it."""

from apps.access.models.agencies import Agency
from apps.access.models.approvals import ApprovalComment, ApprovalDecision, ApprovalRequest
from apps.access.models.authority import AuthorityRule, AuthorityVersion
from apps.access.models.delegations import Delegation
from apps.access.models.emergencies import Emergency
from apps.access.models.exports import TrailExport
from apps.access.models.factors import Authenticator, RecoveryCode
from apps.access.models.identities import Identity
from apps.access.models.lockouts import Lockout
from apps.access.models.passkeys import Passkey
from apps.access.models.sessions import Session
from apps.access.models.staff import IncompatibleRoles, Role, RoleGrant, Team, User
from apps.access.models.tokens import ApiToken, ApiTokenUse

__all__ = [
    "Agency",
    "ApiToken",
    "ApiTokenUse",
    "ApprovalComment",
    "ApprovalDecision",
    "ApprovalRequest",
    "Authenticator",
    "AuthorityRule",
    "AuthorityVersion",
    "Delegation",
    "Emergency",
    "Identity",
    "IncompatibleRoles",
    "Lockout",
    "Passkey",
    "RecoveryCode",
    "Role",
    "RoleGrant",
    "Session",
    "Team",
    "TrailExport",
    "User",
]
