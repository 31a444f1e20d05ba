"""The shipped roles: lists of permissions, and the pairs that may not meet in one person."""

from enum import StrEnum

from apps.access.domain.permissions import Permission


class RoleCode(StrEnum):
    """The shipped set; an operator may add more as data."""

    AGENT = "agent"
    SENIOR_AGENT = "senior_agent"
    TEAM_LEAD = "team_lead"
    MANAGER = "manager"
    DIRECTOR = "director"
    COMPLIANCE = "compliance"
    AUDITOR = "auditor"
    RISK_ANALYST = "risk_analyst"
    TREASURY = "treasury"
    AGENCY_AGENT = "agency_agent"
    ADMINISTRATOR = "administrator"


READ_THE_BOOK = (
    Permission.HOME_READ,
    Permission.CUSTOMER_READ,
    Permission.BILL_READ,
    Permission.CASE_READ,
    Permission.API_READ,
)
COLLECT = (
    *READ_THE_BOOK,
    Permission.WORKLIST_READ,
    Permission.CASE_WORK,
    Permission.WAIVER_REQUEST,
    Permission.RESTRUCTURING_REQUEST,
    Permission.ARRANGEMENT_PROPOSE,
    Permission.COMPLAINT_RECORD,
    Permission.HOLD_PLACE,
    Permission.DISPUTE_RECORD,
    Permission.PERSONAL_REVEAL,
)
LEAD = (
    *COLLECT,
    Permission.CASE_ASSIGN,
    Permission.REPAYMENT_RECORD,
    Permission.MANDATE_MANAGE,
    Permission.PAUSE_DECIDE,
    Permission.WRITE_OFF_REQUEST,
    Permission.REFUND_RECORD,
    Permission.PURCHASE_RECORD,
    Permission.PAYOUT_REQUEST,
    Permission.EMERGENCY_TAKE,
    Permission.APPROVAL_READ,
    Permission.APPROVAL_DECIDE,
    Permission.STRATEGY_READ,
    Permission.OUTREACH_READ,
    Permission.COMPLAINT_READ,
    Permission.COMPLAINT_HANDLE,
    Permission.HOLD_DECIDE,
    Permission.DISPUTE_DECIDE,
)

SHIPPED: dict[RoleCode, tuple[Permission, ...]] = {
    RoleCode.AGENT: COLLECT,
    RoleCode.SENIOR_AGENT: COLLECT,
    RoleCode.TEAM_LEAD: (
        *LEAD,
        Permission.PLACEMENT_REQUEST,
        Permission.SUSPENSE_DECIDE,
        Permission.STAFF_READ,
        Permission.CLOSE_READ,
    ),
    RoleCode.MANAGER: (
        *LEAD,
        Permission.SUSPENSE_DECIDE,
        Permission.INTAKE_RUN,
        Permission.REPAYMENT_REVERSE,
        Permission.RESTRUCTURING_UNDO,
        Permission.PRODUCT_PROPOSE,
        Permission.STRATEGY_DRAFT,
        Permission.PLACEMENT_REQUEST,
        Permission.STAFF_READ,
        Permission.CLOSE_READ,
    ),
    RoleCode.DIRECTOR: (
        *READ_THE_BOOK,
        Permission.PLACEMENT_REQUEST,
        Permission.AGENCY_MANAGE,
        Permission.APPROVAL_READ,
        Permission.APPROVAL_DECIDE,
        Permission.STRATEGY_READ,
        Permission.OUTREACH_READ,
        Permission.STAFF_READ,
        Permission.AUTHORITY_PROPOSE,
        Permission.EMERGENCY_TAKE,
        Permission.CLOSE_READ,
        Permission.AUDIT_VERIFY,
        Permission.COMPLAINT_READ,
    ),
    RoleCode.COMPLIANCE: (
        *READ_THE_BOOK,
        Permission.APPROVAL_READ,
        Permission.APPROVAL_DECIDE,
        Permission.STRATEGY_READ,
        Permission.OUTREACH_READ,
        Permission.STAFF_READ,
        Permission.AUDIT_READ,
        Permission.AUDIT_VERIFY,
        Permission.ERASURE_REQUEST,
        Permission.CONTROL_WATCH,
        Permission.COMPLAINT_READ,
        Permission.COMPLAINT_RECORD,
        Permission.COMPLAINT_HANDLE,
        Permission.HOLD_PLACE,
        Permission.HOLD_DECIDE,
        Permission.DISPUTE_RECORD,
        Permission.DISPUTE_DECIDE,
        Permission.PERSONAL_REVEAL,
    ),
    RoleCode.AUDITOR: (
        *READ_THE_BOOK,
        Permission.APPROVAL_READ,
        Permission.STRATEGY_READ,
        Permission.OUTREACH_READ,
        Permission.STAFF_READ,
        Permission.CLOSE_READ,
        Permission.AUDIT_READ,
        Permission.AUDIT_VERIFY,
        Permission.AUDIT_EXPORT,
        Permission.AUDIT_COSIGN,
        Permission.CONTROL_WATCH,
        Permission.COMPLAINT_READ,
    ),
    RoleCode.RISK_ANALYST: (
        *READ_THE_BOOK,
        Permission.PRODUCT_PROPOSE,
        Permission.APPROVAL_READ,
        Permission.APPROVAL_DECIDE,
        Permission.STRATEGY_READ,
        Permission.STRATEGY_DRAFT,
        Permission.CLOSE_READ,
    ),
    RoleCode.TREASURY: (
        *READ_THE_BOOK,
        Permission.MANDATE_MANAGE,
        Permission.SUSPENSE_DECIDE,
        Permission.PERSONAL_REVEAL,
        Permission.INTAKE_RUN,
        Permission.CLOSE_READ,
        Permission.AUDIT_VERIFY,
    ),
    RoleCode.AGENCY_AGENT: (
        Permission.HOME_READ,
        Permission.WORKLIST_READ,
        Permission.CASE_READ,
        Permission.CUSTOMER_READ,
        Permission.BILL_READ,
        Permission.CASE_WORK,
        Permission.DISPUTE_RECORD,
        Permission.PERSONAL_REVEAL,
    ),
    RoleCode.ADMINISTRATOR: (
        Permission.HOME_READ,
        Permission.STAFF_READ,
        Permission.STAFF_MANAGE,
        Permission.CLOSE_READ,
    ),
}

INCOMPATIBLE: tuple[tuple[RoleCode, RoleCode], ...] = (
    (RoleCode.AUDITOR, RoleCode.AGENT),
    (RoleCode.AUDITOR, RoleCode.SENIOR_AGENT),
    (RoleCode.AUDITOR, RoleCode.TEAM_LEAD),
    (RoleCode.AUDITOR, RoleCode.MANAGER),
    (RoleCode.AUDITOR, RoleCode.DIRECTOR),
    (RoleCode.AUDITOR, RoleCode.ADMINISTRATOR),
    (RoleCode.ADMINISTRATOR, RoleCode.AGENT),
    (RoleCode.ADMINISTRATOR, RoleCode.MANAGER),
    (RoleCode.ADMINISTRATOR, RoleCode.DIRECTOR),
    (RoleCode.AGENCY_AGENT, RoleCode.AGENT),
    (RoleCode.AGENCY_AGENT, RoleCode.TEAM_LEAD),
    (RoleCode.AGENCY_AGENT, RoleCode.MANAGER),
    (RoleCode.RISK_ANALYST, RoleCode.DIRECTOR),
)
