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
    REFUND_RECORD = "refund.record"
    PURCHASE_RECORD = "purchase.record"
    PAYOUT_REQUEST = "payout.request"
    SUSPENSE_DECIDE = "suspense.decide"
    MANDATE_MANAGE = "mandate.manage"
    INTAKE_RUN = "intake.run"
    PRODUCT_PROPOSE = "product.propose"
    WAIVER_REQUEST = "waiver.request"
    PAUSE_DECIDE = "pause.decide"
    WRITE_OFF_REQUEST = "write_off.request"
    RESTRUCTURING_REQUEST = "restructuring.request"
    RESTRUCTURING_UNDO = "restructuring.undo"
    APPROVAL_READ = "approval.read"
    APPROVAL_DECIDE = "approval.decide"
    COMPLAINT_READ = "complaint.read"
    COMPLAINT_RECORD = "complaint.record"
    COMPLAINT_HANDLE = "complaint.handle"
    PLACEMENT_REQUEST = "placement.request"
    AGENCY_MANAGE = "agency.manage"
    STRATEGY_READ = "strategy.read"
    OUTREACH_READ = "outreach.read"
    CLOSE_READ = "close.read"
    AUTHORITY_PROPOSE = "authority.propose"
    EMERGENCY_TAKE = "emergency.take"
    CONTROL_WATCH = "control.watch"
    STAFF_READ = "staff.read"
    STAFF_MANAGE = "staff.manage"
    ERASURE_REQUEST = "erasure.request"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    AUDIT_EXPORT = "audit.export"
    AUDIT_COSIGN = "audit.cosign"
    API_READ = "api.read"


# Never an agency's: the trail tells of everybody.
OF_THE_TRAIL = frozenset(word for word in Permission if word.startswith("audit."))
