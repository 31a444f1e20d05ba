"""Permissions and objections in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop

from apps.access.domain.permissions import Permission
from apps.access.queries import people

PERMISSIONS = {
    Permission.HOME_READ: noop("Open the home page"),
    Permission.WORKLIST_READ: noop("See the worklist"),
    Permission.CASE_READ: noop("Read cases"),
    Permission.CASE_WORK: noop("Work on cases"),
    Permission.CASE_ASSIGN: noop("Assign cases"),
    Permission.CUSTOMER_READ: noop("Read customers"),
    Permission.BILL_READ: noop("Read bills and the ledger"),
    Permission.REPAYMENT_RECORD: noop("Record repayments"),
    Permission.REPAYMENT_REVERSE: noop("Reverse repayments"),
    Permission.WAIVER_REQUEST: noop("Request waivers"),
    Permission.APPROVAL_READ: noop("Read approvals"),
    Permission.APPROVAL_DECIDE: noop("Decide approvals"),
    Permission.STRATEGY_READ: noop("Read strategies"),
    Permission.OUTREACH_READ: noop("Read outreach"),
    Permission.CLOSE_READ: noop("See the nightly close"),
    Permission.STAFF_READ: noop("See staff and roles"),
    Permission.AUDIT_READ: noop("Read the audit trail"),
    Permission.AUDIT_EXPORT: noop("Export the audit trail"),
    Permission.API_READ: noop("Use the API"),
}
ROLES = {
    "agent": noop("Agent"),
    "senior_agent": noop("Senior agent"),
    "team_lead": noop("Team lead"),
    "manager": noop("Manager"),
    "director": noop("Director"),
    "compliance": noop("Compliance"),
    "auditor": noop("Auditor"),
    "risk_analyst": noop("Risk analyst"),
    "treasury": noop("Treasury"),
    "agency_agent": noop("Agency agent"),
    "administrator": noop("Administrator"),
}
LIST_SEPARATOR = gettext_lazy(", ")


def permission(word: Permission) -> str:
    """What the permission allows, as it stands in a role's list."""
    return _(PERMISSIONS[word])


def role(code: str, name: str = "") -> str:
    """A shipped role in words; any other by the name it was given."""
    return _(ROLES[code]) if code in ROLES else name or code


def roles(codes: list[str]) -> str:
    """Several roles in words, each once."""
    return str(LIST_SEPARATOR).join(role(code) for code in dict.fromkeys(codes))


def why_not(missing: Permission) -> str:
    """The sentence for somebody who lacks a permission: which one, and who holds it."""
    holding = [role(found.code, found.name) for found in people.roles_with(missing)]
    if not holding:
        return _("You need the permission “%(permission)s”, which no role holds.") % {"permission": permission(missing)}
    return _("You need the permission “%(permission)s”, which these roles hold: %(roles)s.") % {
        "permission": permission(missing),
        "roles": str(LIST_SEPARATOR).join(holding),
    }
