"""What the ledger's words are called on a screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.bills.domain.aging import FiveClass
from apps.bills.domain.debits import DebitStatus
from apps.bills.domain.intake import IntakeState
from apps.bills.domain.kinds import Bucket, Component, EntryKind, Mode, ReceiptStatus, ReversalReason
from apps.bills.domain.pauses import PauseReason
from apps.bills.domain.suspense import SuspenseStatus
from apps.core.registry import Word

Words = Mapping[str, Word]

COMPONENTS: Words = {
    Component.PRINCIPAL: Word(_("Principal")),
    Component.INSTALMENT_FEE: Word(_("Instalment fee")),
    Component.LATE_FEE: Word(_("Late fee")),
    Component.INTEREST: Word(_("Interest")),
    Component.COST: Word(_("Cost")),
    Component.CREDIT: Word(_("Credit balance")),
}
KINDS: Words = {
    EntryKind.CHARGE: Word(_("Charge")),
    EntryKind.PAYMENT: Word(_("Payment"), "good"),
    EntryKind.REFUND: Word(_("Refund"), "good"),
    EntryKind.WAIVER: Word(_("Waiver"), "info"),
    EntryKind.WRITE_OFF: Word(_("Write-off"), "bad"),
    EntryKind.RECOVERY: Word(_("Recovery"), "good"),
    EntryKind.REVERSAL: Word(_("Reversal"), "warning"),
    EntryKind.PAYOUT: Word(_("Payout"), "info"),
}
CAME_TO: Words = {
    EntryKind.CHARGE: Word(_("Charged")),
    EntryKind.PAYMENT: Word(_("Paid")),
    EntryKind.REFUND: Word(_("Refunds")),
    EntryKind.WAIVER: Word(_("Waived")),
    EntryKind.WRITE_OFF: Word(_("Written off")),
    EntryKind.RECOVERY: Word(_("Recovered")),
}
RECEIPTS: Words = {
    ReceiptStatus.BOOKED: Word(_("Booked"), "good"),
    ReceiptStatus.REVERSED: Word(_("Reversed"), "warning"),
}
SUSPENSE: Words = {
    SuspenseStatus.WAITING: Word(pgettext_lazy("money in suspense", "Waiting"), "warning"),
    SuspenseStatus.ASSIGNED: Word(_("Assigned"), "good"),
    SuspenseStatus.RETURNED: Word(_("Given back")),
}
DEBITS: Words = {
    DebitStatus.INSTRUCTED: Word(_("Instructed"), "info"),
    DebitStatus.PAID: Word(_("Paid"), "good"),
    DebitStatus.FAILED: Word(_("Failed"), "bad"),
    DebitStatus.WITHDRAWN: Word(_("Withdrawn")),
}
INTAKES: Words = {
    IntakeState.STAGING: Word(_("Reading"), "info"),
    IntakeState.TAKING: Word(_("Booking"), "info"),
    IntakeState.DONE: Word(_("Taken"), "good"),
    IntakeState.REFUSED: Word(_("Refused"), "bad"),
}
REVERSALS: Words = {
    ReversalReason.BOUNCED: Word(_("It bounced"), "bad"),
    ReversalReason.MISTAKE: Word(_("It was a mistake"), "warning"),
    ReversalReason.DUPLICATE: Word(_("It came twice"), "warning"),
}
TONES = dict(zip(Bucket, ("neutral", "info", *["warning"] * 2, *["bad"] * 4), strict=True))
BUCKETS: Words = {bucket: Word(bucket.value, tone) for bucket, tone in TONES.items()}
CLASSES: Words = {
    FiveClass.NORMAL: Word(_("Normal")),
    FiveClass.SPECIAL_MENTION: Word(_("Special mention"), "info"),
    FiveClass.SUBSTANDARD: Word(_("Substandard"), "warning"),
    FiveClass.DOUBTFUL: Word(_("Doubtful"), "bad"),
    FiveClass.LOSS: Word(_("Loss"), "bad"),
}
MODES: Words = {
    Mode.ORDER: Word(_("Per purchase")),
    Mode.STATEMENT: Word(_("Monthly statement")),
}
CHANNELS: Words = {
    "": Word(_("Not known")),
    "transfer": Word(_("Bank transfer")),
    "auto_debit": Word(_("Direct debit")),
    "app": Word(_("App")),
    "wechat_pay": Word(_("WeChat Pay")),
    "counter": Word(_("Counter")),
}
PAUSES: Words = {
    PauseReason.DISPUTE: Word(_("Dispute")),
    PauseReason.COMPLAINT: Word(_("Complaint")),
    PauseReason.HARDSHIP: Word(_("Hardship")),
    PauseReason.BREATHING_SPACE: Word(_("Breathing space")),
    PauseReason.BANKRUPTCY: Word(_("Bankruptcy")),
    PauseReason.DECEASED: Word(_("Deceased")),
    PauseReason.FRAUD_CLAIM: Word(_("Fraud claim")),
    PauseReason.DISASTER: Word(_("Disaster")),
    PauseReason.OTHER: Word(_("Other")),
}
FACTS: Words = {
    "bill": Word(_("Bill")),
    "customer": Word(_("Customer")),
    "open_principal": Word(_("Principal open")),
    "open_instalment_fee": Word(_("Instalment fee open")),
    "fees_only": Word(_("Fees only")),
    "write_off": Word(_("Write-off")),
    "written_off_date": Word(_("Written off on")),
    "still_out": Word(_("Still written off")),
    "credit_balance": Word(_("Credit balance")),
    "channel": Word(_("Channel")),
    "kind": Word(_("Kind")),
    "first_due_date": Word(_("First due date")),
    "instalments": Word(_("Instalments")),
    "shift_days": Word(_("Moved on by days")),
    "shift_months": Word(_("Moved on by months")),
    "monthly_fee_rate": Word(_("Instalment fee a month")),
}
WORDS: dict[str, Words] = {
    "component": COMPONENTS,
    "entry_kind": KINDS,
    "came_to": CAME_TO,
    "receipt": RECEIPTS,
    "suspense": SUSPENSE,
    "debit": DEBITS,
    "intake": INTAKES,
    "reversal_reason": REVERSALS,
    "bucket": BUCKETS,
    "five_class": CLASSES,
    "mode": MODES,
    "payment_channel": CHANNELS,
    "pause": PAUSES,
    "fact": FACTS,
}
