"""What may be done here, one word each."""

from enum import StrEnum


class Permission(StrEnum):
    """A single ability; roles are lists of these."""

    HOME_READ = "home.read"
    WORKLIST_READ = "worklist.read"
    CASE_READ = "case.read"
    CASE_WORK = "case.work"
    CASE_ASSIGN = "case.assign"
    CUSTOMER_READ = "customer.read"
    BILL_READ = "bill.read"
    REPAYMENT_RECORD = "repayment.record"
    REPAYMENT_REVERSE = "repayment.reverse"
    SUSPENSE_DECIDE = "suspense.decide"
    INTAKE_RUN = "intake.run"
    PRODUCT_PROPOSE = "product.propose"
    WAIVER_REQUEST = "waiver.request"
    PAUSE_DECIDE = "pause.decide"
    WRITE_OFF_REQUEST = "write_off.request"
    APPROVAL_READ = "approval.read"
    APPROVAL_DECIDE = "approval.decide"
    STRATEGY_READ = "strategy.read"
    OUTREACH_READ = "outreach.read"
    CLOSE_READ = "close.read"
    STAFF_READ = "staff.read"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    API_READ = "api.read"
