"""The shipped roles: lists of permissions, and the pairs that may not meet in one person."""

from enum import StrEnum

from apps.access.domain.permissions import Permission as P


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


READ_THE_BOOK = (P.HOME_READ, P.CUSTOMER_READ, P.BILL_READ, P.CASE_READ, P.API_READ)
COLLECT = (*READ_THE_BOOK, P.WORKLIST_READ, P.CASE_WORK, P.WAIVER_REQUEST)
LEAD = (
    *COLLECT,
    P.CASE_ASSIGN,
    P.REPAYMENT_RECORD,
    P.APPROVAL_READ,
    P.APPROVAL_DECIDE,
    P.STRATEGY_READ,
    P.OUTREACH_READ,
)

SHIPPED: dict[RoleCode, tuple[P, ...]] = {
    RoleCode.AGENT: COLLECT,
    RoleCode.SENIOR_AGENT: COLLECT,
    RoleCode.TEAM_LEAD: (*LEAD, P.STAFF_READ, P.CLOSE_READ),
    RoleCode.MANAGER: (*LEAD, P.REPAYMENT_REVERSE, P.STAFF_READ, P.CLOSE_READ),
    RoleCode.DIRECTOR: (
        *READ_THE_BOOK,
        P.APPROVAL_READ,
        P.APPROVAL_DECIDE,
        P.STRATEGY_READ,
        P.OUTREACH_READ,
        P.STAFF_READ,
        P.CLOSE_READ,
    ),
    RoleCode.COMPLIANCE: (
        *READ_THE_BOOK,
        P.APPROVAL_READ,
        P.STRATEGY_READ,
        P.OUTREACH_READ,
        P.STAFF_READ,
        P.AUDIT_READ,
    ),
    RoleCode.AUDITOR: (
        *READ_THE_BOOK,
        P.APPROVAL_READ,
        P.STRATEGY_READ,
        P.OUTREACH_READ,
        P.STAFF_READ,
        P.CLOSE_READ,
        P.AUDIT_READ,
        P.AUDIT_EXPORT,
    ),
    RoleCode.RISK_ANALYST: (*READ_THE_BOOK, P.APPROVAL_READ, P.APPROVAL_DECIDE, P.STRATEGY_READ, P.CLOSE_READ),
    RoleCode.TREASURY: (*READ_THE_BOOK, P.CLOSE_READ),
    RoleCode.AGENCY_AGENT: (P.HOME_READ, P.WORKLIST_READ, P.CASE_READ, P.CUSTOMER_READ, P.BILL_READ, P.CASE_WORK),
    RoleCode.ADMINISTRATOR: (P.HOME_READ, P.STAFF_READ, P.CLOSE_READ),
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
